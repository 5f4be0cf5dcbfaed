import assert from "node:assert/strict";
import type { Checker } from "../harness/contracts/checker.ts";
import { check } from "../harness/contracts/checker.ts";
import { HistoryRecorder } from "../harness/history/recorder.ts";
import { historyOf } from "./history-of.test-support.ts";
import { checkerByName, checkers, checkersOfAnyRun } from "./registry.ts";

describe("every checker", () => {
  for (const checker of checkers) {
    describe(checker.name, () => {
      it("does not call an empty history valid", () => {
        const verdict = check(checker, new HistoryRecorder({}).finish());
        assert.ok(verdict.word === "unknown" || verdict.word === "notChecked", verdict.word);
        assert.notEqual(verdict.because, "");
      });

      it("is found by its name", () => assert.equal(checkerByName(checker.name), checker));

      it("gives the same verdict twice, and leaves the history as it was", () => {
        const history = historyOf([
          { f: "write", value: 1, from: 0, to: 1 },
          { f: "write", value: 2, from: 2, to: 3 },
          { f: "delete", from: 4, to: 5 },
          { f: "read", value: 1, from: 6, to: 7 },
          { f: "read", value: 9, from: 8, to: 9 },
        ]);
        assert.deepEqual(check(checker, history), check(checker, history));
        assert.deepEqual(Array.from(history.invokeIndex.subarray(0, 5)), [0, 2, 4, 6, 8]);
      });
    });
  }

  it("has a name of its own", () => {
    assert.equal(new Set(checkers.map(({ name }) => name)).size, checkers.length);
    assert.equal(checkerByName("no such checker"), null);
  });

  it("is of any run, unless only some stores claim what it asks for", () => {
    const names = (some: readonly Checker[]): string[] => some.map(({ name }) => name);
    const strict = ["linearizable-set", "linearizable-counter", "clean-clocks"];
    const others = names(checkers).filter((name) => !strict.includes(name));
    assert.equal(others.length, checkers.length - strict.length);
    assert.deepEqual(names(checkersOfAnyRun), others);
  });

  it("does not call a history of nothing but unknown outcomes valid", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: null },
      { f: "read", value: null, from: 1, to: 2, type: "info" },
    ]);
    for (const checker of checkers.filter(({ name }) => name !== "history-sanity")) {
      assert.equal(check(checker, history).word, "notChecked", checker.name);
    }
  });

  it("lists no more than a hundred anomalies and counts the rest", () => {
    const stale = Array.from({ length: 150 }, (_, at) => ({
      f: "read" as const,
      value: null,
      from: 2 * at + 2,
      to: 2 * at + 3,
    }));
    const history = historyOf([{ f: "write", value: 1, from: 0, to: 1 }, ...stale]);
    const checker = checkerByName("regular");
    assert.ok(checker !== null);
    const verdict = check(checker, history);
    assert.ok(verdict.word === "invalid");
    assert.equal(verdict.anomalies.length, 100);
    assert.match(verdict.anomalies.at(-1)?.says ?? "", /and 50 more anomalies/);
  });
});
