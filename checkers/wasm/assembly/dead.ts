/**
 * Configurations from which no order exists (after G. Lowe, "Testing for Linearizability", 2017, and porcupine,
 * which remember all they visit: only the dead ones can be met again). Kept exactly: no verdict rests on a hash.
 *
 * Dominance: a configuration is dead if a dead one at the same event and state is at least as good. That is
 * one that owes nothing more, has everything available that this one has, and has used no more of any kind: each step
 * from here could be imitated from there.
 */
import { allocate } from "./memory";
import { availableWord, event, owedWord, state } from "./configuration";
import { words } from "./events";
import { kindIn, kindSlots, usedOf } from "./kinds";

/** Comparisons that count as one step of the budget. Measured: a step costs about as much. */
const comparisonsPerStep: u32 = 16;
/** Entries are carved from pieces of this size. Chosen. */
const pieceBytes: u32 = 1 << 16;

/** Link, event, state with its flag; the masks and the counts of kinds follow. */
const headBytes: u32 = 12;
/** Events behind the present one after which an entry may be forgotten: only a long way back could meet it. Chosen. */
const staleAfter: u32 = 4_096;

let heads: u32 = 0;
let size: u32 = 0;
let kept: u32 = 0;
let entryBytes: u32 = 0;
let free: u32 = 0;
/** Entries that were forgotten, linked. */
let spare: u32 = 0;
let freeEnd: u32 = 0;
let compared: u32 = 0;

export function forgetDead(): void {
  heads = 0;
  size = 0;
  kept = 0;
  free = 0;
  spare = 0;
  freeEnd = 0;
  compared = 0;
  entryBytes = headBytes + (words << 4) + (kindSlots << 2);
}

@inline function hash(place: u32, tag: u32): u32 {
  let mixed = place * 0x9e3779b1 + tag * 0x85ebca6b;
  mixed ^= mixed >> 15;
  mixed *= 0x2c1b3c6d;
  return mixed ^ (mixed >> 13);
}

/** State, and whether the next operation must be a cas. */
@inline function tagOf(needsCas: bool): u32 { return (u32(state) << 1) | u32(needsCas); }

/** Steps of the budget that comparisons have cost since the last call. */
export function comparisonSteps(): u32 {
  const steps = compared / comparisonsPerStep;
  compared %= comparisonsPerStep;
  return steps;
}

export function isDead(needsCas: bool): bool {
  if (kept == 0) return false;
  const tag = tagOf(needsCas);
  let entry = load<u32>(heads + ((hash(event, tag) & (size - 1)) << 2));
  while (entry != 0) {
    compared++;
    if (load<u32>(entry, 4) == event && load<u32>(entry, 8) == tag && isAtLeastAsGood(entry)) return true;
    entry = load<u32>(entry);
  }
  return false;
}

function isAtLeastAsGood(entry: u32): bool {
  let at = entry + headBytes;
  for (let word: u32 = 0; word < words; word++) {
    if ((load<u64>(at) & ~owedWord(word)) != 0) return false;
    if ((availableWord(word) & ~load<u64>(at, 8)) != 0) return false;
    at += 16;
  }
  for (let slot = 0; slot < kindSlots; slot++) {
    const kind = kindIn(slot);
    if (kind >= 0 && load<i32>(at) > usedOf(kind)) return false;
    at += 4;
  }
  return true;
}

/** Room for an entry, or 0. */
function room(): u32 {
  if (spare != 0) {
    const entry = spare;
    spare = load<u32>(entry);
    return entry;
  }
  if (free + entryBytes > freeEnd) {
    const piece = max(pieceBytes, entryBytes);
    free = allocate(piece);
    freeEnd = free == 0 ? 0 : free + piece;
    if (free == 0) return 0;
  }
  const entry = free;
  free += entryBytes;
  return entry;
}

/** Remembers the present configuration. False where memory does not suffice. */
export function rememberDead(needsCas: bool): bool {
  if (kept >= size) {
    forgetStale();
    if (kept * 2 >= size && !doubleTable()) return false;
  }
  const entry = room();
  if (entry == 0) return false;
  const tag = tagOf(needsCas);
  const head = heads + ((hash(event, tag) & (size - 1)) << 2);
  store<u32>(entry, load<u32>(head));
  store<u32>(entry, event, 4);
  store<u32>(entry, tag, 8);
  store<u32>(head, entry);
  let at = entry + headBytes;
  for (let word: u32 = 0; word < words; word++) {
    store<u64>(at, owedWord(word));
    store<u64>(at, availableWord(word), 8);
    at += 16;
  }
  for (let slot = 0; slot < kindSlots; slot++) {
    const kind = kindIn(slot);
    store<i32>(at, kind < 0 ? 0 : usedOf(kind));
    at += 4;
  }
  kept++;
  return true;
}

function forgetStale(): void {
  for (let place: u32 = 0; place < size; place++) {
    let link = heads + (place << 2);
    while (load<u32>(link) != 0) {
      const entry = load<u32>(link);
      if (load<u32>(entry, 4) + staleAfter >= event) {
        link = entry;
        continue;
      }
      store<u32>(link, load<u32>(entry));
      store<u32>(entry, spare);
      spare = entry;
      kept--;
    }
  }
}

function doubleTable(): bool {
  const larger = max(size << 1, 256);
  const to = allocate(u64(larger) << 2);
  if (to == 0) return false;
  memory.fill(to, 0, larger << 2);
  for (let place: u32 = 0; place < size; place++) {
    let entry = load<u32>(heads + (place << 2));
    while (entry != 0) {
      const next = load<u32>(entry);
      const head = to + ((hash(load<u32>(entry, 4), load<u32>(entry, 8)) & (larger - 1)) << 2);
      store<u32>(entry, load<u32>(head));
      store<u32>(head, entry);
      entry = next;
    }
  }
  heads = to;
  size = larger;
  return true;
}
