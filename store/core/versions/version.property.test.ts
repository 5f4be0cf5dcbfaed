import assert from "node:assert/strict";
import fc from "fast-check";
import { arrival } from "./arrival.ts";
import { lww } from "./lww.ts";
import { lwwByValue, lwwKeepingOwn } from "./lww-ties.ts";
import type { State, Version, Versioning } from "./version.ts";
import { compareVersions, nothing, only } from "./version.ts";
import { versionText } from "./version-text.ts";

function written(version: Version, value: string | null): State {
  return only({ version, value, deleted: value === null });
}

// Small ranges, so that ties in every field are common.
const version: fc.Arbitrary<Version> = fc.record(
  {
    time: fc.constantFrom(0, 1, 2, 1_800_000_000_000_000),
    node: fc.constantFrom("n1", "n10", "n2"),
    incarnation: fc.constantFrom("00", "0f", "f0"),
    sequence: fc.nat({ max: 2 }),
  },
  // Objects without a prototype are never deeply equal to those with one.
  { noNullPrototype: true },
);
const state: fc.Arbitrary<State> = fc.oneof(
  fc.constant(nothing),
  version.map((made: Version): State => written(made, JSON.stringify(made))),
);

describe("version order", () => {
  it("is total, antisymmetric and transitive", () => {
    fc.assert(
      fc.property(version, version, version, (a: Version, b: Version, c: Version) => {
        assert.equal(Math.sign(compareVersions(a, b)), 0 - Math.sign(compareVersions(b, a)));
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0);
      }),
    );
  });

  it("holds only a version equal to itself", () => {
    fc.assert(
      fc.property(version, version, (a: Version, b: Version) => {
        assert.equal(compareVersions(a, b) === 0, JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it("puts time before everything else", () => {
    const early: Version = { time: 1, node: "n9", incarnation: "ff", sequence: 9 };
    const late: Version = { time: 2, node: "n1", incarnation: "00", sequence: 1 };
    assert.ok(compareVersions(early, late) < 0);
  });

  it("is told in a text that pictures can cut at the number sign", () => {
    const text = versionText({ time: 1012, node: "n1", incarnation: "3f2a77aa00112233", sequence: 7 });
    assert.equal(text, "@1012 n1#3f2a.7");
  });
});

function mergesInAnyOrder(versioning: Versioning): void {
  fc.assert(
    fc.property(state, state, state, (a: State, b: State, c: State) => {
      const { merge } = versioning;
      assert.deepEqual(merge(a, b), merge(b, a));
      assert.deepEqual(merge(a, merge(b, c)), merge(merge(a, b), c));
      assert.equal(merge(a, a), a);
    }),
  );
}

function coversWhatItKeeps({ merge, covers }: Versioning): void {
  fc.assert(
    fc.property(state, state, (held: State, arriving: State) => {
      const merged = merge(held, arriving);
      assert.equal(merged === held, covers(held, arriving));
      assert.ok(covers(merged, held) && covers(merged, arriving));
    }),
  );
}

const tied = (node: string): Version => ({ time: 7, node, incarnation: "00", sequence: 1 });

describe("last write wins", () => {
  it("merges commutatively, associatively and idempotently", () => {
    mergesInAnyOrder(lww);
  });

  it("returns the held state itself exactly when it covers the other", () => {
    coversWhatItKeeps(lww);
  });
});

describe("last write wins as S4 prints it", () => {
  it("keeps its own on a tie, on either side, and sees no difference", () => {
    const [ours, theirs] = [written(tied("n1"), "a"), written(tied("n2"), "b")];
    assert.equal(lwwKeepingOwn.merge(ours, theirs), ours);
    assert.equal(lwwKeepingOwn.merge(theirs, ours), theirs);
    assert.ok(lwwKeepingOwn.covers(ours, theirs) && lwwKeepingOwn.covers(theirs, ours));
  });

  it("takes a later write, and keeps the held state exactly when it covers the other", () => {
    const later = written({ time: 8, node: "n1", incarnation: "00", sequence: 1 }, "b");
    assert.equal(lwwKeepingOwn.merge(written(tied("n2"), "a"), later), later);
    coversWhatItKeeps(lwwKeepingOwn);
  });
});

describe("last write wins with ties broken by value", () => {
  it("merges commutatively, associatively and idempotently", () => {
    mergesInAnyOrder(lwwByValue);
  });

  it("returns the held state itself exactly when it covers the other", () => {
    coversWhatItKeeps(lwwByValue);
  });

  it("takes the greater value of one tick whoever wrote it, and a tombstone before any value", () => {
    const [greater, smaller] = [written(tied("n1"), "b"), written(tied("n2"), "a")];
    const tombstone = written(tied("n0"), null);
    assert.equal(lwwByValue.merge(smaller, greater), greater);
    assert.equal(lwwByValue.merge(greater, smaller), greater);
    assert.equal(lwwByValue.merge(greater, tombstone), tombstone);
    assert.equal(lwwByValue.merge(tombstone, greater), tombstone);
  });

  it("sees a difference in a digest, which has no values", () => {
    const digest = only({ version: tied("n2"), value: null, deleted: false });
    assert.ok(!lwwByValue.covers(written(tied("n1"), "b"), digest));
    assert.ok(!lwwByValue.covers(digest, written(tied("n1"), "b")));
    assert.ok(lwwByValue.covers(written(tied("n2"), "a"), digest));
  });
});

describe("arrival", () => {
  it("keeps what comes last, and knows what comes twice", () => {
    const at = (time: number): State => written({ time, node: "n1", incarnation: "00", sequence: 1 }, "a");
    const first = at(2);
    const second = at(1);
    assert.equal(arrival.merge(first, second), second);
    assert.equal(arrival.merge(first, at(2)), first);
    assert.equal(arrival.merge(first, nothing), first);
  });
});
