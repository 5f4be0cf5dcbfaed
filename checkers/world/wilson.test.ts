import assert from "node:assert/strict";
import { wilsonInterval } from "./wilson.ts";

describe("the interval of a share", () => {
  it("is that of the textbooks", () => {
    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
    for (const [hits, trials, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
      [29, 29, 0.883, 1],
    ] as const) {
      const interval = wilsonInterval(hits, trials);
      assert.ok(Math.abs(interval.low - low) < 6e-5, `${hits} of ${trials} from ${interval.low}`);
      assert.ok(Math.abs(interval.high - high) < 6e-5, `${hits} of ${trials} to ${interval.high}`);
    }
  });

  it("begins at 0 and ends at 1 exactly, where nothing or everything is a hit", () => {
    for (let trials = 1; trials < 200; trials += 1) {
      assert.equal(wilsonInterval(0, trials).low, 0);
      assert.equal(wilsonInterval(trials, trials).high, 1);
    }
  });
});
