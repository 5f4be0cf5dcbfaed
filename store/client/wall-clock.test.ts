import assert from "node:assert/strict";
import { WallClock } from "./wall-clock.ts";

/** A clock that shows each of the given times once, in milliseconds. */
function clockShowing(...timesMs: number[]): WallClock {
  return new WallClock(() => timesMs.shift() ?? 0);
}

describe("wall clock", () => {
  it("counts within a millisecond and goes on with the next", () => {
    const clock = clockShowing(5, 5, 5, 6);
    assert.deepEqual(
      [clock.nowUs(), clock.nowUs(), clock.nowUs(), clock.nowUs()],
      [5_000, 5_001, 5_002, 6_000],
    );
  });

  it("stays strictly increasing when it is read more than a thousand times in a millisecond", () => {
    const clock = clockShowing(...Array<number>(1_500).fill(7), 8, 9);
    const read = Array.from({ length: 1_502 }, () => clock.nowUs());
    assert.ok(read.every((time, index) => index === 0 || time > (read[index - 1] ?? 0)));
    assert.equal(read[1_501], 9_000);
  });

  it("waits out a step back of a few milliseconds", () => {
    const clock = clockShowing(50, 47, 48);
    assert.deepEqual([clock.nowUs(), clock.nowUs(), clock.nowUs()], [50_000, 50_001, 50_002]);
  });

  it("follows a clock that is set back", () => {
    const clock = clockShowing(90_000, 30_000, 30_000);
    assert.deepEqual([clock.nowUs(), clock.nowUs(), clock.nowUs()], [90_000_000, 30_000_000, 30_000_001]);
  });
});
