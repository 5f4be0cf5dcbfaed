import { cell } from "../../harness/history/cell.ts";

/**
 * The order that a log stands for: pairs of an operation and −1, or the place of the entry before which the operation
 * belongs though it was only put there later. Operations that belong before the same entry keep their order.
 */
export function orderOfLog(words: Int32Array, start: number, length: number): Int32Array {
  const order = new Int32Array(length);
  const end = start + 2 * length;
  let isAsLogged = true;
  for (let from = start, to = 0; from < end; from += 2, to += 1) {
    order[to] = cell(words, from);
    if (cell(words, from + 1) >= 0) isAsLogged = false;
  }
  if (!isAsLogged) insertLater(order, words, start);
  return order;
}

/** Each entry has a stretch of the order, which ends with it: before it comes what was put there later. */
function insertLater(order: Int32Array, words: Int32Array, start: number): void {
  const { length } = order;
  const starts = new Int32Array(length + 2);
  for (let entry = 0; entry < length; entry += 1) {
    const before = cell(words, start + 2 * entry + 1);
    const next = (before < 0 ? entry : before) + 1;
    starts[next] = cell(starts, next) + 1;
  }
  for (let entry = 1; entry <= length; entry += 1)
    starts[entry] = cell(starts, entry) + cell(starts, entry - 1);
  for (let entry = 0; entry < length; entry += 1) {
    const operation = cell(words, start + 2 * entry);
    const before = cell(words, start + 2 * entry + 1);
    if (before < 0) {
      // Nothing can have been put before the next entry yet.
      order[cell(starts, entry + 1) - 1] = operation;
    } else {
      const to = cell(starts, before);
      order[to] = operation;
      starts[before] = to + 1;
    }
  }
}
