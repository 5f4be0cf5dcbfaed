import assert from "node:assert/strict";
import { readsBesideWrites } from "./counts.ts";
import { historyOf } from "./history-of.test-support.ts";

describe("reads beside writes", () => {
  it("counts answered reads that overlap a write or delete of their key", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 3 },
      { f: "read", value: 1, from: 1, to: 2 },
      { f: "read", value: 1, from: 4, to: 6 },
      { f: "delete", from: 5, to: 7 },
      { f: "read", value: null, from: 8, to: 9 },
      { f: "read", value: null, from: 10, to: 13, key: "y" },
      { f: "write", value: 2, from: 11, to: 12 },
      { f: "read", value: null, from: 14, to: 16, type: "info" },
      { f: "write", value: 3, from: 15, to: 17 },
    ]);
    assert.equal(readsBesideWrites(history), 2);
  });

  it("does not count reads after a write was given up", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1, type: "info" },
      { f: "read", value: 1, from: 2, to: 3 },
    ]);
    assert.equal(readsBesideWrites(history), 0);
  });
});
