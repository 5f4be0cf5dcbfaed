/**
 * Calls and returns in one order, and a slot for each operation while it is open, so that a configuration needs
 * as many bits as operations are open at once, and not as many as there are (a window that moves with the
 * events; porcupine keeps a bit for each operation of the key).
 */
import { allocate, mark, release } from "./memory";
import { count, demandOf, dropped, hasKind, isModel, kindOf, returnOf, setSlot, slotOf } from "./columns";
import { giveKindSlot, takeKindSlot } from "./kinds";
import { kindOfValue, lastNeed, lastRefusal } from "./values";

let events: u32 = 0;
export let eventCount: u32 = 0;
/** 64-bit words of a mask over the slots. */
export let words: u32 = 0;
export let slotCount: u32 = 0;

let heap: u32 = 0;
let heapSize: u32 = 0;
let freeSlots: u32 = 0;
let freeCount: u32 = 0;

/** Twice the operation; odd is its return. */
@inline export function eventAt(place: u32): u32 { return load<u32>(events + (place << 2)); }

/** The kind that nobody can be explained by after the return of the operation, or −1. */
@inline export function kindEndingAt(op: i32): i32 {
  if (isModel) return -1;
  const demand = demandOf(op);
  if (demand < 0) return -1;
  const kind = kindOfValue(demand);
  if (kind < 0) return -1;
  const place = returnOf(op);
  return place == lastNeed(demand) && lastRefusal < place ? kind : -1;
}

/** Merges the calls, which are in order, and the returns, through a heap of those that are open. */
export function mergeEvents(): bool {
  events = allocate(u64(count) << 3);
  const start = mark();
  heap = allocate(u64(count) << 2);
  freeSlots = allocate(u64(count) << 2);
  if (freeSlots == 0) return false;
  eventCount = 0;
  heapSize = 0;
  freeCount = 0;
  slotCount = 0;
  for (let op = 0; op < i32(count); op++) {
    const call = slotOf(op);
    if (call == dropped) continue;
    while (heapSize > 0 && returnOf(load<u32>(heap)) < call) emitReturn();
    emit(op << 1);
    if (hasKind(op)) {
      takeKindSlot(kindOf(op));
      continue;
    }
    push(op);
    setSlot(op, freeCount > 0 ? load<u32>(freeSlots + (--freeCount << 2)) : slotCount++);
  }
  while (heapSize > 0) emitReturn();
  words = max((slotCount + 63) >> 6, 1);
  release(start);
  return true;
}

@inline function emit(event: u32): void {
  store<u32>(events + (eventCount++ << 2), event);
}

function emitReturn(): void {
  const op = pop();
  emit((op << 1) | 1);
  store<u32>(freeSlots + (freeCount++ << 2), slotOf(op));
  const kind = kindEndingAt(op);
  if (kind >= 0) giveKindSlot(kind);
}

@inline function inHeap(place: u32): i32 { return load<i32>(heap + (place << 2)); }
@inline function putInHeap(place: u32, op: i32): void { store<i32>(heap + (place << 2), op); }

function push(op: i32): void {
  const at = returnOf(op);
  let place = heapSize++;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (returnOf(inHeap(parent)) < at) break;
    putInHeap(place, inHeap(parent));
    place = parent;
  }
  putInHeap(place, op);
}

function pop(): i32 {
  const first = inHeap(0);
  const last = inHeap(--heapSize);
  const at = returnOf(last);
  let place: u32 = 0;
  while (true) {
    let child: u32 = 2 * place + 1;
    if (child >= heapSize) break;
    if (child + 1 < heapSize && returnOf(inHeap(child + 1)) < returnOf(inHeap(child))) child++;
    if (at < returnOf(inHeap(child))) break;
    putInHeap(place, inHeap(child));
    place = child;
  }
  putInHeap(place, last);
  return first;
}
