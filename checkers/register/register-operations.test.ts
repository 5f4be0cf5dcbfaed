import assert from "node:assert/strict";
import { historyOf } from "../history-of.test-support.ts";
import { erase, read, swap, write } from "./deeds.test-support.ts";
import { isAnsweredRead, isRefusal, leftBehind, valueFound } from "./register-operations.ts";

describe("operations of a register", () => {
  // Values are numbered as they occur, so that each is its own id.
  const history = historyOf([
    write(1, 0, 1),
    write(2, 2, 3, { type: "info" }),
    write(3, 4, 5, { type: "fail" }),
    read(1, 6, 7),
    read(null, 8, 9),
    read(1, 10, 11, { type: "info" }),
    erase(12, 13),
    erase(14, 15, { type: "fail" }),
    swap(1, 2, 16, 17),
    swap(2, 3, 18, 19, { type: "info" }),
    swap(1, 3, 20, 21, { type: "fail" }),
    swap(1, 3, 22, 23, { type: "fail", error: "no quorum" }),
    { f: "add", value: 1, from: 24, to: 25 },
    swap(1, 3, 26, 27, { type: "info", error: "late" }),
    write(3, 28, 29, { type: "fail", error: "down" }),
    { f: "add", value: 1, from: 30, to: 31, type: "fail" },
    write(3, 32, null),
  ]);
  const rows = Array.from({ length: history.length }, (_, row) => row);

  it("leave a value behind, nothing for a delete, or the register as it was", () => {
    const left = rows.map((row) => leftBehind(history, row));
    assert.deepEqual(left, [1, 2, -1, -1, -1, -1, 0, -1, 2, 3, -1, -1, -1, 3, -1, -1, 3]);
  });

  it("tell what they found where they were answered", () => {
    const found = rows.map((row) => valueFound(history, row));
    assert.deepEqual(found, [-1, -1, -1, 1, 0, -1, -1, -1, 1, -1, -1, -1, -1, -1, -1, -1, -1]);
    assert.deepEqual(
      rows.filter((row) => isAnsweredRead(history, row)),
      [3, 4],
    );
  });

  it("are refused where a compare-and-set failed without an error", () => {
    assert.deepEqual(
      rows.filter((row) => isRefusal(history, row)),
      [10],
    );
  });
});
