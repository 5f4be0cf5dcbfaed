import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import {
  describeOperation,
  endText,
  keyIs,
  keyName,
  processText,
  startText,
} from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { eventsOfKey, keyEvents } from "../key-events.ts";
import { anomalyOf } from "../verdicts.ts";
import { Authors } from "./authors.ts";
import { isAnsweredRead, leftBehind, valueFound } from "./register-operations.ts";

/** Stands for the author of what was there at first. */
const nobody = -1;

/** A value that was found once more after another one. */
export interface Inversion {
  /** What found the old value: a read, or a compare-and-set that won. */
  readonly again: number;
  /** Of those that may have left the old value, the one that ended last; −1 for the initial nothing. */
  readonly old: number;
  /** Whether it is the only one of them. */
  readonly isOnly: boolean;
  /** The read of the newer value, and what may have left that. */
  readonly newer: Seen;
}

/** An answered read, and of those that may have left what it found the one that ended last; −1 for none. */
interface Seen {
  readonly read: number;
  readonly author: number;
}

/**
 * Old values that were found after newer ones, however often each of them was written: all that may have left the
 * value had ended before a read of another value began, and that read had ended before the value was found. So it
 * had been replaced when that read looked, and nobody was left to write it again. One pass over the events of a key.
 */
export function inversionsAt(history: History, key: number): readonly Inversion[] {
  const sweep = new InversionSweep(history);
  for (const event of eventsOfKey(keyEvents(history), key)) {
    if (event >= 0) sweep.begin(event);
    else sweep.end(~event);
  }
  return sweep.found;
}

class InversionSweep {
  readonly found: Inversion[] = [];
  readonly #history: History;
  readonly #authors: Authors;
  /** By row of what is open and will find a value: what had been seen when it began. */
  readonly #seenBy = new Map<number, readonly Seen[]>();
  /** The read that ended and began last, and the last of those that found something else. */
  #seen: readonly Seen[] = [];

  constructor(history: History) {
    this.#history = history;
    this.#authors = new Authors(history);
  }

  begin(row: number): void {
    this.#authors.note(row);
    if (valueFound(this.#history, row) >= 0) this.#seenBy.set(row, this.#seen);
  }

  end(row: number): void {
    const seen = this.#seenBy.get(row);
    if (seen === undefined) return;
    this.#seenBy.delete(row);
    const { completeIndex, invokeIndex, result } = this.#history;
    const value = valueFound(this.#history, row);
    const end = cell(completeIndex, row);
    const author = this.#authors.lastAuthorOf(value, end) ?? nobody;
    const newer = seen.find(({ read }) => cell(result, read) !== value);
    if (newer !== undefined && this.#authors.endOf(value, end) < cell(invokeIndex, newer.read)) {
      const isOnly = this.#authors.onlyAuthorOf(value) === author;
      this.found.push({ again: row, old: author, isOnly, newer });
    }
    if (isAnsweredRead(this.#history, row)) this.#see({ read: row, author });
  }

  #see(fresh: Seen): void {
    const { invokeIndex, result } = this.#history;
    const [last = fresh, ...others] = [fresh, ...this.#seen].sort(
      (a, b) => cell(invokeIndex, b.read) - cell(invokeIndex, a.read),
    );
    const other = others.find(({ read }) => result[read] !== result[last.read]);
    this.#seen = other === undefined ? [last] : [last, other];
  }
}

/** An inversion as an anomaly: where nothing had been found in between, somebody had deleted the value. */
export function nameInversion(history: History, { again, old, isOnly, newer }: Inversion): Anomaly {
  const { read, author } = newer;
  const evidence = [again, read, ...[old, author].filter((row) => row !== nobody)];
  const found = describeOperation(history, again);
  const lastly = isOnly ? "" : " for the last time";
  if (cell(history.result, read) === 0) {
    const says =
      `${found}, though it had been acknowledged${lastly} ${endText(history, old)} and since then ` +
      `${describeOperation(history, read)}, after ${processText(history, author)} had begun to delete it`;
    return anomalyOf(history, "resurrected delete", evidence, says);
  }
  const value = keyIs(history, read, cell(history.result, read));
  const says =
    `${found}, though the newer ${value} had already been read ${endText(history, read)}` +
    whyNewer(history, read, old, value, lastly);
  return anomalyOf(history, "read inversion", evidence, says);
}

/** The initial nothing is older than anything else. */
function whyNewer(history: History, read: number, old: number, value: string, lastly: string): string {
  if (old === nobody) return "";
  const left = leftBehind(history, old);
  const older = left === 0 ? `the delete of ${keyName(history, old)}` : keyIs(history, old, left);
  return ` (newer, because a read of ${value} began ${startText(history, read)}, when ${older} had been acknowledged${lastly})`;
}
