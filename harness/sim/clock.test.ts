import assert from "node:assert/strict";
import { epochUs, SimClock } from "./clock.ts";

describe("simulated clock", () => {
  it("shows true time after its epoch while no fault touches it", () => {
    assert.equal(new SimClock().read(250), epochUs + 250);
  });

  it("never shows the same time twice, even when it is read twice at one instant", () => {
    const clock = new SimClock();
    assert.deepEqual(
      [clock.read(10), clock.read(10), clock.read(11), clock.read(20)],
      [epochUs + 10, epochUs + 11, epochUs + 12, epochUs + 20],
    );
  });

  it("jumps forward and back when its error changes, and only then", () => {
    const clock = new SimClock();
    clock.read(10);
    clock.setOffset(1, 5_000);
    assert.equal(clock.read(11), epochUs + 5_011);
    clock.setOffset(1, 5_000);
    assert.equal(clock.read(11), epochUs + 5_012, "the same error set again is no jump");
    clock.setOffset(1, 0);
    assert.equal(clock.read(12), epochUs + 12);
  });

  it("adds up the errors of several faults, and taking one away leaves the others", () => {
    const clock = new SimClock();
    clock.setOffset(2, -300);
    clock.setOffset(1, 1_000);
    assert.equal(clock.offsetUs, 700);
    clock.setOffset(2, 0);
    clock.setOffset(2, 0);
    assert.equal(clock.offsetUs, 1_000);
  });
});
