import assert from "node:assert/strict";
import fc from "fast-check";
import { coversDotted, mergeDotted } from "./dotted.ts";
import { siblingVectors } from "./sibling-vectors.ts";
import { siblings } from "./siblings.ts";
import type { Entry, State, Versioning, VersionVector } from "./version.ts";
import { nothing } from "./version.ts";
import { hasEvent } from "./version-vector.ts";

const actors = ["A", "B", "C"];
const mostEvents = 3;

/** Of an event of another actor, in the order in which knowledge grows. */
const Known = { nothing: 0, live: 1, gone: 2 } as const;

function entryOf(node: string, counter: number): Entry {
  const version = { time: counter, node, incarnation: "00", sequence: counter };
  return { version, value: `"${node}${counter}"`, deleted: false };
}

/** A state of which any event that the context covers is live or gone. */
const state: fc.Arbitrary<State> = fc
  .tuple(...actors.map(() => fc.array(fc.boolean(), { maxLength: mostEvents })))
  .map((lives): State => {
    const entries = lives.flatMap((events, place) =>
      events.flatMap((isLive, at) => (isLive ? [entryOf(actors[place] ?? "", at + 1)] : [])),
    );
    const context = lives.flatMap(({ length: counter }, place) =>
      counter === 0 ? [] : [{ node: actors[place] ?? "", incarnation: "00", counter }],
    );
    return { entries, context };
  });

/** The definition: what is known of every event. */
function knowledge({ entries, context }: State): readonly number[] {
  return actors.flatMap((node) =>
    Array.from({ length: mostEvents }, (_, at) => {
      const { version } = entryOf(node, at + 1);
      if (entries.some((entry) => entry.value === entryOf(node, at + 1).value)) return Known.live;
      return hasEvent(context, version) ? Known.gone : Known.nothing;
    }),
  );
}

function digestOf({ entries, context }: State): State {
  return { entries: entries.map(({ version }) => ({ version, value: null, deleted: false })), context };
}

describe("the dotted kernel", () => {
  it("knows of each event the better of what both know", () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        const [left, right] = [knowledge(a), knowledge(b)];
        const better = left.map((known, event) => Math.max(known, right[event] ?? 0));
        assert.deepEqual(knowledge(mergeDotted(a, b)), better);
      }),
    );
  });

  it("merges commutatively, associatively and idempotently", () => {
    fc.assert(
      fc.property(state, state, state, (a, b, c) => {
        assert.deepEqual(mergeDotted(a, b), mergeDotted(b, a));
        assert.deepEqual(mergeDotted(a, mergeDotted(b, c)), mergeDotted(mergeDotted(a, b), c));
        assert.equal(mergeDotted(a, a), a);
        assert.deepEqual(mergeDotted(nothing, a), a);
      }),
    );
  });

  it("merges into the least that covers both", () => {
    fc.assert(
      fc.property(state, state, state, (a, b, c) => {
        const merged = mergeDotted(a, b);
        assert.ok(coversDotted(merged, a) && coversDotted(merged, b));
        const both = mergeDotted(merged, c);
        assert.ok(coversDotted(both, a) && coversDotted(both, b) && coversDotted(both, merged));
        if (coversDotted(c, a) && coversDotted(c, b)) assert.ok(coversDotted(c, merged));
      }),
    );
  });

  it("returns the held state itself exactly when it covers the other, or the other's digest", () => {
    fc.assert(
      fc.property(state, state, (held, arriving) => {
        const isSame = mergeDotted(held, arriving) === held;
        assert.equal(coversDotted(held, arriving), isSame);
        assert.equal(coversDotted(held, digestOf(arriving)), isSame);
        assert.equal(coversDotted(digestOf(held), arriving), isSame);
      }),
    );
  });

  it("covers a lone new sibling with what it keeps, and so what the sibling's actor did before", () => {
    const lone: State = { entries: [entryOf("A", 2)], context: [] };
    const merged = mergeDotted(nothing, lone);
    assert.deepEqual(merged.context, [{ node: "A", incarnation: "00", counter: 2 }]);
    assert.ok(coversDotted(merged, lone));
    const earlier: State = { entries: [entryOf("A", 1)], context: contextOf("A", 1) };
    assert.equal(mergeDotted(merged, earlier), merged);
  });
});

function contextOf(node: string, counter: number): VersionVector {
  return [{ node, incarnation: "00", counter }];
}

describe("siblings", () => {
  const one: State = { entries: [entryOf("A", 1)], context: contextOf("A", 1) };
  const other: State = { entries: [entryOf("A", 2)], context: contextOf("A", 2) };

  const both = (versioning: Versioning): readonly string[] =>
    versioning.show(
      versioning.merge(one, { ...one, entries: [...one.entries, ...other.entries], context: other.context }),
    );

  it("with dots show each live value, in the same order everywhere", () => {
    assert.deepEqual(both(siblings), ['"A1"', '"A2"']);
    const apart: State = { entries: [entryOf("B", 1)], context: contextOf("B", 1) };
    assert.deepEqual(siblings.show(siblings.merge(apart, one)), ['"A1"', '"B1"']);
    assert.deepEqual(siblings.show(siblings.merge(one, apart)), ['"A1"', '"B1"']);
  });

  it("under plain vectors let {A:2} stand for {A:1}, though its writer never saw it (C8b)", () => {
    assert.equal(siblingVectors.merge(one, other), other);
    assert.equal(siblingVectors.merge(other, one), other);
    const apart: State = { entries: [entryOf("B", 1)], context: contextOf("B", 1) };
    assert.deepEqual(siblingVectors.show(siblingVectors.merge(one, apart)), ['"A1"', '"B1"']);
  });

  it("under plain vectors keep the held state exactly when it covers the other", () => {
    fc.assert(
      fc.property(state, state, (held, arriving) => {
        const isSame = siblingVectors.merge(held, arriving) === held;
        assert.equal(siblingVectors.covers(held, arriving), isSame);
        assert.equal(siblingVectors.covers(held, digestOf(arriving)), isSame);
      }),
    );
  });
});
