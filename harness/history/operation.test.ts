import assert from "node:assert/strict";
import { describeOperation, endText, startText } from "./operation.ts";
import { HistoryRecorder } from "./recorder.ts";

describe("when an operation was", () => {
  it("is told by the clock", () => {
    const recorder = new HistoryRecorder({});
    const read = recorder.invoke(0, { process: 0, f: "read", key: "x" });
    recorder.complete(read, 1, { type: "ok", value: 3 });
    const open = recorder.invoke(1, { process: 1, f: "read", key: "x" });
    const history = recorder.finish();
    assert.deepEqual([startText(history, read), endText(history, read)], ["at 0.000 ms", "at 0.000 ms"]);
    assert.deepEqual([startText(history, open), endText(history, open)], ["at 0.000 ms", "at 0.000 ms"]);
  });

  it("is told by its end alone, where that is the only time", () => {
    const recorder = new HistoryRecorder({});
    const first = recorder.invoke(0, { process: 0, f: "read", key: "x" });
    const open = recorder.invoke(0, { process: 1, f: "read", key: "x" });
    recorder.complete(first, 2_000_000, { type: "ok", value: 3 });
    const history = recorder.finish();
    assert.equal(describeOperation(history, first), "p0 read x=3 at 2.000 ms");
    assert.equal(startText(history, open), "at 0.000 ms");
  });

  it("is told by the number of the event, where the history has no times", () => {
    const recorder = new HistoryRecorder({});
    const write = recorder.invoke(0, { process: 0, f: "write", key: "x", value: 3 });
    const read = recorder.invoke(0, { process: 1, f: "read", key: "x" });
    recorder.complete(read, 0, { type: "ok", value: 3 });
    const history = recorder.finish();
    for (let again = 0; again < 2; again += 1) {
      assert.equal(describeOperation(history, read), "p1 read x=3 at event 2");
      assert.equal(describeOperation(history, write), "p0 wrote x=3 (begun at event 0, never answered)");
      assert.equal(endText(history, write), "at event 0");
    }
  });
});
