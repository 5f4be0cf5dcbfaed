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
});
