/** Small numbers for the values of one key, in order of appearance: ids of a history can be anywhere in 31 bits. */
import { allocate } from "./memory";

const firstSize: u32 = 64;
let table: u32 = 0;
let last: u32 = 0;
export let namesGiven: i32 = 0;

/** An empty table, which doubles when it is more than 5/8 full; the caller releases what it takes. */
export function makeNames(): bool {
  namesGiven = 0;
  return makeTable(firstSize);
}

function makeTable(size: u32): bool {
  const made = allocate(u64(size) << 3);
  if (made == 0) return false;
  table = made;
  last = size - 1;
  memory.fill(table, 0xff, size << 3);
  return true;
}

/** The number of a value that is 0 or more; −1 where memory does not suffice. Open addressing, linear probes. */
export function nameOf(value: i32): i32 {
  const at = placeOf(value);
  if (load<i32>(at) == value) return load<i32>(at, 4);
  store<i32>(at, value);
  store<i32>(at, namesGiven, 4);
  if (u32(++namesGiven) * 8 > last * 5 && !doubleTable()) return -1;
  return namesGiven - 1;
}

/** Where the value stands, or would. */
function placeOf(value: i32): u32 {
  let place = (u32(value) * 0x9e3779b1) >> 5;
  while (true) {
    const at = table + ((place & last) << 3);
    const found = load<i32>(at);
    if (found == value || found < 0) return at;
    place++;
  }
}

function doubleTable(): bool {
  const old = table;
  const size = last + 1;
  if (!makeTable(size << 1)) return false;
  for (let at = old; at < old + (size << 3); at += 8) {
    if (load<i32>(at) >= 0) store<u64>(placeOf(load<i32>(at)), load<u64>(at));
  }
  return true;
}
