import assert from "node:assert/strict";
import { policiesOf } from "../defects.ts";
import { parseKeyspaces } from "../options/parse-keyspaces.ts";
import type { Placement } from "../placement.ts";
import { placementOf, placementOfBoth } from "../placement.ts";
import type { ClientRequest } from "../request.ts";
import { consistencyLevels, isConsistencyLevel, needsOfLevel } from "./consistency-level.ts";
import { readNeeds, unionOf, writeNeeds } from "./needs.ts";
import type { Need } from "./quorum.ts";

/** Nodes named by letters, with a data centre each. */
const at = (...nodes: readonly (readonly [id: string, dc: string])[]): Placement =>
  placementOf(nodes.map(([id, dc]) => ({ id, dc })));
const twoCentres = at(["a", "d1"], ["b", "d2"], ["c", "d1"], ["d", "d2"], ["e", "d1"], ["f", "d2"]);

/** A need in letters: how many of which nodes. */
function told(placement: Placement, needs: readonly Need[]): readonly string[] {
  return needs.map(
    ({ among, count }) =>
      `${count} of ${placement.nodes.filter((_, place) => (among & (1 << place)) !== 0).join("")}`,
  );
}

describe("consistency levels", () => {
  it("name how many replicas, and which", () => {
    const needs = consistencyLevels.map((level) => [
      level,
      told(twoCentres, needsOfLevel(level, 0b111111, twoCentres, "d1")),
    ]);
    assert.deepEqual(needs, [
      ["ONE", ["1 of abcdef"]],
      ["TWO", ["2 of abcdef"]],
      ["QUORUM", ["4 of abcdef"]],
      ["ALL", ["6 of abcdef"]],
      ["LOCAL_ONE", ["1 of ace"]],
      ["LOCAL_QUORUM", ["2 of ace"]],
      ["EACH_QUORUM", ["2 of ace", "2 of bdf"]],
    ]);
  });

  it("take majorities of centres of different sizes, and none of a centre without replicas", () => {
    const placement = at(["a", "d1"], ["b", "d2"], ["c", "d2"], ["d", "d2"], ["e", "d2"]);
    assert.deepEqual(told(placement, needsOfLevel("EACH_QUORUM", 0b11111, placement, "d3")), [
      "1 of a",
      "3 of bcde",
    ]);
    assert.deepEqual(told(placement, needsOfLevel("EACH_QUORUM", 0b00001, placement, "d3")), ["1 of a"]);
  });

  it("cannot be met where there are no local replicas", () => {
    for (const level of ["LOCAL_ONE", "LOCAL_QUORUM"] as const) {
      assert.deepEqual(needsOfLevel(level, 0b111111, twoCentres, "d3"), [{ among: 0, count: 1 }]);
    }
  });

  it("are known by their names alone", () => {
    assert.ok(consistencyLevels.every(isConsistencyLevel));
    assert.ok(!["quorum", "THREE", ""].some(isConsistencyLevel));
  });
});

describe("needs", () => {
  /** Owners a, b, c hand over to b, c, d. */
  const before = at(["a", "d1"], ["b", "d2"], ["c", "d1"]);
  const after = at(["b", "d2"], ["c", "d1"], ["d", "d2"]);

  const needsIn = (
    placement: Placement,
    settings: object,
    given: Partial<ClientRequest>,
    defect?: string,
  ): readonly [readonly string[], readonly string[]] => {
    const [keyspace] = parseKeyspaces([{ name: "k", ...settings }]);
    assert.ok(keyspace);
    const policies = policiesOf(defect);
    const request: ClientRequest = {
      requestId: "1",
      keyspace: "k",
      key: "x",
      f: "get",
      value: null,
      timeoutUs: 1,
      cause: 1,
      ...given,
    };
    const placed = { context: { dc: "d1", policies }, space: { keyspace }, placement, request };
    return [
      told(placement, writeNeeds(placed, policies.writeAcksNeeded)),
      told(placement, readNeeds(placed, policies.readAnswersNeeded)),
    ];
  };

  it("are w and r of the owners, the request's before the keyspace's, and a level's before both", () => {
    assert.deepEqual(needsIn(before, { w: 3, r: 1 }, {}), [["3 of abc"], ["1 of abc"]]);
    assert.deepEqual(needsIn(before, { w: 3, r: 1 }, { w: 1, r: 2 }), [["1 of abc"], ["2 of abc"]]);
    assert.deepEqual(needsIn(before, {}, { w: 1, r: 1, consistency: "ALL" }), [["3 of abc"], ["3 of abc"]]);
    assert.deepEqual(needsIn(before, {}, { consistency: "LOCAL_QUORUM" }), [["2 of ac"], ["2 of ac"]]);
  });

  it("are met by old and by new owners while these change, and reads ask one of the two", () => {
    const old = placementOfBoth(before, after, false);
    const next = placementOfBoth(before, after, true);
    assert.deepEqual(needsIn(old, {}, {}), [["2 of abc", "2 of bcd"], ["2 of abc"]]);
    assert.deepEqual(needsIn(next, {}, {}), [["2 of abc", "2 of bcd"], ["2 of bcd"]]);
    assert.deepEqual(needsIn(old, {}, { consistency: "LOCAL_ONE" }), [["1 of ac", "1 of c"], ["1 of ac"]]);
    assert.deepEqual(needsIn(next, {}, { consistency: "EACH_QUORUM" }), [
      ["2 of ac", "1 of b", "1 of c", "2 of bd"],
      ["1 of c", "2 of bd"],
    ]);
  });

  it("count old and new owners together where a keyspace takes that shortcut", () => {
    const old = placementOfBoth(before, after, false);
    assert.deepEqual(needsIn(old, { ring: "pending-union" }, {})[0], ["2 of abcd"]);
  });

  it("are lowered by defects, of levels too", () => {
    const defect = "write-acked-at-w-minus-1";
    assert.deepEqual(needsIn(before, { w: 3 }, {}, defect)[0], ["2 of abc"]);
    assert.deepEqual(needsIn(before, {}, { consistency: "ALL" }, defect)[0], ["2 of abc"]);
  });

  it("are asked of everybody who is in any of them", () => {
    assert.equal(
      unionOf([
        { among: 0b0011, count: 1 },
        { among: 0b0110, count: 1 },
      ]),
      0b0111,
    );
    assert.equal(unionOf([]), 0);
  });
});
