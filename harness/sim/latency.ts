import { unreachable } from "../base/invariant.ts";
import type { Duration } from "../contracts/scenario.ts";
import { exponentialText, lognormalText, paretoText, tableScale, tableSize } from "./latency-tables.ts";

/** Draws a duration: a pure function of a 31-bit draw, in integer microseconds. */
export interface Latency {
  /** The duration that belongs to a draw, in microseconds. */
  us(drawn: number): number;
}

/**
 * The means of the 4,096 equal slices of a distribution, ascending, in units of 1/65,536 of its own measure.
 * Tables, because `Math.log` and its kin round differently between versions of V8.
 */
export const exponentialTable: Int32Array = decodeTable(exponentialText);
/** The same of the log-normal distribution, whose measure is its median. */
export const lognormalTable: Int32Array = decodeTable(lognormalText);
/** The same of the Pareto distribution, whose measure is its least value. */
export const paretoTable: Int32Array = decodeTable(paretoText);

/** Makes a plan's duration ready to be drawn from. */
export function latencyOf(duration: Duration): Latency {
  switch (duration.kind) {
    case "constant":
      return new UniformLatency(duration.us, duration.us);
    case "uniform":
      return new UniformLatency(duration.minUs, duration.maxUs);
    case "exponential":
      return new TableLatency(exponentialTable, duration.meanUs, 0, 1);
    case "lognormal":
      return new TableLatency(lognormalTable, duration.medianUs, 0, 1);
    case "pareto":
      return new TableLatency(paretoTable, duration.minUs, 0, 1);
    case "heavy-tail":
      // `meanUs` is the mean of the ordinary draws: exponential, and some of them `slowFactor` times as long.
      return new TableLatency(exponentialTable, duration.meanUs, duration.slowPercent, duration.slowFactor);
    default:
      return unreachable(duration);
  }
}

class UniformLatency implements Latency {
  readonly #minUs: number;
  readonly #width: number;

  constructor(minUs: number, maxUs: number) {
    this.#minUs = minUs;
    this.#width = maxUs - minUs + 1;
  }

  us(drawn: number): number {
    return this.#minUs + (drawn % this.#width);
  }
}

class TableLatency implements Latency {
  readonly #table: Int32Array;
  readonly #measureUs: number;
  readonly #slowPercent: number;
  readonly #slowFactor: number;

  constructor(table: Int32Array, measureUs: number, slowPercent: number, slowFactor: number) {
    this.#table = table;
    this.#measureUs = measureUs;
    this.#slowPercent = slowPercent;
    this.#slowFactor = slowFactor;
  }

  us(drawn: number): number {
    // The low 12 bits choose the slice, the 19 above them whether it is a slow one.
    const quantile = this.#table[drawn & (tableSize - 1)] ?? 0;
    const factor = (drawn >>> 12) % 100 < this.#slowPercent ? this.#slowFactor : 1;
    // Products stay below 2^53 and are divided by a power of two, so every machine rounds them alike.
    return Math.floor((quantile * this.#measureUs * factor) / tableScale);
  }
}

function decodeTable(text: string): Int32Array {
  const table = new Int32Array(tableSize);
  let sum = 0;
  let index = 0;
  for (const step of text.trim().split(/\s+/)) {
    sum += Number.parseInt(step, 36);
    table[index] = sum;
    index += 1;
  }
  return table;
}
