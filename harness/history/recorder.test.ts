import assert from "node:assert/strict";
import { InvariantViolation } from "../base/invariant.ts";
import { describeOperation } from "./operation.ts";
import { HistoryRecorder } from "./recorder.ts";
import { timeText } from "./time.ts";

describe("history recorder", () => {
  it("numbers operations' events and marks in one order", () => {
    const recorder = new HistoryRecorder({});
    recorder.phase(0, "strike");
    const row = recorder.invoke(1, { process: 0, f: "write", key: "x", value: 5 });
    recorder.skipped(2, 9, "nothing to read");
    recorder.complete(row, 3, { type: "ok", value: 5 });
    const history = recorder.finish();
    assert.deepEqual([history.invokeIndex[row], history.completeIndex[row]], [1, 3]);
    assert.deepEqual(
      history.marks.map(({ index }) => index),
      [0, 2],
    );
  });

  it("keeps everything while the columns grow", () => {
    const recorder = new HistoryRecorder({});
    for (let op = 0; op < 1_000; op += 1) {
      const row = recorder.invoke(op, { process: op, f: "write", key: `k${op % 7}`, value: op + 0.5, op });
      if (op % 3 === 0) recorder.complete(row, op, { type: "ok", value: op + 0.5 });
    }
    const history = recorder.finish();
    assert.equal(history.length, 1_000);
    for (let row = 0; row < 1_000; row += 1) {
      assert.equal(history.values[history.argument[row] ?? 0], row + 0.5);
      assert.equal(history.keys[history.key[row] ?? -1]?.key, `k${row % 7}`);
      assert.equal(history.op[row], row);
    }
  });

  it("gives equal values one id, small numbers, large ones and compounds alike", () => {
    const recorder = new HistoryRecorder({});
    const values = [3, 3, 10_000_000, 10_000_000, -1, -1, "3", "3", { a: 1 }, { a: 1 }, true, true];
    for (const [process, value] of values.entries())
      recorder.invoke(0, { process, f: "write", key: "x", value });
    const { argument } = recorder.finish();
    const ids = Array.from(argument.subarray(0, values.length));
    assert.deepEqual(ids, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
  });

  it("keeps the id of a number that was too large for the table when the table grows past it", () => {
    const recorder = new HistoryRecorder({});
    const first = recorder.invoke(0, { process: 0, f: "write", key: "x", value: 3_000 });
    for (let value = 1; value <= 2_999; value += 1)
      recorder.invoke(0, { process: value, f: "write", key: "x", value });
    const last = recorder.invoke(0, { process: 3_001, f: "write", key: "x", value: 3_000 });
    const { argument, values } = recorder.finish();
    assert.equal(argument[first], argument[last]);
    assert.equal(values.length, 3_001);
  });

  it("refuses what only a bug could do: time going back, an operation that ends twice", () => {
    const recorder = new HistoryRecorder({});
    const row = recorder.invoke(5, { process: 0, f: "read", key: "x" });
    recorder.complete(row, 6, { type: "ok", value: null });
    assert.throws(() => recorder.complete(row, 7, { type: "ok", value: null }), InvariantViolation);
    assert.throws(() => recorder.phase(1, "mend"), InvariantViolation);
  });

  it("says what an operation did in plain words", () => {
    const recorder = new HistoryRecorder({});
    const read = recorder.invoke(0, { process: 3, f: "read", key: "x" });
    recorder.complete(read, 4_210_000_000, { type: "ok", value: 17 });
    const write = recorder.invoke(4_210_000_000, { process: "final-n1", f: "write", key: "x", value: "a" });
    recorder.complete(write, 4_220_000_000, { type: "info", value: "a", error: "QuorumNotMet" });
    const open = recorder.invoke(4_230_000_000, { process: 4, f: "delete", key: "x" });
    const history = recorder.finish();
    assert.equal(describeOperation(history, read), "p3 read x=17 at 4.210 s");
    assert.equal(
      describeOperation(history, write),
      'final-n1 wrote x="a" (outcome unknown at 4.220 s: QuorumNotMet)',
    );
    assert.equal(describeOperation(history, open), "p4 deleted x (begun at 4.230 s, never answered)");
    assert.equal(timeText(1_234_567), "1.235 ms");
  });
});
