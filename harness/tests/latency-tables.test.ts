import assert from "node:assert/strict";
import { draw } from "../base/draw.ts";
import type { Duration } from "../contracts/scenario.ts";
import { exponentialTable, latencyOf, lognormalTable, paretoTable } from "../sim/latency.ts";
import {
  exponentialSlices,
  lognormalSigma,
  lognormalSlices,
  paretoShape,
  paretoSlices,
} from "./latency-tables.generate.ts";

/** Logarithms differ in the last bit between versions of V8, so a rounded mean may differ by one. */
function assertClose(table: Int32Array, slices: readonly number[]): void {
  assert.equal(table.length, slices.length);
  for (const [index, value] of slices.entries()) {
    assert.ok(Math.abs((table[index] ?? 0) - value) <= 1, `slice ${index} is ${table[index]}, not ${value}`);
  }
}

const draws = 200_000;

function meanOf(duration: Duration): number {
  const latency = latencyOf(duration);
  let sum = 0;
  for (let cause = 0; cause < draws; cause += 1) {
    const us = latency.us(draw(1, 1, cause, 0, 0));
    assert.ok(Number.isSafeInteger(us) && us >= 0, `${us} is no duration`);
    sum += us;
  }
  return sum / draws;
}

describe("latency tables", () => {
  it("are those that their script makes", () => {
    assertClose(exponentialTable, exponentialSlices());
    assertClose(paretoTable, paretoSlices());
    assertClose(lognormalTable, lognormalSlices());
  });

  it("never fall from slice to slice", () => {
    for (const table of [exponentialTable, lognormalTable, paretoTable]) {
      assert.deepEqual(
        [...table],
        [...table].sort((a, b) => a - b),
      );
    }
  });

  it("have the mean of their distribution, within 1%", () => {
    const within = (table: Int32Array, mean: number): void => {
      const seen = table.reduce((sum, value) => sum + value, 0) / table.length / 65_536;
      assert.ok(Math.abs(seen / mean - 1) < 0.01, `the mean is ${seen}, not ${mean}`);
    };
    within(exponentialTable, 1);
    within(lognormalTable, Math.exp(lognormalSigma ** 2 / 2));
    within(paretoTable, paretoShape / (paretoShape - 1));
  });
});

describe("latencies", () => {
  const expected: readonly [Duration, number][] = [
    [{ kind: "constant", us: 70 }, 70],
    [{ kind: "uniform", minUs: 500, maxUs: 1_500 }, 1_000],
    [{ kind: "exponential", meanUs: 1_000 }, 1_000],
    [{ kind: "lognormal", medianUs: 1_000 }, 1_000 * Math.exp(lognormalSigma ** 2 / 2)],
    // A quarter takes 15 times as long: 0.75 + 0.25 × 15 = 4.5.
    [{ kind: "heavy-tail", meanUs: 1_000, slowPercent: 25, slowFactor: 15 }, 4_500],
  ];
  for (const [duration, mean] of expected) {
    it(`of kind ${duration.kind} have the mean that they should, within 1%`, () => {
      const seen = meanOf(duration);
      assert.ok(Math.abs(seen / mean - 1) < 0.01, `the mean is ${seen} µs, not ${mean} µs`);
    });
  }

  it("of kind pareto have the least value and the median that they should", () => {
    // The mean of so heavy a tail does not settle in any number of draws; its median does.
    const latency = latencyOf({ kind: "pareto", minUs: 1_000 });
    const seen = Array.from({ length: draws }, (_, cause) => latency.us(draw(1, 1, cause, 0, 0))).sort(
      (a, b) => a - b,
    );
    const median = 1_000 * 2 ** (1 / paretoShape);
    assert.equal(seen[0], 1_000);
    assert.ok(Math.abs((seen[draws / 2] ?? 0) / median - 1) < 0.01);
  });

  it("of kind uniform reach both ends", () => {
    const latency = latencyOf({ kind: "uniform", minUs: 3, maxUs: 5 });
    const seen = new Set(Array.from({ length: 100 }, (_, cause) => latency.us(draw(1, 1, cause, 0, 0))));
    assert.deepEqual([...seen].sort(), [3, 4, 5]);
  });
});
