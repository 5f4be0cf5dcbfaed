import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import { Fn, never, Outcome } from "../harness/history/history.ts";
import { oncePerHistory } from "./once-per-history.ts";

/**
 * The events of a history by key, in their total order. Places within a key's events are dense ranks: all
 * comparisons of the checkers are strict comparisons of ranks, so that equal times cannot matter.
 */
export interface KeyEvents {
  /** Where the events of a key begin in `events`; one more entry than keys. */
  readonly offsets: Int32Array;
  /** The row for an invocation, its complement (`~row`) for a completion that is `ok` or `fail`. */
  readonly events: Int32Array;
  /**
   * Beside each event, so that memory is read in order: of an invocation, what it means to a register, as a
   * value id and a `Meaning`, packed by `packMeaning`; of a completion, the rank of its invocation.
   */
  readonly beside: Int32Array;
  /** By row: the rank of the invocation within its key. */
  readonly callAt: Int32Array;
  /** Scratch, one cell a value, all 0 between uses. */
  readonly cellOfValue: Int32Array;
}

/**
 * What an operation means to a register: nothing, that it found a value, that it may leave one, or more than fits
 * beside an event, as a compare-and-set does.
 */
export const Meaning = { none: 0, found: 1, leaves: 2, more: 3 } as const;

/** Two bits of meaning below the value id, which leaves ids for 2^29 values: more than memory has room for. */
function packMeaning(value: number, meaning: number): number {
  return (value << 2) | meaning;
}

/** The events of a history by key. */
export const keyEvents: (history: History) => KeyEvents = oncePerHistory((history) =>
  new EventSorter(history).sorted(),
);

/** The events of one key, in order. */
export function eventsOfKey(index: KeyEvents, key: number): Int32Array {
  return index.events.subarray(cell(index.offsets, key), cell(index.offsets, key + 1));
}

/** What is beside one key's events, in the same order. */
export function besideEventsOfKey(index: KeyEvents, key: number): Int32Array {
  return index.beside.subarray(cell(index.offsets, key), cell(index.offsets, key + 1));
}

/** Counting sort: by index first, then, in that order, by key. */
class EventSorter {
  readonly #history: History;
  readonly #calls: Int32Array;
  readonly #ends: Int32Array;
  /** Where the events of each key begin, and one place after the last. */
  readonly #offsets: Int32Array;
  /** Places that events may have. */
  #places: number;

  constructor(history: History) {
    this.#history = history;
    this.#offsets = new Int32Array(history.keys.length + 1);
    this.#places = 0;
    const count = this.#countByKey();
    // A file may number its events sparsely: then their indices are replaced by their ranks.
    const isDense = this.#places < 8 * count + 1_024;
    this.#calls = isDense ? history.invokeIndex : ranks(history.invokeIndex, history, count);
    this.#ends = isDense ? history.completeIndex : ranks(history.completeIndex, history, count);
    if (!isDense) this.#places = count;
  }

  sorted(): KeyEvents {
    const { length, key, values } = this.#history;
    const byPlace = this.#eventsByPlace();
    const offsets = this.#offsets;
    const filled = offsets.slice();
    const count = cell(offsets, offsets.length - 1);
    const events = new Int32Array(count);
    const beside = new Int32Array(count);
    const callAt = new Int32Array(length);
    for (let place = 0; place < byPlace.length; place += 1) {
      const event = cell(byPlace, place);
      if (event === 0) continue;
      const row = event > 0 ? event - 1 : -event - 1;
      const keyId = cell(key, row);
      const to = cell(filled, keyId);
      filled[keyId] = to + 1;
      if (event > 0) {
        events[to] = row;
        beside[to] = this.#meaningOf(row);
        callAt[row] = to - cell(offsets, keyId);
      } else {
        events[to] = ~row;
        beside[to] = cell(callAt, row);
      }
    }
    return { offsets, events, beside, callAt, cellOfValue: new Int32Array(values.length) };
  }

  #meaningOf(row: number): number {
    const { f, outcome, argument, result } = this.#history;
    const kind = cell(f, row);
    const ended = cell(outcome, row);
    if (kind === Fn.cas) return packMeaning(0, Meaning.more);
    if (kind === Fn.read)
      return ended === Outcome.ok ? packMeaning(cell(result, row), Meaning.found) : Meaning.none;
    if (ended === Outcome.fail || kind > Fn.cas) return Meaning.none;
    // A delete has no argument: 0 stands there, which means nothing.
    return packMeaning(cell(argument, row), Meaning.leaves);
  }

  #countByKey(): number {
    const { length, key, invokeIndex, completeIndex } = this.#history;
    const offsets = this.#offsets;
    for (let row = 0; row < length; row += 1) {
      const end = completeIndex[row] ?? never;
      const next = cell(key, row) + 1;
      offsets[next] = cell(offsets, next) + (end === never ? 1 : 2);
      const last = end === never ? cell(invokeIndex, row) : end;
      if (last >= this.#places) this.#places = last + 1;
    }
    for (let next = 1; next < offsets.length; next += 1)
      offsets[next] = cell(offsets, next) + cell(offsets, next - 1);
    return cell(offsets, offsets.length - 1);
  }

  /** Row + 1 at the place of an invocation, −(row + 1) at that of a completion, 0 where there is neither. */
  #eventsByPlace(): Int32Array {
    const calls = this.#calls;
    const ends = this.#ends;
    const byPlace = new Int32Array(this.#places);
    for (let row = 0; row < this.#history.length; row += 1) {
      byPlace[cell(calls, row)] = row + 1;
      const end = ends[row] ?? never;
      if (end !== never) byPlace[end] = -(row + 1);
    }
    return byPlace;
  }
}

function ranks(
  column: Int32Array,
  { length, invokeIndex, completeIndex }: History,
  count: number,
): Int32Array {
  const sorted = new Int32Array(count);
  let filled = 0;
  for (let row = 0; row < length; row += 1) {
    sorted[filled++] = cell(invokeIndex, row);
    if (completeIndex[row] !== never) sorted[filled++] = cell(completeIndex, row);
  }
  sorted.sort();
  return column.subarray(0, length).map((index) => (index === never ? never : lowerBound(sorted, index)));
}

/** How many of the ascending numbers are below the limit. */
export function lowerBound(ascending: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
