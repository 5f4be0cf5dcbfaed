/** What the host calls: `reserve` columns, write them, `run`, and read the answer where the functions below say it is. */
import { makeCandidates } from "./candidates";
import { reserveColumns } from "./columns";
import { event, makeConfiguration } from "./configuration";
import { forgetDead } from "./dead";
import { emptyFrames } from "./frames";
import { logLength, logStart, makeLog } from "./log";
import { peakBytes as peak, resetArena } from "./memory";
import { forgetPartials, partialCount } from "./partials";
import { prepareRegister } from "./prepare-register";
import { resetRounds } from "./register-candidates";
import { noMemory, search, steps } from "./search";
import { prepareModel, reserveClasses } from "./transitions";

let ofModel: bool = false;

/** Empties the arena. The address of the columns (columns.ts), or 0 where the bytes do not suffice. */
export function reserve(operations: u32, isModel: bool, mostBytes: f64): u32 {
  resetArena(u64(mostBytes));
  ofModel = isModel;
  return reserveColumns(operations, isModel);
}

/** The address of a byte for each class of a model, or 0. */
export function reserveReadOnly(classes: u32): u32 {
  return reserveClasses(classes);
}

/** Prepares the columns and searches: 0 linearizable, 1 illegal, 2 out of steps, 3 out of bytes. */
export function run(mostSteps: f64): i32 {
  forgetPartials();
  if (!(ofModel ? prepareModel() : prepareRegister())) return noMemory;
  if (!makeLog() || !makeConfiguration() || !makeCandidates()) return noMemory;
  forgetDead();
  emptyFrames();
  resetRounds();
  return search(u64(mostSteps));
}

export function stepsTaken(): f64 { return f64(steps); }
export function peakBytes(): f64 { return f64(peak()); }
/** The order: pairs of an operation and −1, or the entry before which it belongs. */
export function orderStart(): u32 { return logStart(); }
export function orderLength(): u32 { return logLength; }
/** Notes where the search stands as a partial order, for answers without any. */
export function eventsPassed(): u32 { return event; }
export function partials(): u32 { return partialCount; }
export { partialLength, partialStart, refusedCount, refusedStart } from "./partials";
