import { cell } from "../history/cell.ts";
import type { History } from "../history/history.ts";

/** A history cut between its keys, in their order; a slice can be judged as a history of its own. */
export interface Slices {
  readonly count: number;
  /** By slice: its first key; and one more entry, the number of keys. */
  readonly firstKey: Int32Array;
  /** By slice: its operations. */
  readonly operations: Int32Array;
}

/** Cuts a history into at most so many slices with about as many operations each. A key is never cut. */
export function sliceByKey({ length, key, keys }: History, most: number): Slices {
  const operations = new Int32Array(keys.length);
  for (let row = 0; row < length; row += 1) {
    const id = cell(key, row);
    operations[id] = cell(operations, id) + 1;
  }
  const enough = Math.ceil(length / most);
  const firstKey: number[] = [];
  const sizes: number[] = [];
  let size = enough;
  for (let id = 0; id < keys.length; id += 1) {
    if (size >= enough) {
      firstKey.push(id);
      size = 0;
    }
    size += cell(operations, id);
    sizes[firstKey.length - 1] = size;
  }
  return {
    count: firstKey.length,
    firstKey: Int32Array.from([...firstKey, keys.length]),
    operations: Int32Array.from(sizes),
  };
}
