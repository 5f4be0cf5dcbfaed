/**
 * The states of a model after each class of operation, as the host told them: asked once for each pair, kept in a
 * table with open addressing that doubles when it is half full.
 */
import { allocate } from "./memory";
import { count, demandOf, dropped, never, returnOf, setKind, setSlot } from "./columns";
import { mergeEvents } from "./events";
import { addKind, joinKind, makeKinds } from "./kinds";

// @ts-ignore: decorator
@external("host", "step")
declare function askHost(state: i32, operationClass: i32): i32;

const entryBytes: u32 = 12;
let classes: u32 = 0;
let readOnly: u32 = 0;
let table: u32 = 0;
let last: u32 = 0;
let filled: u32 = 0;

/** Room for a byte a class: 1 where it never changes the state. */
export function reserveClasses(howMany: u32): u32 {
  classes = howMany;
  readOnly = allocate(howMany);
  return readOnly;
}

@inline export function isReadOnly(operationClass: i32): bool { return load<u8>(readOnly + operationClass) != 0; }

/** Operations of unknown outcome that never change the state prove nothing; the others are counted by class. */
export function prepareModel(): bool {
  const kinds = allocate(u64(classes) << 2);
  let pending: u32 = 0;
  for (let op = 0; op < i32(count); op++) if (returnOf(op) == never) pending++;
  if (kinds == 0 || !makeKinds(pending) || !makeTable(1024)) return false;
  memory.fill(kinds, 0xff, classes << 2);
  for (let op = 0; op < i32(count); op++) {
    if (returnOf(op) != never) continue;
    if (isReadOnly(demandOf(op))) {
      setSlot(op, dropped);
      continue;
    }
    const at = kinds + (demandOf(op) << 2);
    let kind = load<i32>(at);
    if (kind < 0) {
      kind = addKind(demandOf(op), 0);
      store<i32>(at, kind);
    }
    joinKind(kind, op);
    setKind(op, kind);
  }
  return mergeEvents();
}

function makeTable(size: u32): bool {
  table = allocate(u64(size) * entryBytes);
  if (table == 0) return false;
  last = size - 1;
  filled = 0;
  memory.fill(table, 0xff, size * entryBytes);
  return true;
}

/** The state after an operation of that class, or −1 where the model forbids it. */
export function stateAfter(state: i32, operationClass: i32): i32 {
  let at = placeOf(state, operationClass);
  if (load<i32>(at) >= 0) return load<i32>(at, 8);
  const next = askHost(state, operationClass);
  if (filled * 2 > last) {
    // Without memory for a larger table the answer is only not kept; the search ends at its next step.
    if (!doubleTable()) return next;
    at = placeOf(state, operationClass);
  }
  filled++;
  store<i32>(at, state);
  store<i32>(at, operationClass, 4);
  store<i32>(at, next, 8);
  return next;
}

/** Where the pair stands, or would. */
function placeOf(state: i32, operationClass: i32): u32 {
  let place = u32(state) * 0x9e3779b1 + u32(operationClass) * 0x85ebca6b;
  place ^= place >> 15;
  while (true) {
    const at = table + (place & last) * entryBytes;
    const found = load<i32>(at);
    if (found < 0 || (found == state && load<i32>(at, 4) == operationClass)) return at;
    place++;
  }
}

function doubleTable(): bool {
  const old = table;
  const size = last + 1;
  const kept = filled;
  if (!makeTable(size * 2)) {
    table = old;
    return false;
  }
  for (let at = old; at < old + size * entryBytes; at += entryBytes) {
    if (load<i32>(at) < 0) continue;
    const to = placeOf(load<i32>(at), load<i32>(at, 4));
    memory.copy(to, at, entryBytes);
  }
  filled = kept;
  return true;
}
