/**
 * A bump arena over linear memory. It is emptied for each key and never frees in between: what a search
 * gives back (frames, blocks) it keeps in lists of its own. No objects of AssemblyScript: `--runtime stub`.
 */

/** Pages that memory grows by, at least. Chosen: 1 MiB, so that small keys seldom grow. */
const growth: u32 = 16;

let top: u32 = 0;
let limit: u64 = 0;
let peak: u32 = 0;
/** Set when the budget of bytes did not suffice; the search stops at its next step. */
export let outOfBytes: bool = false;

export function resetArena(most: u64): void {
  top = start();
  peak = top;
  outOfBytes = false;
  setLimit(most);
}

/** From now on at most so many bytes may be taken in all. WebAssembly has 4 GiB; its last page is left alone. */
export function setLimit(most: u64): void {
  limit = min(u64(start()) + most, 0xffff0000);
}

@inline function start(): u32 { return u32(__heap_base + 7) & ~7; }

/** Address of that many bytes, not cleared, on a border of 8; 0 where the budget does not suffice. */
export function allocate(bytes: u64): u32 {
  const end = u64(top) + ((bytes + 7) & ~7);
  if (end > limit) {
    outOfBytes = true;
    return 0;
  }
  const pages = u32((end + 0xffff) >> 16);
  const size = u32(memory.size());
  if (pages > size && memory.grow(i32(max(pages - size, min(growth + (size >> 2), 0xffff - size)))) < 0) {
    if (memory.grow(i32(pages - size)) < 0) {
      outOfBytes = true;
      return 0;
    }
  }
  const at = top;
  top = u32(end);
  if (top > peak) peak = top;
  return at;
}

export function allocateCleared(bytes: u64): u32 {
  const at = allocate(bytes);
  if (at != 0) memory.fill(at, 0, u32(bytes));
  return at;
}

/** Gives back all that was allocated since `mark()` said so. */
export function release(mark: u32): void {
  top = mark;
}

export function mark(): u32 {
  return top;
}

export function peakBytes(): u32 {
  return peak - start();
}
