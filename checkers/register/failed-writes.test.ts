import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { failedWrites } from "./failed-writes.ts";

const refused: Deed = { f: "write", value: 7, from: 0, to: 1, type: "info", error: "QuorumNotMet" };

describe("failed-writes", () => {
  it("names a write whose client was told of an error and that is read later", () => {
    const history = historyOf([refused, { f: "read", value: 7, from: 2, to: 3 }]);
    assert.deepEqual(check(failedWrites, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "failed write visible",
          says:
            "p1 read x=7 at 3.000 ms, though p0 had been told that its write failed (outcome unknown at " +
            "1.000 ms: QuorumNotMet)",
          evidence: [0, 2],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("is silent when the read began before the error, or the value was also written well", () => {
    const early = historyOf([
      { ...refused, to: 3 },
      { f: "read", value: 7, from: 1, to: 2 },
    ]);
    assert.deepEqual(check(failedWrites, early), { word: "valid", checked: 1 });
    const retried = historyOf([
      refused,
      { f: "write", value: 7, from: 2, to: 3 },
      { f: "read", value: 7, from: 4, to: 5 },
    ]);
    assert.equal(check(failedWrites, retried).word, "notChecked");
  });

  it("is not checked where no write was answered with an error", () => {
    const history = historyOf([
      { f: "write", value: 7, from: 0, to: null },
      { f: "read", value: 7, from: 1, to: 2 },
    ]);
    assert.deepEqual(check(failedWrites, history), {
      word: "notChecked",
      because: "no write was answered with an error",
    });
  });

  it("names the first read of each such value, and the first of its writes, whatever the error was", () => {
    const history = historyOf([
      { f: "write", value: 5, from: 0, to: 1 },
      { f: "write", value: 7, from: 2, to: 3, type: "fail" },
      { f: "write", value: 7, from: 4, to: 5, type: "info", error: "late" },
      { f: "write", value: 8, from: 6, to: 7, type: "info" },
      { f: "delete", from: 8, to: 9, type: "info", error: "late" },
      { f: "read", value: 5, from: 10, to: 11 },
      { f: "read", value: 7, from: 12, to: 13, type: "info" },
      { f: "read", value: 7, from: 14, to: 15 },
      { f: "read", value: 7, from: 16, to: 17 },
      { f: "read", value: 8, from: 18, to: 19 },
      { f: "read", value: null, from: 20, to: 21 },
    ]);
    assert.deepEqual(check(failedWrites, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "failed write visible",
          says:
            "p7 read x=7 at 15.000 ms, though p1 had been told that its write failed (refused at " +
            "3.000 ms)",
          evidence: [2, 14],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("takes an acknowledged write for no failed one, even beside a warning", () => {
    const history = historyOf([
      { f: "write", value: 7, from: 0, to: 1, error: "slow" },
      { ...refused, value: 8, from: 2, to: 3 },
      { f: "read", value: 7, from: 4, to: 5 },
    ]);
    assert.deepEqual(check(failedWrites, history), { word: "valid", checked: 1 });
  });

  it("judges no key that is no register", () => {
    const history = historyOf([refused, { f: "add", value: 7, from: 2, to: 3 }]);
    assert.deepEqual(check(failedWrites, history), {
      word: "notChecked",
      because: "x is no register: it has other operations",
    });
  });

  it("says what it is called, and what it assumes", () =>
    assert.deepEqual(
      [failedWrites.name, failedWrites.assumes],
      ["failed-writes", ["null is never written"]],
    ));
});
