/**
 * The order that is being built: pairs of an operation and −1, or the place of the entry before which it can be
 * put though it was not taken there (see `settle`). Taking back pops it.
 */
import { allocate } from "./memory";
import { count } from "./columns";

let entries: u32 = 0;
export let logLength: u32 = 0;

export function makeLog(): bool {
  logLength = 0;
  entries = allocate(u64(count) << 3);
  return entries != 0;
}

@inline export function logStart(): u32 { return entries; }
@inline export function append(op: i32, before: i32): void {
  store<i32>(entries + (logLength << 3), op);
  store<i32>(entries + (logLength++ << 3), before, 4);
}
@inline export function popOperation(): i32 { return load<i32>(entries + (--logLength << 3)); }
