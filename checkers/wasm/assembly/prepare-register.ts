/** Turns the columns of a register's key into what the search needs: O(operations), whatever the ids of the values. */
import { allocate, mark, outOfBytes, release } from "./memory";
import {
  count, demandOf, dropped, effectOf, never, refusedBy, returnOf, setDemand, setEffect, setKind, setSlot, slotOf,
} from "./columns";
import { addKind, effectOfKind, demandOfKind, joinKind, kindCount, makeKinds } from "./kinds";
import { makeNames, nameOf, namesGiven } from "./names";
import { mergeEvents } from "./events";
import {
  addNeeds, addWriters, kindOfValue, lastNeed, lastRefusal, makeValues, noteRefusal, setKindOfValue, setLastNeed,
} from "./values";

/** A demand that no state fulfils: of a cas that needs the value which it refuses. */
let impossible: i32 = 0;
let pending: u32 = 0;

/** The register holds `initial` at first, which becomes value 0. False where the budget of bytes does not suffice. */
export function prepareRegister(initial: i32): bool {
  const start = mark();
  if (!makeNames()) return false;
  nameOf(initial);
  if (!renameValues()) return false;
  impossible = namesGiven;
  release(start);
  if (!makeValues(impossible + 1) || !makeKinds(pending)) return false;
  countDemands();
  return gatherKinds() && mergeEvents();
}

/** Values become small numbers, in order of appearance; needs and refusals become demands. */
function renameValues(): bool {
  pending = 0;
  for (let op = 0; op < i32(count); op++) {
    const needed = demandOf(op);
    const refused = refusedBy(op);
    const left = effectOf(op);
    if (returnOf(op) == never) pending++;
    // A cas from a value to itself changes nothing, like a read of it.
    setEffect(op, left < 0 || left == needed ? -1 : nameOf(left));
    if (needed >= 0) setDemand(op, needed == refused ? -1 << 30 : nameOf(needed));
    else setDemand(op, refused < 0 ? -1 : -2 - nameOf(refused));
    if (outOfBytes) return false;
  }
  return true;
}

function countDemands(): void {
  for (let op = 0; op < i32(count); op++) {
    if (demandOf(op) == -1 << 30) setDemand(op, impossible);
    const demand = demandOf(op);
    const place = returnOf(op);
    const changes = effectOf(op) >= 0;
    if (place == never && !changes) {
      // Of unknown outcome, and it changes nothing: it proves nothing either.
      setSlot(op, dropped);
    } else if (demand >= 0) {
      if (place != never) addNeeds(demand, 1);
      if (place > lastNeed(demand)) setLastNeed(demand, place);
    } else if (demand < -1 && place != never) {
      noteRefusal(place);
    } else if (demand == -1 && !changes) {
      setSlot(op, dropped);
    }
  }
}

/**
 * Writes of unknown outcome that nobody can have seen are dropped: had one of them taken effect, the order
 * without it would explain the same answers. A refusal that returned later may have seen any value.
 */
function gatherKinds(): bool {
  const start = mark();
  let size: u32 = 16;
  while (size < 2 * pending) size <<= 1;
  const casKinds = allocate(u64(size) << 2);
  if (casKinds == 0) return false;
  memory.fill(casKinds, 0xff, size << 2);
  for (let op = 0; op < i32(count); op++) {
    const call = slotOf(op);
    if (call == dropped) continue;
    const effect = effectOf(op);
    if (returnOf(op) == never) {
      if (max(lastNeed(effect), lastRefusal) < call) {
        setSlot(op, dropped);
        continue;
      }
      const kind = demandOf(op) == -1 ? kindOfWrite(effect) : kindOfCas(casKinds, size - 1, demandOf(op), effect);
      joinKind(kind, op);
      setKind(op, kind);
    }
    if (effect >= 0) addWriters(effect, 1);
  }
  release(start);
  return true;
}

function kindOfWrite(value: i32): i32 {
  let kind = kindOfValue(value);
  if (kind < 0) {
    kind = addKind(-1, value);
    setKindOfValue(value, kind);
  }
  return kind;
}

function kindOfCas(table: u32, last: u32, demand: i32, effect: i32): i32 {
  let place = (u32(demand) * 0x9e3779b1 + u32(effect) * 0x85ebca6b) >> 7;
  while (true) {
    const at = table + ((place & last) << 2);
    const kind = load<i32>(at);
    if (kind < 0) {
      store<i32>(at, kindCount);
      return addKind(demand, effect);
    }
    if (demandOfKind(kind) == demand && effectOfKind(kind) == effect) return kind;
    place++;
  }
}
