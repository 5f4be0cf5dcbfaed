import assert from "node:assert/strict";
import { check } from "../harness/contracts/checker.ts";
import type { History } from "../harness/history/history.ts";
import type { Verdict } from "../harness/history/verdict.ts";
import type { Deed } from "./history-of.test-support.ts";
import { historyOf } from "./history-of.test-support.ts";
import { historySanity } from "./history-sanity.ts";

const write: Deed = { f: "write", value: 1, from: 0, to: 1 };
const read: Deed = { f: "read", value: 1, from: 2, to: 3 };

function broken(says: string, ...evidence: readonly number[]): Verdict {
  return {
    word: "invalid",
    anomalies: [{ kind: "broken assumption", says, evidence, keyspace: "", key: "x" }],
  };
}

function judged(change: (history: History) => void): Verdict {
  const history = historyOf([write, read]);
  change(history);
  return check(historySanity, history);
}

describe("history-sanity", () => {
  it("accepts a process that does one thing after the other, and one that ends with an open operation", () => {
    const history = historyOf([
      { ...write, process: 0 },
      { ...read, process: 0 },
      { f: "read", from: 4, to: null, process: 0 },
    ]);
    assert.deepEqual(check(historySanity, history), { word: "valid", checked: 3 });
  });

  it("names a process that does two things at a time", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 2, process: 7 },
      { f: "read", value: 1, from: 1, to: 3, process: 7 },
      { f: "read", value: 1, from: 4, to: 5, process: 7 },
    ]);
    const says = "p7 read x=1 at 3.000 ms: its process had not ended the operation before";
    assert.deepEqual(check(historySanity, history), broken(says, 0, 1));
  });

  it("names a process that goes on after an operation without any end", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: null, process: 7 },
      { f: "read", value: 1, from: 1, to: 3, process: 7 },
    ]);
    const says = "p7 read x=1 at 3.000 ms: its process had not ended the operation before";
    assert.deepEqual(check(historySanity, history), broken(says, 0, 1));
  });

  it("lets different processes do two things at a time", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 2 },
      { f: "read", value: 1, from: 1, to: 3 },
    ]);
    assert.deepEqual(check(historySanity, history), { word: "valid", checked: 2 });
  });

  it("names null as a written value", () => {
    const history = historyOf([{ f: "write", value: null, from: 0, to: 1 }]);
    const says =
      "p0 wrote nothing at x (acknowledged at 1.000 ms): null was written, which cannot be told from not found";
    assert.deepEqual(check(historySanity, history), broken(says, 0));
  });

  it("takes a delete for no write of null", () => {
    const history = historyOf([{ f: "delete", from: 0, to: 1 }]);
    assert.deepEqual(check(historySanity, history), { word: "valid", checked: 1 });
  });

  it("names an operation that ended before it began, or as it began", () => {
    const says = "p1 read x=1 at 3.000 ms: it ended before it began";
    for (const end of [1, 2]) {
      assert.deepEqual(
        judged(({ endIndex }) => {
          endIndex[1] = end;
        }),
        broken(says, 2),
      );
    }
  });

  it("names an operation whose end has an earlier time than its beginning, but not the same time", () => {
    const early = judged(({ completedNs }) => {
      completedNs[1] = 1_999_999;
    });
    assert.deepEqual(
      early,
      broken("p1 read x=1 at 2.000 ms: its end has an earlier time than its beginning", 2),
    );
    const instant = judged(({ completedNs }) => {
      completedNs[1] = 2_000_000;
    });
    assert.deepEqual(instant, { word: "valid", checked: 2 });
  });

  it("names an operation that stands after one that began later, or at the same place", () => {
    const says = "p1 read x=1 at 3.000 ms: it stands after an operation that began later";
    for (const call of [2, 3]) {
      const verdict = judged(({ invokeIndex, endIndex }) => {
        invokeIndex[0] = call;
        endIndex[0] = 9;
      });
      assert.deepEqual(verdict, broken(says, 2));
    }
  });

  it("names everything that is broken", () => {
    const history = historyOf([
      { f: "write", value: null, from: 0, to: 1 },
      { f: "write", value: null, from: 2, to: 3 },
    ]);
    const verdict = check(historySanity, history);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ evidence }) => evidence),
      [[0], [2]],
    );
  });

  it("judges the history as one piece", () => {
    const history = historyOf([write]);
    assert.deepEqual(historySanity.tasks(history), [{ key: -1 }]);
    assert.deepEqual(historySanity.combine([]), {
      word: "notChecked",
      because: "no operation in the history",
    });
  });

  it("takes nothing for granted", () =>
    assert.deepEqual([historySanity.name, historySanity.assumes], ["history-sanity", []]));
});
