/**
 * Operations of unknown outcome by kind: those of one kind do the same, and none of them ever returns, so they
 * are interchangeable, and a configuration only counts how many of each kind it has used (rule: equal
 * pending operations, oldest first).
 */
import { allocate, allocateCleared } from "./memory";
import { markOf, setMark } from "./columns";

const recordBytes: u32 = 32;
let records: u32 = 0;
let live: u32 = 0;
export let kindCount: i32 = 0;
/** Whether some kind needs a value: cas of unknown outcome. */
export let someNeed: bool = false;
/** Slots that hold kinds at some time. */
export let kindSlots: i32 = 0;
let freeSlots: u32 = 0;
let freeCount: i32 = 0;

export function makeKinds(most: u32): bool {
  kindCount = 0;
  kindSlots = 0;
  freeCount = 0;
  someNeed = false;
  records = allocate(u64(most + 1) * recordBytes);
  live = allocateCleared(u64(most + 1) << 2);
  freeSlots = allocate(u64(most + 1) << 2);
  return freeSlots != 0;
}

@inline function record(kind: i32): u32 { return records + (u32(kind) << 5); }

/** A new kind: what it demands (as an operation does) and what it leaves; of a model, its class. */
export function addKind(demand: i32, effect: i32): i32 {
  const at = record(kindCount);
  store<i32>(at, demand);
  store<i32>(at, effect, 4);
  store<i32>(at, 0, 8);
  store<i32>(at, 0, 12);
  store<i32>(at, -1, 16);
  store<i32>(at, -1, 20);
  store<i32>(at, -1, 24);
  if (demand >= 0) someNeed = true;
  return kindCount++;
}

/** Adds an operation at the end of its kind. */
export function joinKind(kind: i32, op: i32): void {
  const at = record(kind);
  const last = load<i32>(at, 20);
  if (last < 0) store<i32>(at, op, 16);
  else setMark(last, op);
  setMark(op, -1);
  store<i32>(at, op, 20);
}

@inline export function demandOfKind(kind: i32): i32 { return load<i32>(record(kind)); }
@inline export function effectOfKind(kind: i32): i32 { return load<i32>(record(kind), 4); }
/** How many of the kind have been called. */
@inline export function calledOf(kind: i32): i32 { return load<i32>(record(kind), 8); }
@inline function setCalled(kind: i32, called: i32): void { store<i32>(record(kind), called, 8); }
/** How many of the kind are in the order. */
@inline export function usedOf(kind: i32): i32 { return load<i32>(record(kind), 12); }
@inline export function isAvailable(kind: i32): bool { return usedOf(kind) < calledOf(kind); }
/** The oldest one that is not in the order. */
@inline export function oldestOf(kind: i32): i32 { return load<i32>(record(kind), 16); }
@inline export function slotOfKind(kind: i32): i32 { return load<i32>(record(kind), 24); }

/** Gives the kind a slot, at its first call. Only while events are merged. */
export function takeKindSlot(kind: i32): void {
  if (slotOfKind(kind) >= 0) return;
  let slot = kindSlots;
  if (freeCount > 0) slot = load<i32>(freeSlots + (--freeCount << 2));
  else kindSlots++;
  store<i32>(record(kind), slot, 24);
}

/** Nobody can be explained by the kind any more: its slot may go to another one. Only while events are merged. */
export function giveKindSlot(kind: i32): void {
  store<i32>(freeSlots + (freeCount++ << 2), slotOfKind(kind));
}

@inline export function kindIn(slot: i32): i32 { return load<i32>(live + (slot << 2)) - 1; }
@inline function setKindIn(slot: i32, kind: i32): void { store<i32>(live + (slot << 2), kind + 1); }

export function callOne(kind: i32): void {
  const called = calledOf(kind);
  if (called == 0) setKindIn(slotOfKind(kind), kind);
  setCalled(kind, called + 1);
}

export function uncallOne(kind: i32): void {
  const called = calledOf(kind) - 1;
  if (called == 0) setKindIn(slotOfKind(kind), -1);
  setCalled(kind, called);
}

@inline export function expire(kind: i32): void { setKindIn(slotOfKind(kind), -1); }
@inline export function revive(kind: i32): void { setKindIn(slotOfKind(kind), kind); }

export function useOne(kind: i32): void {
  const at = record(kind);
  store<i32>(at, markOf(load<i32>(at, 16)), 16);
  store<i32>(at, load<i32>(at, 12) + 1, 12);
}

export function unuseOne(kind: i32, op: i32): void {
  const at = record(kind);
  store<i32>(at, op, 16);
  store<i32>(at, load<i32>(at, 12) - 1, 12);
}
