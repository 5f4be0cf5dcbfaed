import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never, Outcome } from "../../harness/history/history.ts";
import { functionName } from "../../harness/history/lines.ts";
import { lowerBound } from "../key-events.ts";

/** What was done to a queue, as rows of the history; failures, which did nothing, are left out. */
export interface QueueDeeds {
  /** The enqueues of each value, by its id. */
  readonly enqueues: ReadonlyMap<number, readonly number[]>;
  /** The dequeues that answered it. */
  readonly takes: ReadonlyMap<number, readonly number[]>;
  /** Dequeues that found nothing. */
  readonly empties: readonly number[];
  /** Dequeues of unknown outcome, in order of invocation. */
  readonly unheard: readonly number[];
  /** Operations that were answered. */
  readonly answered: number;
}

/** What was done to a queue; null where there are other functions, or where null was enqueued. */
export function queueDeeds(history: History, rows: readonly number[]): QueueDeeds | null {
  const deeds = new DeedsOfQueue(history);
  for (const row of rows) {
    const name = functionName(history, row);
    if (name !== "enqueue" && name !== "dequeue") return null;
    if (history.outcome[row] === Outcome.fail) continue;
    if (name === "dequeue") deeds.dequeue(row);
    else if (history.argument[row] === 0) return null;
    else deeds.enqueue(row);
  }
  return deeds;
}

class DeedsOfQueue implements QueueDeeds {
  readonly enqueues = new Map<number, number[]>();
  readonly takes = new Map<number, number[]>();
  readonly empties: number[] = [];
  readonly unheard: number[] = [];
  answered = 0;
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  enqueue(row: number): void {
    if (this.#history.outcome[row] === Outcome.ok) this.answered += 1;
    listIn(this.enqueues, cell(this.#history.argument, row)).push(row);
  }

  dequeue(row: number): void {
    const { outcome, result } = this.#history;
    const value = cell(result, row);
    if (outcome[row] !== Outcome.ok) {
      this.unheard.push(row);
      return;
    }
    this.answered += 1;
    if (value === 0) this.empties.push(row);
    else listIn(this.takes, value).push(row);
  }
}

function listIn(lists: Map<number, number[]>, value: number): number[] {
  const known = lists.get(value);
  if (known !== undefined) return known;
  const made: number[] = [];
  lists.set(value, made);
  return made;
}

/** The stay of each value in a queue, in the order in which their enqueues began. Places are those of events. */
export class QueueStays {
  /** Rows. */
  readonly enqueues: readonly number[];
  /** Rows; −1 where nobody took the value. */
  readonly takes: readonly number[];
  readonly #enqueueBegan: Int32Array;
  readonly #enqueueEnded: Int32Array;
  readonly #takeBegan: Int32Array;
  readonly #takeEnded: Int32Array;
  /** By stay: of it and those that began later, the one that was over first. */
  readonly #firstOver: Int32Array;
  /** Ends of enqueues, ascending, and by each: of the stays so far, the one that lasted longest. */
  readonly #ends: Int32Array;
  readonly #lasting: Int32Array;

  constructor(history: History, enqueues: readonly number[], takes: readonly number[]) {
    const { invokeIndex, completeIndex } = history;
    const places = (rows: readonly number[], column: Int32Array): Int32Array =>
      Int32Array.from(rows, (row) => column[row] ?? never);
    this.enqueues = enqueues;
    this.takes = takes;
    this.#enqueueBegan = places(enqueues, invokeIndex);
    this.#enqueueEnded = places(enqueues, completeIndex);
    this.#takeBegan = places(takes, invokeIndex);
    this.#takeEnded = places(takes, completeIndex);
    this.#firstOver = this.#firstOverFrom();
    this.#ends = this.#enqueueEnded.slice().sort();
    this.#lasting = this.#lastingByEnd();
  }

  /** The stay that was over first of all whose value was enqueued only after that place; −1 where none was ever over. */
  overtakerAfter(place: number): number {
    const from = lowerBound(this.#enqueueBegan, place);
    return this.#firstOver[from] ?? -1;
  }

  /** The stay that was over before this one can have ended, though its value was enqueued later; or −1. */
  overtakerOf(stay: number): number {
    const overtaker = this.overtakerAfter(this.#endOf(stay));
    return this.overAt(overtaker) < cell(this.#takeBegan, stay) ? overtaker : -1;
  }

  /** When that stay was certainly over; `never` for −1 and for what nobody is known to have taken. */
  overAt(stay: number): number {
    return this.#takeEnded[stay] ?? never;
  }

  /**
   * The fewest stays that leave no moment between two places at which none of them was certainly under way: each
   * begins while the one before it lasts. Empty where there is such a moment.
   */
  chainOver(from: number, to: number): readonly number[] {
    const chain: number[] = [];
    for (let at = from; at < to; ) {
      const stay = this.#lasting[lowerBound(this.#ends, at) - 1] ?? -1;
      const until = this.#takeBegan[stay] ?? at;
      if (until <= at) return [];
      chain.push(stay);
      at = until;
    }
    return chain;
  }

  #endOf(stay: number): number {
    return cell(this.#enqueueEnded, stay);
  }

  #firstOverFrom(): Int32Array {
    const found = new Int32Array(this.enqueues.length);
    let first = -1;
    for (let stay = found.length - 1; stay >= 0; stay -= 1) {
      if (this.overAt(stay) < this.overAt(first)) first = stay;
      found[stay] = first;
    }
    return found;
  }

  #lastingByEnd(): Int32Array {
    const byEnd = new Int32Array(this.#ends.length);
    // Enqueues without an end fall on one another: nobody asks for them.
    this.#enqueueEnded.forEach((end, stay) => {
      byEnd[lowerBound(this.#ends, end)] = stay;
    });
    let longest = cell(byEnd, 0);
    return byEnd.map((stay) => {
      if (cell(this.#takeBegan, stay) > cell(this.#takeBegan, longest)) longest = stay;
      return longest;
    });
  }
}
