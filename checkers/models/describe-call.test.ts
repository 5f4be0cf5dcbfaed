import assert from "node:assert/strict";
import { callsOf } from "./calls.test-support.ts";
import { describeCall } from "./describe-call.ts";

describe("a call in words", () => {
  it("says what was asked and what came back", () => {
    const history = callsOf([
      { f: "enqueue", value: 5, from: 0, to: 1, key: "jobs" },
      { f: "dequeue", result: 5, from: 2, to: 3, key: "jobs" },
      { f: "dequeue", result: null, value: 1, from: 4, to: 5, key: "jobs" },
      { f: "dequeue", from: 6, to: 7, key: "jobs" },
      { f: "contains", value: "a", result: false, from: 8, to: 9, key: "" },
      { f: "add", value: [1], result: true, from: 10, to: 11 },
      { f: "acquire", from: 12, to: null },
      { f: "acquire", from: 13, to: 14, type: "fail", error: "busy" },
      { f: "dequeue", result: 7, from: 15, to: 16, type: "info" },
      { f: "write", value: 1, from: 17, to: 18 },
      { f: "cas", value: [1, 2], from: 19, to: 20 },
      { f: "increment", value: 2, result: 9, from: 21, to: 22 },
    ]);
    const said = Array.from({ length: history.length }, (_, row) => describeCall(history, row));
    assert.deepEqual(said, [
      "p0 called enqueue 5 on jobs (acknowledged at 1.000 ms)",
      "p1 called dequeue on jobs and got 5 at 3.000 ms",
      "p2 called dequeue 1 on jobs and got nothing at 5.000 ms",
      "p3 called dequeue on jobs (acknowledged at 7.000 ms, without a value)",
      'p4 called contains "a" on the register and got false at 9.000 ms',
      "p5 called add [1] on x (acknowledged at 11.000 ms)",
      "p6 called acquire on x (begun at 12.000 ms, never answered)",
      "p7 called acquire on x (refused at 14.000 ms: busy)",
      "p8 called dequeue on x (outcome unknown at 16.000 ms)",
      "p9 wrote x=1 (acknowledged at 18.000 ms)",
      "p10 set x from 1 to 2 (acknowledged at 20.000 ms)",
      "p11 called increment 2 on x (acknowledged at 22.000 ms)",
    ]);
  });
});
