/**
 * The search: depth first over the returns, in order (J. Wing, C. Gong, "Testing and Verifying Concurrent
 * Objects", 1993; just in time after G. Lowe, "Testing for Linearizability", 2017).
 */
import { absorbed, candidateAt, candidateCount, isPlainWrite } from "./candidates";
import { hasKind, isModel } from "./columns";
import { absorb, advance, event, take } from "./configuration";
import { comparisonSteps, isDead, rememberDead } from "./dead";
import { eventAt, eventCount } from "./events";
import {
  frame, frameLength, frameNeedsCas, hasMore, nextCandidate, popFrame, pushFrame, returnToFrame,
} from "./frames";
import { outOfBytes } from "./memory";
import { gatherOfModel } from "./model-candidates";
import { noteRefusal, noteTakenBack } from "./partials";
import { gatherOfRegister } from "./register-candidates";

export const linearizable: i32 = 0;
export const illegal: i32 = 1;
export const outOfSteps: i32 = 2;
export const noMemory: i32 = 3;
const goOn: i32 = -1;

/** Choices without an alternative that may follow one another before one is remembered all the same. Chosen. */
const mostForced: u32 = 32;

export let steps: u64 = 0;
/** Steps at which the search last got further than ever, and how far. */
let progressAt: u64 = 0;
let progress: u32 = 0;
/** A write was taken for the sake of a cas alone, so a cas must be next. */
let needsCas: bool = false;
let forced: u32 = 0;

export function startSearch(): void {
  steps = 0;
  progressAt = 0;
  progress = 0;
  needsCas = false;
  forced = 0;
}

/**
 * Searches until there is an answer, or so many steps were taken in all, or so many since it last got further.
 * Can be called again to go on.
 */
export function search(mostSteps: u64, patience: u64): i32 {
  let answer = goOn;
  while (answer == goOn) {
    const due = advance(eventCount);
    if (due < 0) return linearizable;
    if (event > progress) {
      progress = event;
      progressAt = steps;
    }
    if (steps >= mostSteps || steps - progressAt >= patience) {
      noteRefusal(due);
      return outOfSteps;
    }
    answer = decide(due);
    if (outOfBytes) answer = noMemory;
  }
  return answer;
}

function decide(due: i32): i32 {
  if (isModel) gatherOfModel(due);
  else gatherOfRegister(due, needsCas);
  if (candidateCount == 0) {
    noteRefusal(due);
    return backtrack();
  }
  if (candidateCount == 1 && forced < mostForced) {
    forced++;
    apply(candidateAt(0), due);
    return goOn;
  }
  forced = 0;
  if (isDead(needsCas)) return backtrack();
  const candidate = candidateAt(0);
  if (!pushFrame(needsCas)) return noMemory;
  return spend(candidate, due);
}

/** Takes one of several candidates. */
function spend(candidate: u32, due: i32): i32 {
  steps += 1 + comparisonSteps();
  apply(candidate, due);
  return goOn;
}

function apply(candidate: u32, due: i32): void {
  if ((candidate & absorbed) != 0) {
    absorb(candidate & ~absorbed);
    needsCas = false;
    return;
  }
  const explainsSome = take(candidate);
  needsCas = !explainsSome && i32(candidate) != due && (isPlainWrite(candidate) || (!isModel && hasKind(candidate)));
}

/** Back to the last choice that has another candidate. */
function backtrack(): i32 {
  while (frame != 0) {
    noteTakenBack(frameLength());
    returnToFrame();
    needsCas = frameNeedsCas();
    if (hasMore()) return spend(nextCandidate(), eventAt(event) >> 1);
    if (!rememberDead(needsCas)) return noMemory;
    popFrame();
  }
  return illegal;
}
