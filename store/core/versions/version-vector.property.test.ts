import assert from "node:assert/strict";
import fc from "fast-check";
import { parseContext } from "./context-text.ts";
import type { VersionVector } from "./version.ts";
import type { VectorOrder } from "./version-vector.ts";
import {
  compareVectors,
  counterOf,
  hasEvent,
  includesAll,
  joinVectors,
  withEvent,
} from "./version-vector.ts";

const actors = ["A", "B", "C"];

/** Counters from 0, and actors left out: both mean no event. */
const vector: fc.Arbitrary<VersionVector> = fc
  .tuple(...actors.map(() => fc.option(fc.nat({ max: 3 }))))
  .map((counters) =>
    counters.flatMap((counter, place) =>
      counter === null ? [] : [{ node: actors[place] ?? "", incarnation: "", counter }],
    ),
  );

/** What a vector means: the set of its events. */
function eventsOf(given: VersionVector): ReadonlySet<string> {
  return new Set(
    given.flatMap(({ node, counter }) => Array.from({ length: counter }, (_, at) => `${node}${at + 1}`)),
  );
}

function orderOf(a: ReadonlySet<string>, b: ReadonlySet<string>): VectorOrder {
  const isPart = [...a].every((event) => b.has(event));
  const isWhole = [...b].every((event) => a.has(event));
  if (isPart) return isWhole ? "equal" : "before";
  return isWhole ? "after" : "concurrent";
}

function vectorOf(counters: Readonly<Record<string, number>>): VersionVector {
  return Object.entries(counters).map(([node, counter]) => ({ node, incarnation: "", counter }));
}

/** `HappensBefore` of S4, line by line: vectors are maps there. */
function happensBeforeAsPrinted(
  v1: Readonly<Record<string, number>>,
  v2: Readonly<Record<string, number>>,
): boolean {
  let isOneSmaller = false;
  for (const [node, count1] of Object.entries(v1)) {
    const count2 = v2[node];
    if (count2 === undefined || count1 > count2) return false;
    if (count1 < count2) isOneSmaller = true;
  }
  if (!isOneSmaller) for (const node of Object.keys(v2)) if (v1[node] === undefined) return true;
  return isOneSmaller;
}

describe("version vectors", () => {
  it("compare as the sets of their events do", () => {
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        assert.equal(compareVectors(a, b), orderOf(eventsOf(a), eventsOf(b)));
        assert.equal(
          includesAll(a, b),
          [...eventsOf(b)].every((event) => eventsOf(a).has(event)),
        );
      }),
    );
  });

  it("join to the union of their events, and to the first itself where the second adds none", () => {
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        const joined = joinVectors(a, b);
        assert.deepEqual(eventsOf(joined), new Set([...eventsOf(a), ...eventsOf(b)]));
        assert.equal(joined === a, includesAll(a, b));
        assert.deepEqual(
          joined.map(({ node }) => node),
          joined.map(({ node }) => node).sort(byText),
        );
      }),
    );
  });

  it("take zero for an actor that is not there, as S4's comparison does not (C18)", () => {
    assert.equal(compareVectors(vectorOf({}), vectorOf({ A: 0 })), "equal");
    assert.equal(happensBeforeAsPrinted({}, { A: 0 }), true);
    assert.equal(compareVectors(vectorOf({ A: 0, B: 1 }), vectorOf({ B: 2 })), "before");
    assert.equal(happensBeforeAsPrinted({ A: 0, B: 1 }, { B: 2 }), false);
    assert.equal(happensBeforeAsPrinted({ B: 2 }, { A: 0, B: 1 }), false);
  });

  it("tell the lives of a node apart", () => {
    const known = parseContext("n1#00aa:3,n1#00bb:1") ?? [];
    assert.equal(counterOf(known, "n1", "00aa"), 3);
    assert.equal(counterOf(known, "n1", "00cc"), 0);
    assert.ok(!hasEvent(known, { time: 2, node: "n1", incarnation: "00bb", sequence: 2 }));
    const next = withEvent(known, { time: 2, node: "n1", incarnation: "00bb", sequence: 2 });
    assert.deepEqual(next, parseContext("n1#00aa:3,n1#00bb:2"));
  });
});

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
