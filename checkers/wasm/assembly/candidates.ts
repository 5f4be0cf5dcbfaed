/**
 * What can be taken next, when the operation `due` is about to return and is not in the order. Operations are
 * taken only when a return demands it ("just-in-time linearization", G. Lowe, 2017): any order can be brought
 * into that form by taking each operation as late as the next return allows.
 *
 * Of operations that do the same, only the one that returns first is tried: had a later one been taken in its
 * stead, the two could change places.
 */
import { allocate } from "./memory";
import { demandOf, effectOf, isModel, isPlain, returnOf } from "./columns";
import { slotCount } from "./events";
import { kindSlots } from "./kinds";

/** Marks a candidate that is put where it can be had for nothing, and not taken. */
export const absorbed: u32 = 0x80000000;

let list: u32 = 0;
export let candidateCount: u32 = 0;

export function makeCandidates(): bool {
  list = allocate(u64(slotCount + kindSlots + 2) << 2);
  return list != 0;
}

@inline export function clearCandidates(): void { candidateCount = 0; }
@inline export function candidateAt(place: u32): u32 { return load<u32>(list + (place << 2)); }
@inline export function addCandidate(op: u32): void { store<u32>(list + (candidateCount++ << 2), op); }

/** Adds an operation that returns, unless one that does the same and returns earlier is there. */
export function addEarliest(op: i32): void {
  const like = placeOfLike(demandOf(op), effectIn(op));
  if (like < 0) addCandidate(op);
  else if (returnOf(op) < returnOf(candidateAt(like))) store<u32>(list + (like << 2), op);
}

/** Whether a candidate does the same. */
export function hasLike(demand: i32, effect: i32): bool {
  return placeOfLike(demand, effect) >= 0;
}

@inline function effectIn(op: i32): i32 { return isModel ? 0 : effectOf(op); }

function placeOfLike(demand: i32, effect: i32): i32 {
  for (let place: u32 = 0; place < candidateCount; place++) {
    const op = candidateAt(place);
    if ((op & absorbed) == 0 && demandOf(op) == demand && effectIn(op) == effect) return place;
  }
  return -1;
}

/** Puts in front the first candidate after which the state would be `wanted`. Only a guess at what succeeds first. */
export function preferState(wanted: i32, now: i32): void {
  for (let place: u32 = 0; place < candidateCount; place++) {
    const candidate = candidateAt(place);
    const after = (candidate & absorbed) != 0 ? now : effectOf(candidate);
    if (after != wanted) continue;
    for (; place > 0; place--) store<u32>(list + (place << 2), candidateAt(place - 1));
    store<u32>(list, candidate);
    return;
  }
}

/** Whether the operation is a plain write in a history of a register. */
@inline export function isPlainWrite(op: u32): bool {
  return !isModel && (op & absorbed) == 0 && isPlain(op);
}
