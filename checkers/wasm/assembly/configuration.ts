/**
 * Where the search stands: how far the events are, the state, and what each open operation is. An operation that
 * was called and has not returned is
 *   owed      (in both masks)      not in the order, and must be before it returns;
 *   optional  (only `available`)   not in the order, and there is a place where it can be put for nothing;
 *   done      (in neither)         in the order.
 * Operations of unknown outcome are optional or done and never return: kinds count them (kinds.ts).
 * Optional is at least as good as owed and as done: both can be had from it at any time (see dead.ts).
 */
import { allocateCleared } from "./memory";
import {
  demandOf, effectOf, hasKind, isModel, isPlain, kindOf, markOf, never, setMark, slotOf,
} from "./columns";
import { eventAt, kindEndingAt, slotCount, words } from "./events";
import { callOne, expire, revive, uncallOne, unuseOne, useOne } from "./kinds";
import { append, logLength, popOperation } from "./log";
import { isReadOnly, stateAfter } from "./transitions";
import { addNeeds, addRefusals, addWriters, lastNeed, needsLeft, refusalsLeft } from "./values";

export let event: u32 = 0;
export let state: i32 = 0;
let owed: u32 = 0;
let available: u32 = 0;
let openIn: u32 = 0;

export function makeConfiguration(): bool {
  event = 0;
  state = 0;
  owed = allocateCleared(u64(words) << 3);
  available = allocateCleared(u64(words) << 3);
  openIn = allocateCleared(u64(slotCount) << 2);
  return owed != 0 && available != 0 && openIn != 0;
}

@inline export function owedWord(word: u32): u64 { return load<u64>(owed + (word << 3)); }
@inline export function availableWord(word: u32): u64 { return load<u64>(available + (word << 3)); }
@inline export function operationIn(slot: u32): i32 { return load<i32>(openIn + (slot << 2)); }

@inline function wordOf(slot: u32): u32 { return (slot >> 6) << 3; }
@inline function bitOf(slot: u32): u64 { return u64(1) << u64(slot & 63); }
@inline function isAvailable(slot: u32): bool { return (load<u64>(available + wordOf(slot)) & bitOf(slot)) != 0; }
@inline export function isOwed(op: i32): bool {
  const slot = slotOf(op);
  return (load<u64>(owed + wordOf(slot)) & bitOf(slot)) != 0;
}
@inline function clearOwed(slot: u32): void {
  const at = owed + wordOf(slot);
  store<u64>(at, load<u64>(at) & ~bitOf(slot));
}
@inline function clearAvailable(slot: u32): void {
  const at = available + wordOf(slot);
  store<u64>(at, load<u64>(at) & ~bitOf(slot));
}

/** Whether the operation is legal now and never changes the state: then taking it at once can hurt nothing. */
@inline function isHarmless(op: i32): bool {
  const demand = demandOf(op);
  if (isModel) return isReadOnly(demand) && stateAfter(state, demand) >= 0;
  return effectOf(op) < 0 && (demand >= 0 ? demand == state : -2 - demand != state);
}

/**
 * Whether the operation would leave the state as it is now, though it might not another time. It need not be taken
 * now: it can still be put here when it returns.
 */
@inline function changesNothing(op: i32): bool {
  if (isModel) return stateAfter(state, demandOf(op)) == state;
  return isPlain(op) && effectOf(op) == state;
}

/** Puts an operation into the order; −1: at its end, else before that entry. */
function finish(op: i32, before: i32): void {
  append(op, before);
  if (!isModel) countOnce(op, -1);
  if (hasKind(op)) useOne(kindOf(op));
  else {
    clearOwed(slotOf(op));
    clearAvailable(slotOf(op));
  }
}

/** Counts what the operation asks for and brings: −1 when it enters the order, 1 when it is taken back. */
@inline function countOnce(op: i32, sign: i32): void {
  const demand = demandOf(op);
  const effect = effectOf(op);
  if (demand >= 0) {
    if (!hasKind(op)) addNeeds(demand, sign);
  } else if (demand < -1) addRefusals(sign);
  if (effect >= 0) addWriters(effect, sign);
}

/** Whether nobody, now or later, can be explained by the value: no need, no refusal, no cas of unknown outcome. */
@inline export function isUseless(value: i32): bool {
  return needsLeft(value) == 0 && refusalsLeft == 0 && lastNeed(value) != never;
}

/** An owed operation becomes optional, and is absorbed at once where its value is of no use. */
function makeOptional(op: i32, before: i32): void {
  if (!isModel && isUseless(effectOf(op))) {
    finish(op, before);
    return;
  }
  clearOwed(slotOf(op));
  setMark(op, before);
}

/** Puts an optional operation where it can be put for nothing. */
export function absorb(op: i32): void {
  finish(op, markOf(op));
}

/** Takes an operation that is legal and changes the state. Says whether others could be taken with it. */
export function take(op: i32): bool {
  const place = logLength;
  finish(op, -1);
  if (isModel) {
    state = stateAfter(state, demandOf(op));
    return settle(-1);
  }
  state = effectOf(op);
  return settle(isPlain(op) ? place : -1);
}

/**
 * After the state has changed: takes what is harmless, and finds out what has become optional. A write that
 * takes effect just before a plain write, at `place` of the log, is seen by nobody and hides nothing; so is a write of
 * the value that is there. Says whether something was taken.
 */
function settle(place: i32): bool {
  let someTaken = false;
  for (let word: u32 = 0; word < words; word++) {
    let bits = owedWord(word);
    while (bits != 0) {
      const op = operationIn((word << 6) | u32(ctz(bits)));
      bits &= bits - 1;
      if (isHarmless(op)) {
        finish(op, -1);
        someTaken = true;
      } else if (place >= 0 && isPlain(op)) makeOptional(op, place);
      else if (changesNothing(op)) makeOptional(op, logLength);
    }
  }
  return someTaken;
}

/** Passes calls, and returns of operations that are done. The operation whose return cannot be passed yet, or −1 at the end. */
export function advance(end: u32): i32 {
  while (event < end) {
    const next = eventAt(event);
    const op = i32(next >> 1);
    if ((next & 1) == 0) enter(op);
    else if (isAvailable(slotOf(op))) return op;
    else {
      const kind = kindEndingAt(op);
      if (kind >= 0) expire(kind);
    }
    event++;
  }
  return -1;
}

function enter(op: i32): void {
  if (hasKind(op)) {
    callOne(kindOf(op));
    return;
  }
  const slot = slotOf(op);
  store<i32>(openIn + (slot << 2), op);
  if (isHarmless(op)) {
    finish(op, -1);
    return;
  }
  const at = owed + wordOf(slot);
  store<u64>(at, load<u64>(at) | bitOf(slot));
  const to = available + wordOf(slot);
  store<u64>(to, load<u64>(to) | bitOf(slot));
  if (changesNothing(op)) makeOptional(op, logLength);
}

/** Back to an earlier configuration; the masks are copied from `masks`, owed first. */
export function goBack(toEvent: u32, toState: i32, toLength: u32, masks: u32): void {
  while (logLength > toLength) {
    const op = popOperation();
    if (!isModel) countOnce(op, 1);
    if (hasKind(op)) unuseOne(kindOf(op), op);
  }
  while (event > toEvent) {
    const last = eventAt(--event);
    const op = i32(last >> 1);
    if ((last & 1) == 0) {
      if (hasKind(op)) uncallOne(kindOf(op));
      continue;
    }
    store<i32>(openIn + (slotOf(op) << 2), op);
    const kind = kindEndingAt(op);
    if (kind >= 0) revive(kind);
  }
  state = toState;
  memory.copy(owed, masks, words << 3);
  memory.copy(available, masks + (words << 3), words << 3);
}

export function saveMasks(to: u32): void {
  memory.copy(to, owed, words << 3);
  memory.copy(to + (words << 3), available, words << 3);
}
