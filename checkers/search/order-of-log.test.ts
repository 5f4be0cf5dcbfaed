import assert from "node:assert/strict";
import { orderOfLog } from "./order-of-log.ts";

const orderOf = (...log: readonly (readonly [operation: number, before: number])[]): number[] => [
  ...orderOfLog(Int32Array.from([77, -1, ...log.flat(), 88]), 2, log.length),
];

describe("order of a log", () => {
  it("is the log's own where nothing was put in later", () => {
    assert.deepEqual(orderOf(), []);
    assert.deepEqual(orderOf([3, -1], [1, -1], [2, -1]), [3, 1, 2]);
  });

  it("has what was put in later before the entry that is named, in the order in which it was", () => {
    assert.deepEqual(orderOf([3, -1], [1, 0]), [1, 3]);
    assert.deepEqual(orderOf([3, 2], [1, 1]), [1, 3]);
    assert.deepEqual(orderOf([3, -1], [1, -1], [5, 1], [6, 0], [2, -1], [4, 1]), [6, 3, 5, 4, 1, 2]);
  });

  it("has at the end what belongs after all entries", () => {
    assert.deepEqual(orderOf([3, -1], [1, 2]), [3, 1]);
    assert.deepEqual(orderOf([3, -1], [1, 1], [4, -1]), [3, 1, 4]);
  });
});
