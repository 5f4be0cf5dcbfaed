/** Small numbers for the values of one key, in order of appearance: ids of a history can be anywhere in 31 bits. */
import { allocate } from "./memory";

let table: u32 = 0;
let last: u32 = 0;
export let namesGiven: i32 = 0;

/** A table for at most so many names; the caller releases it. */
export function makeNames(most: u32): bool {
  let size: u32 = 16;
  while (size < most + (most >> 2)) size <<= 1;
  table = allocate(u64(size) << 3);
  if (table == 0) return false;
  last = size - 1;
  namesGiven = 0;
  memory.fill(table, 0xff, size << 3);
  return true;
}

/** The number of a value that is 0 or more. Open addressing, linear probes. */
export function nameOf(value: i32): i32 {
  let place = (u32(value) * 0x9e3779b1) >> 5;
  while (true) {
    const at = table + ((place & last) << 3);
    const found = load<i32>(at);
    if (found == value) return load<i32>(at, 4);
    if (found < 0) {
      store<i32>(at, value);
      store<i32>(at, namesGiven, 4);
      return namesGiven++;
    }
    place++;
  }
}
