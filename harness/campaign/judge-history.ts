import { availableParallelism } from "node:os";
import type { HistoryCheck, HistoryModel } from "../../checkers/check-history.ts";
import { concludeCheck, planCheck } from "../../checkers/check-history.ts";
import type { Model } from "../../checkers/models/model.ts";
import type { Budget } from "../contracts/checker.ts";
import { ampleBudget, check } from "../contracts/checker.ts";
import type { History } from "../history/history.ts";
import { JudgeThreads } from "./judge-threads.ts";

/** Operations from which on more threads are worth starting. Chosen: a thread takes as long to start as these take. */
const worthThreads = 100_000;
/** Most threads that are started unasked. Chosen: beyond, the copying of tables eats up what is won. */
const mostThreads = 8;

/** How a history is to be judged. */
export interface JudgeOptions {
  /** Worker threads; 0 judges in this one. By cores and size where it is left out. */
  readonly threads?: number;
  /** Room for each thread's heap, in MiB. */
  readonly memoryMb?: number;
  readonly budget?: Budget;
}

/** Judges a history by a model of ours or somebody's own, or by the one that its functions suggest, in as many threads as are worth it. */
export async function judgeHistory(
  history: History,
  model: HistoryModel | Model | null,
  options: JudgeOptions = {},
): Promise<HistoryCheck> {
  const { threads = threadsFor(history.length), memoryMb, budget = ampleBudget } = options;
  const plan = planCheck(history, model);
  if (threads === 0 || plan.checkers.length === 0) {
    return concludeCheck(
      plan,
      plan.checkers.map((checker) => check(checker, history, budget)),
    );
  }
  const team = new JudgeThreads({ threads, ...(memoryMb === undefined ? {} : { memoryMb }) });
  try {
    return concludeCheck(plan, await team.judge(history, plan.checkers, budget));
  } finally {
    await team.close();
  }
}

/** How many threads a history of so many operations is worth on this machine. */
export function threadsFor(operations: number, cores: number = availableParallelism()): number {
  return operations < worthThreads || cores < 2 ? 0 : Math.min(cores, mostThreads);
}
