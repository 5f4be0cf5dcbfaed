import { parentPort } from "node:worker_threads";
import { invariant, present } from "../base/invariant.ts";
import type { Budget, Checker } from "../contracts/checker.ts";
import type { SharedHistory } from "./judge-shared-history.ts";
import { SlicedHistory } from "./judge-shared-history.ts";
import type { PlacedVerdict, SliceVerdicts } from "./judge-slice.ts";
import { judgeSlice } from "./judge-slice.ts";
import type { Slices } from "./judge-slices.ts";

/** What a thread is to judge: slices as they come up, until none is left. */
export interface JudgeJob {
  readonly history: SharedHistory;
  readonly slices: Slices;
  readonly checkers: readonly string[];
  readonly budget: Budget;
  /** One integer, shared: the next slice that nobody has taken. */
  readonly next: Int32Array;
  /** Two integers, shared with the thread that waits: the slice that is being judged and the place in it, or −1. */
  readonly progress: Int32Array;
  /** A slice that another thread died over, and what it died over. */
  readonly resumed: { readonly slice: number; readonly lost: readonly PlacedVerdict[] } | null;
}

/** What a thread tells of a job; what it cannot tell, its death does. */
export type JudgeAnswer =
  | { readonly kind: "slice"; readonly verdicts: SliceVerdicts }
  | { readonly kind: "done" }
  /** A checker threw: that is a bug, here as in one thread. */
  | { readonly kind: "threw"; readonly error: unknown };

/** Finds a checker by its name, or null. */
export type CheckerNamed = (name: string) => Checker | null;

/** Judges histories in a worker thread for as long as it lives. The thread's entry file calls it once. */
export function serveJudge(named: CheckerNamed): void {
  const port = parentPort;
  invariant(port !== null, "histories are judged in a worker thread");
  const tell = (answer: JudgeAnswer): void => port.postMessage(answer);
  port.on("message", (job: JudgeJob) => {
    try {
      work(job, named, tell);
      tell({ kind: "done" });
    } catch (error) {
      tell({ kind: "threw", error });
    }
  });
}

function work(job: JudgeJob, named: CheckerNamed, tell: (answer: JudgeAnswer) => void): void {
  const { slices, checkers, budget, next, progress, resumed } = job;
  const judges = checkers.map((name) => present(named(name), `the checker ${name}`));
  const sliced = new SlicedHistory(job.history, slices);
  const begin = (place: number): void => {
    Atomics.store(progress, 1, place);
  };
  const judge = (slice: number, lost: readonly PlacedVerdict[]): void => {
    begin(-1);
    Atomics.store(progress, 0, slice);
    tell({ kind: "slice", verdicts: judgeSlice(slice, sliced.slice(slice), judges, budget, begin, lost) });
  };
  if (resumed !== null) judge(resumed.slice, resumed.lost);
  for (;;) {
    const slice = Atomics.add(next, 0, 1);
    if (slice >= slices.count) return;
    judge(slice, []);
  }
}
