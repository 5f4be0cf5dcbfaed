import assert from "node:assert/strict";
import { readsBesideWrites, readsBesideWritesAt } from "./counts.ts";
import { historyOf } from "./history-of.test-support.ts";

describe("reads beside writes", () => {
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
    { f: "read", value: 9, from: 18, to: 21, key: "y" },
    { f: "write", value: 9, from: 19, to: 20, key: "y" },
  ]);

  it("counts answered reads that overlap a write or delete of their key", () =>
    assert.equal(readsBesideWrites(history), 3));

  it("counts them key by key", () => {
    assert.deepEqual(history.keys, [
      { keyspace: "", key: "x" },
      { keyspace: "", key: "y" },
    ]);
    assert.deepEqual([readsBesideWritesAt(history, 0), readsBesideWritesAt(history, 1)], [2, 1]);
  });

  it("counts nothing where nothing was written", () =>
    assert.equal(
      readsBesideWrites(
        historyOf([
          { f: "read", value: null, from: 0, to: 3 },
          { f: "read", value: null, from: 1, to: 2 },
        ]),
      ),
      0,
    ));

  it("counts a read that ran beside a long write, though a short one ended before it", () =>
    assert.equal(
      readsBesideWrites(
        historyOf([
          { f: "write", value: 1, from: 0, to: 9 },
          { f: "write", value: 2, from: 1, to: 2 },
          { f: "read", value: 2, from: 3, to: 4 },
        ]),
      ),
      1,
    ));

  it("does not count reads after a write was given up", () =>
    assert.equal(
      readsBesideWrites(
        historyOf([
          { f: "write", value: 1, from: 0, to: 1, type: "info" },
          { f: "read", value: 1, from: 2, to: 3 },
        ]),
      ),
      0,
    ));

  it("does not count writes that surely had no effect", () =>
    assert.equal(
      readsBesideWrites(
        historyOf([
          { f: "write", value: 1, from: 0, to: 3, type: "fail" },
          { f: "read", value: null, from: 1, to: 2 },
        ]),
      ),
      0,
    ));
});
