import assert from "node:assert/strict";
import { allOf, placementOf, placementOfBoth } from "./placement.ts";

const place = (...ids: readonly string[]): ReturnType<typeof placementOf> =>
  placementOf(ids.map((id) => ({ id, dc: `d${id}` })));

describe("placements", () => {
  it("have one set of owners while nothing changes", () => {
    assert.deepEqual(place("a", "b", "c"), {
      nodes: ["a", "b", "c"],
      dcs: ["da", "db", "dc"],
      current: 0b111,
      next: 0,
      read: 0b111,
    });
  });

  it("have two while owners change: one list of nodes, in which those who stay are once", () => {
    const both = {
      nodes: ["a", "b", "c", "d"],
      dcs: ["da", "db", "dc", "dd"],
      current: 0b0111,
      next: 0b1101,
    };
    const before = place("a", "b", "c");
    const after = place("d", "a", "c");
    assert.deepEqual(placementOfBoth(before, after, false), { ...both, read: 0b0111 });
    assert.deepEqual(placementOfBoth(before, after, true), { ...both, read: 0b1101 });
  });

  it("have two that are the same where a key stays where it is", () => {
    const before = place("a", "b");
    assert.deepEqual(placementOfBoth(before, place("b", "a"), true), {
      nodes: ["a", "b"],
      dcs: ["da", "db"],
      current: 0b11,
      next: 0b11,
      read: 0b11,
    });
  });

  it("hold twice as many as a keyspace may have", () => {
    const ids = Array.from({ length: 30 }, (_, index) => `n${index}`);
    const { nodes, next } = placementOfBoth(place(...ids.slice(0, 15)), place(...ids.slice(15)), true);
    assert.deepEqual(nodes, ids);
    assert.equal(next, allOf(30) - allOf(15));
  });
});
