import { cell } from "../../harness/history/cell.ts";

/**
 * The order that a log stands for: pairs of an operation and −1, or the place of the entry before which the operation
 * belongs though it was only put there later. Operations that belong before the same entry keep their order.
 */
export function orderOfLog(words: Int32Array, start: number, length: number): Int32Array {
  const logged = new Int32Array(length);
  const before = new Int32Array(length);
  let later = 0;
  for (let entry = 0; entry < length; entry += 1) {
    logged[entry] = cell(words, start + 2 * entry);
    before[entry] = cell(words, start + 2 * entry + 1);
    if (cell(before, entry) >= 0) later += 1;
  }
  return later === 0 ? logged : inserted(logged, before);
}

/** Counts what belongs before and at each entry, and then places it: first what was put there later. */
function inserted(logged: Int32Array, before: Int32Array): Int32Array {
  const places = startsOf(before);
  const order = new Int32Array(logged.length);
  const place = (entry: number, at: number): void => {
    const to = cell(places, at);
    order[to] = cell(logged, entry);
    places[at] = to + 1;
  };
  before.forEach((at, entry) => {
    if (at >= 0) place(entry, at);
  });
  before.forEach((at, entry) => {
    if (at < 0) place(entry, entry);
  });
  return order;
}

function startsOf(before: Int32Array): Int32Array {
  const starts = new Int32Array(before.length + 1);
  before.forEach((at, entry) => {
    const to = at < 0 ? entry : at;
    starts[to] = cell(starts, to) + 1;
  });
  let sum = 0;
  starts.forEach((here, entry) => {
    starts[entry] = sum;
    sum += here;
  });
  return starts;
}
