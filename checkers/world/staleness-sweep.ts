import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never } from "../../harness/history/history.ts";
import { eventsOfKey, keyEvents, lowerBound } from "../key-events.ts";
import { isAnsweredRead, leftBehind } from "../register/register-operations.ts";

/**
 * Hears of each answered read that began after a write had been acknowledged: by how many acknowledged versions it
 * was behind, and how long before it the newest of them had been acknowledged, in nanoseconds.
 */
export type HearRead = (versionsBehind: number, ageNs: number) => void;

/**
 * Measures the reads of one key. A version is behind another if its write had ended before the other began: of
 * writes side by side nobody can say which is newer. False, and nothing heard, where the key is no register whose
 * values are written once each. O(n log n).
 */
export function sweepStaleness(history: History, key: number, hear: HearRead): boolean {
  const versions = new Versions(history, key);
  if (versions.areTold) new ReadSweep(history, key, versions, hear);
  versions.release();
  return versions.areTold;
}

/** The writes of a key that may have taken effect, numbered in the order in which they began. */
class Versions {
  /** By number: the row, and the ranks of beginning and end; `never` where it was not acknowledged. */
  readonly rows: number[] = [];
  readonly calls: number[] = [];
  readonly ends: number[] = [];
  /** Whether what is read tells which write it is from. */
  areTold = true;
  readonly #history: History;
  /** By value: one more than its write's number. Shared scratch. */
  readonly #numbers: Int32Array;

  constructor(history: History, key: number) {
    this.#history = history;
    this.#numbers = keyEvents(history).cellOfValue;
    eventsOfKey(keyEvents(history), key).forEach((event, rank) => {
      if (event < 0) this.#end(~event, rank);
      else this.#begin(event, rank);
    });
  }

  /** The number of the write of a value, or −1. */
  numberOf(value: number): number {
    return cell(this.#numbers, value) - 1;
  }

  /** Leaves the scratch as it was found. */
  release(): void {
    for (const row of this.rows) this.#numbers[leftBehind(this.#history, row)] = 0;
  }

  #begin(row: number, rank: number): void {
    if (cell(this.#history.f, row) > Fn.cas) this.areTold = false;
    const value = leftBehind(this.#history, row);
    if (value < 0) return;
    // A read of nothing does not say which delete it saw, nor a value that was written twice which write.
    if (value === 0 || cell(this.#numbers, value) !== 0) this.areTold = false;
    this.rows.push(row);
    this.calls.push(rank);
    this.ends.push(never);
    this.#numbers[value] = this.rows.length;
  }

  #end(row: number, rank: number): void {
    const value = leftBehind(this.#history, row);
    if (value > 0) this.ends[this.numberOf(value)] = rank;
  }
}

/** One pass over the events of a key, in their order. */
class ReadSweep {
  readonly #history: History;
  readonly #versions: Versions;
  readonly #hear: HearRead;
  /** Numbers of the writes acknowledged so far. */
  readonly #acknowledged: CountsBelow;
  /** The one of them that began last. */
  #newest = -1;

  constructor(history: History, key: number, versions: Versions, hear: HearRead) {
    this.#history = history;
    this.#versions = versions;
    this.#hear = hear;
    this.#acknowledged = new CountsBelow(versions.rows.length);
    for (const event of eventsOfKey(keyEvents(history), key)) {
      if (event < 0) this.#acknowledge(~event);
      else if (this.#newest >= 0 && isAnsweredRead(history, event)) this.#measure(event);
    }
  }

  /** Ends are of `ok` or `fail`, and what failed has left nothing behind. */
  #acknowledge(row: number): void {
    const value = leftBehind(this.#history, row);
    if (value < 0) return;
    const number = this.#versions.numberOf(value);
    this.#acknowledged.add(number);
    if (number > this.#newest) this.#newest = number;
  }

  #measure(read: number): void {
    const end = this.#endOfVersion(read);
    if (end === null) return;
    const { total } = this.#acknowledged;
    const newer = total - this.#acknowledged.below(lowerBound(this.#versions.calls, end));
    const newest = this.#versions.rows[this.#newest] ?? -1;
    const ackNs = this.#history.completedNs[newest] ?? Number.NaN;
    this.#hear(newer, (this.#history.invokedNs[read] ?? Number.NaN) - ackNs);
  }

  /** Rank of the end of the write that a read shows: −1 for the first nothing; null where nobody had begun it. */
  #endOfVersion(read: number): number | null {
    const value = cell(this.#history.result, read);
    if (value === 0) return -1;
    const number = this.#versions.numberOf(value);
    const writer = this.#versions.rows[number];
    if (writer === undefined) return null;
    const isLater = cell(this.#history.invokeIndex, writer) > cell(this.#history.completeIndex, read);
    return isLater ? null : (this.#versions.ends[number] ?? never);
  }
}

/** Counts numbers below a limit in logarithmic time (P. M. Fenwick, "A New Data Structure for Cumulative Frequency Tables", 1994). */
class CountsBelow {
  total = 0;
  readonly #sums: Int32Array;

  constructor(size: number) {
    this.#sums = new Int32Array(size + 1);
  }

  add(number: number): void {
    this.total += 1;
    for (let at = number + 1; at < this.#sums.length; at += at & -at) {
      this.#sums[at] = cell(this.#sums, at) + 1;
    }
  }

  below(limit: number): number {
    let count = 0;
    for (let at = limit; at > 0; at -= at & -at) count += cell(this.#sums, at);
    return count;
  }
}
