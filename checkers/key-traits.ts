import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import { Fn, Outcome } from "../harness/history/history.ts";
import { oncePerHistory } from "./once-per-history.ts";
import { isRefusal } from "./register/register-operations.ts";

/** What occurs in the histories of keys, by key id. */
export interface KeyTraits {
  /** Bits of `Trait`. */
  readonly traits: Uint8Array;
  /** Operations that ended `ok`, and compare-and-sets that met another value. */
  readonly answered: Int32Array;
}

/** What may occur in a key's history, as bits. Deletes that definitely failed do not count. */
export const Trait = { delete: 1, cas: 2, otherFunction: 4, nullWritten: 8 } as const;

/** What occurs in the histories of keys; one pass over a history tells of all of them. */
export const keyTraits: (history: History) => KeyTraits = oncePerHistory(findTraits);

function findTraits(history: History): KeyTraits {
  const { length, key, f, outcome, argument, keys } = history;
  const traits = new Uint8Array(keys.length);
  const answered = new Int32Array(keys.length);
  for (let row = 0; row < length; row += 1) {
    const keyId = cell(key, row);
    const ended = cell(outcome, row);
    if (ended === Outcome.ok || isRefusal(history, row)) answered[keyId] = cell(answered, keyId) + 1;
    const kind = cell(f, row);
    if (kind === Fn.read) continue;
    const trait = traitOf(kind, cell(argument, row), ended);
    if (trait !== 0) traits[keyId] = cell(traits, keyId) | trait;
  }
  return { traits, answered };
}

function traitOf(kind: number, argument: number, outcome: number): number {
  if (kind === Fn.write) return argument === 0 ? Trait.nullWritten : 0;
  if (kind === Fn.cas) return Trait.cas;
  if (kind === Fn.delete) return outcome === Outcome.fail ? 0 : Trait.delete;
  return Trait.otherFunction;
}
