import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { describeOperation, endText, keyIs, keyName } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { eventsOfKey, keyEvents } from "../key-events.ts";
import { anomalyOf, combineVerdicts, tasksByKey, unfitForRegister, verdictOf } from "../verdicts.ts";
import { isAnsweredRead, leftBehind } from "./register-operations.ts";
import { nameUnwrittenReads } from "./unwritten-reads.ts";

/** A read that another write should have hidden its value from. */
export interface StaleRead {
  readonly read: number;
  /** The write whose value was read; of several, the one that ended last. Null for the initial nothing. */
  readonly old: number | null;
  /** The write or delete that came after it and was finished before the read began. */
  readonly newer: number;
}

/**
 * Regularity with several writers (L. Lamport, "On Interprocess Communication", 1986, as the claim table puts
 * it): a read never returns a write that another write, itself finished before the read began, entirely
 * follows. A delete is a write of nothing, and so is the state before all writes.
 */
export const regular: Checker = {
  name: "regular",
  assumes: ["null is never written"],
  tasks: tasksByKey,
  run: runRegular,
  combine: combineVerdicts,
};

function runRegular(history: History, { key }: CheckTask): Verdict {
  const unfit = unfitForRegister(history, key);
  if (unfit !== null) return unfit;
  const { stale, unwritten, reads } = new RegularSweep(history, key);
  if (reads === 0) return { word: "notChecked", because: "nothing was read" };
  const anomalies = stale.map((found) => nameStaleRead(history, found));
  return verdictOf([...anomalies, ...nameUnwrittenReads(history, key, unwritten)], reads);
}

/** A stale read as an anomaly. */
export function nameStaleRead(history: History, { read, old, newer }: StaleRead): Anomaly {
  const value = leftBehind(history, newer);
  const what = value === 0 ? `the delete of ${keyName(history, newer)}` : keyIs(history, newer, value);
  const says = `${describeOperation(history, read)}, but ${what} had been acknowledged ${endText(history, newer)}`;
  return anomalyOf(history, "stale read", old === null ? [read, newer] : [read, newer, old], says);
}

/** One pass over the events of a key. */
export class RegularSweep {
  readonly stale: StaleRead[] = [];
  /** Answered reads whose value nobody had begun to write when they ended. */
  readonly unwritten: (readonly [read: number])[] = [];
  /** Answered reads. */
  reads = 0;
  readonly #history: History;
  readonly #callAt: Int32Array;
  /** By value: one more than the row that may have left it and ended last; 0 where there is none. */
  readonly #lastWriter: Int32Array;
  /** By rank of a read's invocation: one more than the newest write finished by then. */
  readonly #newestAtCall: Int32Array;
  /** One more than the finished write that began last. */
  #newest = 0;
  /** The cells of `#lastWriter` that must be cleared: they are shared scratch. */
  readonly #touched: number[] = [];

  constructor(history: History, key: number) {
    const index = keyEvents(history);
    const events = eventsOfKey(index, key);
    this.#history = history;
    this.#callAt = index.callAt;
    this.#lastWriter = index.cellOfValue;
    this.#newestAtCall = new Int32Array(events.length);
    for (const event of events) {
      if (event >= 0) this.#begin(event);
      else this.#end(~event);
    }
    for (const value of this.#touched) this.#lastWriter[value] = 0;
  }

  #begin(row: number): void {
    const value = leftBehind(this.#history, row);
    if (value < 0) {
      this.#newestAtCall[cell(this.#callAt, row)] = this.#newest;
      return;
    }
    const known = cell(this.#lastWriter, value);
    if (known === 0) this.#touched.push(value);
    if (this.#endOf(row) > this.#endOf(known - 1)) this.#lastWriter[value] = row + 1;
  }

  #end(row: number): void {
    if (isAnsweredRead(this.#history, row)) {
      this.#judge(row);
    } else if (leftBehind(this.#history, row) >= 0 && this.#callOf(row) > this.#callOf(this.#newest - 1)) {
      this.#newest = row + 1;
    }
  }

  #judge(read: number): void {
    this.reads += 1;
    const value = cell(this.#history.result, read);
    const old = cell(this.#lastWriter, value) - 1;
    if (old < 0 && value !== 0) {
      this.unwritten.push([read]);
      return;
    }
    const newer = cell(this.#newestAtCall, cell(this.#callAt, read)) - 1;
    // The initial nothing ended before everything, so any finished write follows it.
    if (this.#endOf(old) < this.#callOf(newer)) this.stale.push({ read, old: old < 0 ? null : old, newer });
  }

  #callOf(row: number): number {
    return row < 0 ? -1 : cell(this.#history.invokeIndex, row);
  }

  #endOf(row: number): number {
    return row < 0 ? -1 : cell(this.#history.completeIndex, row);
  }
}
