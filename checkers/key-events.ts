import type { History } from "../harness/history/history.ts";
import { never } from "../harness/history/history.ts";

/**
 * The events of a history by key, in their total order. Places within a key's events are dense ranks: all
 * comparisons of the checkers are strict comparisons of ranks, so that equal times cannot matter.
 */
export interface KeyEvents {
  /** Where the events of a key begin in `events`; one more entry than keys. */
  readonly offsets: Int32Array;
  /** The row for an invocation, its complement (`~row`) for a completion that is `ok` or `fail`. */
  readonly events: Int32Array;
  /** By row: the rank of the invocation within its key. */
  readonly callAt: Int32Array;
  /** By row: the rank of the completion within its key; `never` where the outcome is not known. */
  readonly returnAt: Int32Array;
  /** Scratch, one cell a value, all 0 between uses. */
  readonly cellOfValue: Int32Array;
}

/** An index over a history costs one pass: every checker of the same history shares it. */
const known = new WeakMap<History, KeyEvents>();

/** The events of a history by key; made once a history. */
export function keyEvents(history: History): KeyEvents {
  const made = known.get(history);
  if (made !== undefined) return made;
  const fresh = indexHistory(history);
  known.set(history, fresh);
  return fresh;
}

/** The events of one key, in order. */
export function eventsOfKey(index: KeyEvents, key: number): Int32Array {
  return index.events.subarray(index.offsets[key] ?? 0, index.offsets[key + 1] ?? 0);
}

function indexHistory(history: History): KeyEvents {
  const { length, key } = history;
  const { byPlace, count } = eventsByPlace(history);
  const offsets = new Int32Array(history.keys.length + 1);
  for (let place = 0; place < byPlace.length; place += 1) {
    const event = byPlace[place] ?? 0;
    if (event !== 0) offsets[keyOfEvent(key, event) + 1] = (offsets[keyOfEvent(key, event) + 1] ?? 0) + 1;
  }
  for (let at = 1; at < offsets.length; at += 1) offsets[at] = (offsets[at] ?? 0) + (offsets[at - 1] ?? 0);
  const filled = offsets.slice();
  const events = new Int32Array(count);
  const callAt = new Int32Array(length);
  const returnAt = new Int32Array(length).fill(never);
  for (let place = 0; place < byPlace.length; place += 1) {
    const event = byPlace[place] ?? 0;
    if (event === 0) continue;
    const row = event > 0 ? event - 1 : -event - 1;
    const keyId = key[row] ?? 0;
    const to = filled[keyId] ?? 0;
    filled[keyId] = to + 1;
    const rank = to - (offsets[keyId] ?? 0);
    if (event > 0) {
      events[to] = row;
      callAt[row] = rank;
    } else {
      events[to] = ~row;
      returnAt[row] = rank;
    }
  }
  return { offsets, events, callAt, returnAt, cellOfValue: new Int32Array(history.values.length) };
}

function keyOfEvent(key: Int32Array, event: number): number {
  return key[event > 0 ? event - 1 : -event - 1] ?? 0;
}

/** Row + 1 at the place of an invocation, −(row + 1) at that of a completion, 0 where there is neither. */
function eventsByPlace(history: History): { byPlace: Int32Array; count: number } {
  const { length } = history;
  let last = 0;
  let count = length;
  for (let row = 0; row < length; row += 1) {
    const end = history.completeIndex[row] ?? never;
    if (end !== never) count += 1;
    last = Math.max(last, history.invokeIndex[row] ?? 0, end === never ? 0 : end);
  }
  // A file may number its events sparsely: then their indices are replaced by their ranks.
  const isDense = last < 8 * count + 1_024;
  const calls = isDense ? history.invokeIndex : ranks(history.invokeIndex, history, count);
  const ends = isDense ? history.completeIndex : ranks(history.completeIndex, history, count);
  const byPlace = new Int32Array(isDense ? last + 1 : count);
  for (let row = 0; row < length; row += 1) {
    byPlace[calls[row] ?? 0] = row + 1;
    const end = ends[row] ?? never;
    if (end !== never) byPlace[end] = -(row + 1);
  }
  return { byPlace, count };
}

function ranks(
  column: Int32Array,
  { length, invokeIndex, completeIndex }: History,
  count: number,
): Int32Array {
  const sorted = new Int32Array(count);
  let filled = 0;
  for (let row = 0; row < length; row += 1) {
    sorted[filled++] = invokeIndex[row] ?? 0;
    if (completeIndex[row] !== never) sorted[filled++] = completeIndex[row] ?? 0;
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
