import assert from "node:assert/strict";
import { checkHistory } from "../../checkers/check-history.ts";
import type { History } from "../history/history.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import { judgeHistory, threadsFor } from "./judge-history.ts";

function staleHistory(): History {
  const recorder = new HistoryRecorder({});
  for (const key of ["a", "b"]) {
    const write = recorder.invoke(0, { process: 0, f: "write", key, value: 1 });
    recorder.complete(write, 0, { type: "ok", value: 1 });
    const read = recorder.invoke(0, { process: 0, f: "read", key });
    recorder.complete(read, 0, { type: "ok", value: key === "a" ? 1 : null });
  }
  return recorder.finish();
}

describe("judging a history", () => {
  it("says the same in this thread and in others", async () => {
    const history = staleHistory();
    const expected = checkHistory(history);
    assert.equal(expected.word, "invalid");
    for (const options of [{}, { threads: 0 }, { threads: 2, memoryMb: 256 }]) {
      assert.deepEqual(await judgeHistory(history, null, options), expected);
    }
  });

  it("keeps to the model and the budget", async () => {
    const history = staleHistory();
    const budget = { steps: 1, bytes: 1_000_000 };
    const expected = checkHistory(history, "cas-register", budget);
    assert.equal(expected.model, "cas-register");
    for (const threads of [0, 1]) {
      assert.deepEqual(await judgeHistory(history, "cas-register", { threads, budget }), expected);
    }
  });

  it("says what does not fit the model", async () => {
    const history = staleHistory();
    const { word, because } = await judgeHistory(history, "queue", { threads: 2 });
    assert.equal(word, "unknown");
    assert.equal(because, checkHistory(history, "queue").because);
  });

  it("takes more threads where they are worth it", () => {
    assert.deepEqual(
      [threadsFor(99_999, 4), threadsFor(100_000, 4), threadsFor(1_000_000, 64), threadsFor(1_000_000, 1)],
      [0, 4, 8, 0],
    );
  });
});
