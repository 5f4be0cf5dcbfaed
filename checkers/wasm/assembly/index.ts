/** What the host calls: `reserve` columns, write them, `run`, and read the answer where the functions below say it is. */
import { makeCandidates } from "./candidates";
import { reserveColumns } from "./columns";
import { makeConfiguration } from "./configuration";
import { forgetDead } from "./dead";
import { emptyFrames } from "./frames";
import { logLength, logStart, makeLog } from "./log";
import { peakBytes as peak, resetArena, setLimit } from "./memory";
import { forgetPartials, partialCount } from "./partials";
import { prepareRegister } from "./prepare-register";
import { beginRounds } from "./register-candidates";
import { search, startSearch, steps } from "./search";
import { prepareModel, reserveClasses } from "./transitions";

let ofModel: bool = false;

/** Empties the arena. The address of the columns (columns.ts), or 0 where the bytes do not suffice. */
export function reserve(operations: u32, isModel: bool, mostBytes: f64): u32 {
  resetArena(u64(mostBytes));
  forgetPartials();
  startSearch();
  ofModel = isModel;
  return reserveColumns(operations, isModel);
}

/** The address of a byte for each class of a model, or 0. */
export function reserveReadOnly(classes: u32): u32 {
  return reserveClasses(classes);
}

/**
 * Prepares the columns. A register holds `initial` at first. Without `foresight` the search is slower, but goes on
 * to the operation that cannot be explained. False where the bytes do not suffice.
 */
export function prepare(initial: i32, foresight: bool): bool {
  if (!(ofModel ? prepareModel() : prepareRegister(initial))) return false;
  if (!makeLog() || !makeConfiguration() || !makeCandidates()) return false;
  forgetDead();
  emptyFrames();
  beginRounds(foresight);
  return true;
}

/** How many bytes the search that was begun may take in all, where something else needs the others. */
export function allow(mostBytes: f64): void {
  setLimit(u64(mostBytes));
}

/** Searches, or goes on: 0 linearizable, 1 illegal, 2 out of steps or patience, 3 out of bytes (search.ts). */
export function run(mostSteps: f64, patience: f64): i32 {
  return search(u64(mostSteps), u64(patience));
}

export function stepsTaken(): f64 { return f64(steps); }
export function peakBytes(): f64 { return f64(peak()); }
/** The order: pairs of an operation and −1, or the entry before which it belongs. */
export function orderStart(): u32 { return logStart(); }
export function orderLength(): u32 { return logLength; }
export function partials(): u32 { return partialCount; }
export { partialLength, partialStart, refusedCount, refusedStart } from "./partials";
