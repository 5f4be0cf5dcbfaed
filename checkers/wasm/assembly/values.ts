/** What is known of each value of the register: how often it is still asked for, and who could still bring it. */
import { allocateCleared } from "./memory";

const recordBytes: u32 = 20;
let records: u32 = 0;
export let valueCount: i32 = 0;
/** Refusals ("another value than v was there") that are not in the order yet. */
export let refusalsLeft: i32 = 0;
/** Place of the last return of a refusal; −1 where there is none. */
export let lastRefusal: i32 = -1;

export function makeValues(values: i32): bool {
  valueCount = values;
  refusalsLeft = 0;
  lastRefusal = -1;
  records = allocateCleared(u64(values) * recordBytes);
  return records != 0;
}

@inline function record(value: i32): u32 { return records + u32(value) * recordBytes; }

/** Answered operations that need the value and are not in the order yet, called or not. */
@inline export function needsLeft(value: i32): i32 { return load<i32>(record(value)); }
@inline export function addNeeds(value: i32, more: i32): void {
  store<i32>(record(value), load<i32>(record(value)) + more);
}

/** Operations that leave the value and are neither in the order yet nor dropped. */
@inline export function writersLeft(value: i32): i32 { return load<i32>(record(value), 4); }
@inline export function addWriters(value: i32, more: i32): void {
  store<i32>(record(value), load<i32>(record(value), 4) + more, 4);
}

/** Place of the last return of those who need the value; `never` where one of unknown outcome does. */
@inline export function lastNeed(value: i32): i32 { return load<i32>(record(value), 8) - 1; }
@inline export function setLastNeed(value: i32, place: i32): void { store<i32>(record(value), place + 1, 8); }

/** The kind of the writes of unknown outcome that leave the value, or −1. */
@inline export function kindOfValue(value: i32): i32 { return load<i32>(record(value), 12) - 1; }
@inline export function setKindOfValue(value: i32, kind: i32): void { store<i32>(record(value), kind + 1, 12); }

/** Number of the look-around that last saw an open operation that needs the value. */
@inline export function wantedAt(value: i32): i32 { return load<i32>(record(value), 16); }
@inline export function setWanted(value: i32, round: i32): void { store<i32>(record(value), round, 16); }

@inline export function addRefusals(more: i32): void { refusalsLeft += more; }
export function noteRefusal(place: i32): void {
  refusalsLeft += 1;
  if (place > lastRefusal) lastRefusal = place;
}
