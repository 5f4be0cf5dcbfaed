/**
 * The longest orders that were found before a return that could not be passed, for the picture: at most four, all
 * refused at the furthest event, in different states. A copy costs what has changed since the last one.
 */
import { allocate } from "./memory";
import { count } from "./columns";
import { event, operationIn, owedWord, state } from "./configuration";
import { slotCount, words } from "./events";
import { logLength, logStart } from "./log";

/** Chosen: what a page can show side by side. */
const most: u32 = 4;
/** Of a key with more operations only one is kept. Chosen: copies would take more memory than the rest. */
const large: u32 = 100_000;
/** By partial: state, length, log entries that are still as they were copied, number of refused. */
const facts = memory.data(64);
const orders = memory.data(16);
const refusals = memory.data(16);

export let partialCount: u32 = 0;
/** The furthest return that could not be passed. */
export let furthest: u32 = 0;

export function forgetPartials(): void {
  partialCount = 0;
  furthest = 0;
  for (let which: u32 = 0; which < most; which++) {
    store<u32>(orders + (which << 2), 0);
    store<u32>(fact(which), 0, 8);
  }
}

@inline function fact(which: u32): u32 { return <u32>facts + (which << 4); }
@inline export function partialStart(which: u32): u32 { return load<u32>(orders + (which << 2)); }
@inline export function partialLength(which: u32): u32 { return load<u32>(fact(which), 4); }
@inline export function refusedStart(which: u32): u32 { return load<u32>(refusals + (which << 2)); }
@inline export function refusedCount(which: u32): u32 { return load<u32>(fact(which), 12); }

/** The log will be changed from that length on. */
export function noteTakenBack(length: u32): void {
  for (let which: u32 = 0; which < most; which++) {
    if (load<u32>(fact(which), 8) > length) store<u32>(fact(which), length, 8);
  }
}

/** Keeps the present order, if none was found that goes further. */
export function noteRefusal(due: i32): void {
  if (partialCount > 0) {
    if (event < furthest) return;
    if (event > furthest) partialCount = 0;
    else if (partialCount == (count > large ? 1 : most) || isKnown()) return;
  }
  furthest = event;
  keep(partialCount, due);
}

function isKnown(): bool {
  for (let which: u32 = 0; which < partialCount; which++) {
    if (load<i32>(fact(which)) == state) return true;
  }
  return false;
}

function keep(which: u32, due: i32): void {
  if (partialStart(which) == 0) {
    const order = allocate(u64(count) << 3);
    const refused = allocate(u64(slotCount) << 2);
    if (order == 0 || refused == 0) return;
    store<u32>(orders + (which << 2), order);
    store<u32>(refusals + (which << 2), refused);
  }
  const same = load<u32>(fact(which), 8);
  memory.copy(partialStart(which) + (same << 3), logStart() + (same << 3), (logLength - same) << 3);
  store<i32>(fact(which), state);
  store<u32>(fact(which), logLength, 4);
  store<u32>(fact(which), logLength, 8);
  store<u32>(fact(which), keepRefused(refusedStart(which), due), 12);
  partialCount = which + 1;
}

/** The operation that is about to return, and then whatever else is open and owed. */
function keepRefused(to: u32, due: i32): u32 {
  store<i32>(to, due);
  let howMany: u32 = 1;
  for (let word: u32 = 0; word < words; word++) {
    let bits = owedWord(word);
    while (bits != 0) {
      const op = operationIn((word << 6) | u32(ctz(bits)));
      bits &= bits - 1;
      if (op != due) store<i32>(to + (howMany++ << 2), op);
    }
  }
  return howMany;
}
