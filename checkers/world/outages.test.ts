import assert from "node:assert/strict";
import type { History } from "../../harness/history/history.ts";
import { Outages } from "./outages.ts";
import type { Happening } from "./world-history.test-support.ts";
import { worldHistory } from "./world-history.test-support.ts";

const places = ["n1", "n2", "n3"].flatMap((node, at): Happening[] =>
  ["s1", "s2"].map((site, other) => {
    const from = 4 * at + 2 * other;
    return { f: "read", node, site, from, to: from + 1 };
  }),
);
const history = (...faults: readonly (readonly [kind: string, ...where: string[]])[]): History =>
  worldHistory({}, [
    ...places,
    ...faults.map(([kind, ...where], at): Happening => ({ at: 20 + at, strike: at, kind, where })),
  ]);

describe("what a coordinator reaches", () => {
  it("is told apart by node and by site, however often it is asked", () => {
    const of = history(["pause", "n3"], ["cut", "s1→n1", "n2→n1"], ["cut", "n2→s2", "s2→n2"]);
    const outages = new Outages(of);
    outages.advance(100);
    const expected = [
      [-1, 0, "s1", true, ["n1", "n3"]],
      [-1, 1, "s2", true, ["n2", "n3"]],
      [0, -1, "n1", false, ["n2", "n3"]],
      [0, 0, "n1", false, ["n2", "n3"]],
      [0, 1, "n1", true, ["n2", "n3"]],
      [1, -1, "n2", false, ["n1", "n3"]],
      [1, 0, "n2", true, ["n1", "n3"]],
      [1, 1, "n2", false, ["n1", "n3"]],
      [2, -1, "n3", false, ["n3"]],
      [2, 0, "n3", false, ["n3"]],
      [2, 1, "n3", false, ["n3"]],
    ] as const;
    for (let turn = 0; turn < 2; turn += 1) {
      for (const [node, site, coordinator, isAsked, away] of expected) {
        assert.deepEqual(outages.reachOf(node, site), { coordinator, isAsked, away }, `${node} ${site}`);
      }
    }
    assert.equal(outages.reachOf(0, 0), outages.reachOf(0, 0));
  });

  it("follows the marks up to where it was brought, those included", () => {
    const of = history(["pause", "n3"], ["pause", "n2"]);
    const [first, second] = of.marks;
    const outages = new Outages(of);
    const away = (index: number): readonly string[] => {
      outages.advance(index);
      return outages.reachOf(0, 0).away;
    };
    assert.deepEqual(away((first?.index ?? 0) - 1), []);
    assert.deepEqual([...outages.active], []);
    assert.deepEqual(away(first?.index ?? 0), ["n3"]);
    assert.deepEqual(away(second?.index ?? 0), ["n2", "n3"]);
    assert.deepEqual(
      [...outages.active].map(({ fault }) => fault),
      [0, 1],
    );
  });

  it("names the faults that are there, and no longer those that were mended", () => {
    const of = worldHistory({}, [
      ...places,
      { at: 20, strike: 7, kind: "pause", where: ["n3"] },
      { at: 21, strike: 8, kind: "pause", where: ["n2"] },
      { at: 22, mend: 7 },
    ]);
    const outages = new Outages(of);
    outages.advance(100);
    assert.deepEqual(
      [...outages.active].map(({ fault }) => fault),
      [8],
    );
    assert.deepEqual(outages.reachOf(0, 0).away, ["n2"]);
  });

  it("is steady before the next strike, and where nothing else disturbs it", () => {
    const of = history(["pause", "n3"], ["loss", "n1→n2"]);
    const outages = new Outages(of);
    assert.deepEqual([outages.isSteadyUntil(19e6), outages.isSteadyUntil(20e6)], [true, false]);
    outages.advance(of.marks[0]?.index ?? 0);
    assert.deepEqual([outages.isSteadyUntil(20.9e6), outages.isSteadyUntil(21e6)], [true, false]);
    outages.advance(of.marks[1]?.index ?? 0);
    assert.equal(outages.isSteadyUntil(21.5e6), false);
    assert.equal(new Outages(worldHistory({}, places)).isSteadyUntil(1e18), true);
  });
});
