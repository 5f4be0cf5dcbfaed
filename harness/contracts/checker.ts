import type { History } from "../history/history.ts";
import type { Verdict } from "../history/verdict.ts";

/**
 * A judge of histories: pure and synchronous, so that tasks can run in any thread and give the same answer.
 * `tasks` cuts the history (by keyspace and key), `run` judges a piece, `combine` puts the pieces together.
 */
export interface Checker {
  readonly name: string;
  /** What the history must be like for the verdict to mean anything; checked first. */
  readonly assumes: readonly string[];
  tasks(history: History): readonly CheckTask[];
  run(history: History, task: CheckTask, budget: Budget): PartialVerdict;
  combine(partials: readonly PartialVerdict[]): Verdict;
}

/** A piece of a history: one key of one keyspace, by key id, or the whole where `key` is −1. */
export interface CheckTask {
  readonly key: number;
}

/** How much a task may spend before it answers `unknown`. Steps, not seconds: a verdict must be repeatable. */
export interface Budget {
  readonly steps: number;
  readonly bytes: number;
}

/** What one task found. */
export type PartialVerdict = Verdict;

/** Enough for any history that a campaign makes. */
export const ampleBudget: Budget = { steps: 2_000_000, bytes: 256 * 1024 * 1024 };

/** Judges a whole history in this thread. */
export function check(checker: Checker, history: History, budget: Budget = ampleBudget): Verdict {
  return checker.combine(checker.tasks(history).map((task) => checker.run(history, task, budget)));
}
