/**
 * The operations of the key, in order of invocation, in columns of 32-bit integers. The host writes places of
 * call and return and what the operations do; the preparation turns the columns it has read into what the search needs.
 */
import { allocate } from "./memory";

/** Stands for "no return": the outcome is unknown. The same as in the history. */
export const never: i32 = 0x7fffffff;
/** In `slotOf`: the operation can explain nothing and takes no part. */
export const dropped: i32 = -1;

export let count: u32 = 0;
export let isModel: bool = false;

let slots: u32 = 0;
let returns: u32 = 0;
let demands: u32 = 0;
let marks: u32 = 0;
let effects: u32 = 0;

/** Room for the columns: call, return, demand or class, refused value, value left (the last one of registers). */
export function reserveColumns(operations: u32, ofModel: bool): u32 {
  count = operations;
  isModel = ofModel;
  const bytes = operations << 2;
  const at = allocate(u64(operations) * (ofModel ? 16 : 20));
  slots = at;
  returns = slots + bytes;
  demands = returns + bytes;
  marks = demands + bytes;
  effects = marks + bytes;
  return at;
}

/** Before the events are merged: the place of the call, or `dropped`. After it: the slot of one that returns. */
@inline export function slotOf(op: i32): i32 { return load<i32>(slots + (op << 2)); }
@inline export function setSlot(op: i32, slot: i32): void { store<i32>(slots + (op << 2), slot); }

/** The place of the return. Of an operation without one: `never` at first, and once its kind is known ~kind. */
@inline export function returnOf(op: i32): i32 { return load<i32>(returns + (op << 2)); }
@inline export function setKind(op: i32, kind: i32): void { store<i32>(returns + (op << 2), ~kind); }
@inline export function hasKind(op: i32): bool { return returnOf(op) < 0; }
@inline export function kindOf(op: i32): i32 { return ~returnOf(op); }

/**
 * Of a register: the value that must be there (0 and up), −1 for none, −2 − v where v must not be there.
 * Of a model: the class.
 */
@inline export function demandOf(op: i32): i32 { return load<i32>(demands + (op << 2)); }
@inline export function setDemand(op: i32, demand: i32): void { store<i32>(demands + (op << 2), demand); }

/** Of a register before the preparation: the value that is refused, or −1. */
@inline export function refusedBy(op: i32): i32 { return load<i32>(marks + (op << 2)); }

/** With a return: before which entry of the log it can be put for nothing. Without: the next one of its kind. */
@inline export function markOf(op: i32): i32 { return load<i32>(marks + (op << 2)); }
@inline export function setMark(op: i32, mark: i32): void { store<i32>(marks + (op << 2), mark); }

/** Of a register: the value that it leaves, or −1. */
@inline export function effectOf(op: i32): i32 { return load<i32>(effects + (op << 2)); }
@inline export function setEffect(op: i32, value: i32): void { store<i32>(effects + (op << 2), value); }

/** Of a register: it writes, whatever is there. */
@inline export function isPlain(op: i32): bool { return demandOf(op) == -1; }
