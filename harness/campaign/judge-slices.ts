import { cell } from "../history/cell.ts";
import type { History } from "../history/history.ts";

/** A history cut between its keys, in their order; a slice can be judged as a history of its own. */
export interface Slices {
  readonly count: number;
  /** By slice: its first key; and one more entry, the number of keys. */
  readonly firstKey: Int32Array;
  /** By slice: where its rows begin in `rows`; and one more entry, their number. */
  readonly firstRow: Int32Array;
  /** The rows of the history slice by slice, each in order of invocation. In shared memory. */
  readonly rows: Int32Array;
}

/**
 * Cuts a history into about so many slices with about as many operations each. A key is never cut. Two passes
 * over the keys of the operations.
 */
export function sliceByKey({ length, key, keys }: History, about: number): Slices {
  const operations = new Int32Array(keys.length);
  for (let row = 0; row < length; row += 1) {
    const id = cell(key, row);
    operations[id] = cell(operations, id) + 1;
  }
  const enough = Math.max(1, Math.ceil(length / about));
  const sliceOfKey = new Int32Array(keys.length);
  const firstKey: number[] = [];
  const firstRow: number[] = [];
  let before = 0;
  let filled = enough;
  for (let id = 0; id < keys.length; id += 1) {
    if (filled >= enough) {
      firstKey.push(id);
      firstRow.push(before);
      filled = 0;
    }
    sliceOfKey[id] = firstKey.length - 1;
    filled += cell(operations, id);
    before += cell(operations, id);
  }
  const rows = new Int32Array(new SharedArrayBuffer(4 * length));
  const next = Int32Array.from(firstRow);
  for (let row = 0; row < length; row += 1) {
    const slice = cell(sliceOfKey, cell(key, row));
    const at = cell(next, slice);
    rows[at] = row;
    next[slice] = at + 1;
  }
  return {
    count: firstRow.length,
    firstKey: Int32Array.from([...firstKey, keys.length]),
    firstRow: Int32Array.from([...firstRow, length]),
    rows,
  };
}
