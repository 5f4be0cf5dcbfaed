import assert from "node:assert/strict";
import { describeOperation, endText, keyIs, keyName, startText } from "./operation.ts";
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

describe("what was done to a register", () => {
  /** A write, a read of it, a compare-and-set, a delete and a read of nothing, and what else sentences say of them. */
  const told = (key: string): readonly string[] => {
    const recorder = new HistoryRecorder({});
    const steps = [
      { f: "write", value: 3 },
      { f: "read", value: 3 },
      { f: "cas", value: [3, "a"] },
      { f: "delete", value: null },
      { f: "read", value: null },
    ] as const;
    const rows = steps.map(({ f, value }) => {
      const row = recorder.invoke(1e6, { process: 0, f, key, value: f === "read" ? null : value });
      recorder.complete(row, 1e6, { type: "ok", value });
      return row;
    });
    const open = recorder.invoke(2e6, { process: 0, f: "read", key });
    const history = recorder.finish();
    const [first = 0] = rows;
    const sentences = [...rows, open].map((row) => describeOperation(history, row));
    return [
      ...sentences,
      `the newer ${keyIs(history, first, 1)}`,
      `the delete of ${keyName(history, first)}`,
    ];
  };

  it("is told with the name of its key", () => {
    assert.deepEqual(told("x"), [
      "p0 wrote x=3 (acknowledged at 1.000 ms)",
      "p0 read x=3 at 1.000 ms",
      'p0 set x from 3 to "a" (acknowledged at 1.000 ms)',
      "p0 deleted x (acknowledged at 1.000 ms)",
      "p0 found nothing at x at 1.000 ms",
      "p0 tried to read x at 2.000 ms",
      "the newer x=3",
      "the delete of x",
    ]);
  });

  it("is told by its value, where the key has no name", () => {
    assert.deepEqual(told(""), [
      "p0 wrote 3 (acknowledged at 1.000 ms)",
      "p0 read 3 at 1.000 ms",
      'p0 set the register from 3 to "a" (acknowledged at 1.000 ms)',
      "p0 deleted the register (acknowledged at 1.000 ms)",
      "p0 found nothing at the register at 1.000 ms",
      "p0 tried to read the register at 2.000 ms",
      "the newer 3",
      "the delete of the register",
    ]);
  });
});
