import { present } from "../../harness/base/invariant.ts";
import type { Budget } from "../../harness/contracts/checker.ts";
import { never } from "../../harness/history/history.ts";
import type { SearchOutcome, SearchPartial } from "../search/problem.ts";
import { ModelStop } from "./automaton.ts";
import type { ObjectOperation, ObjectOperations } from "./object-problem.ts";
import type { SearchModel } from "./search-of-models.ts";

/** Steps of all searches for evidence together. Chosen: a fraction of what the search itself may take. */
const mostSteps = 400_000;
/** Steps of one of them, beside some for each operation: one that takes longer keeps its operations. */
const stepsOfTrial = 20_000;
/** Searches for evidence. Chosen: enough to try 200 operations one by one. */
const mostTrials = 400;

/** Operations without any order that explains them, and the longest orders that explain some of them. */
export interface Evidence {
  readonly operations: readonly ObjectOperation[];
  readonly partials: readonly SearchPartial[];
}

/**
 * The fewest operations of an illegal history that are still illegal. First all that came after the first event at
 * which no order was left; then each operation, many at a time, is made to have no known outcome, so that it may
 * take effect anywhere or nowhere. If even then no order is left, it was not what made the history illegal: what
 * remains is illegal by itself, and no operation that was left out could have explained it.
 */
export function fewestIllegal(
  whole: ObjectOperations,
  partials: readonly SearchPartial[],
  search: SearchModel,
  budget: Budget,
): Evidence {
  const trials = new Trials(whole, search, budget);
  const kept = relaxWhatCan(upToFirstContradiction(whole.operations, trials), trials);
  const core = kept.filter(({ ret }) => ret !== never);
  const outcome = trials.searched(core, budget);
  // A budget may be too small even for fewer operations: then those that are known to be illegal stand.
  return outcome?.answer === "illegal"
    ? { operations: core, partials: outcome.partials }
    : { operations: whole.operations, partials };
}

/** Searches within what is left of the steps and trials. */
class Trials {
  readonly whole: ObjectOperations;
  readonly #search: SearchModel;
  readonly #budget: Budget;
  #steps: number;
  #left = mostTrials;

  constructor(whole: ObjectOperations, search: SearchModel, budget: Budget) {
    this.whole = whole;
    this.#search = search;
    this.#budget = budget;
    this.#steps = Math.min(mostSteps, budget.steps);
  }

  get areOver(): boolean {
    return this.#left === 0 || this.#steps <= 0;
  }

  /** Whether these operations are known to be illegal. */
  isIllegal(operations: readonly ObjectOperation[]): boolean {
    if (this.areOver) return false;
    this.#left -= 1;
    const steps = Math.min(this.#steps, stepsOfTrial + 4 * operations.length);
    const outcome = this.searched(operations, { ...this.#budget, steps });
    this.#steps -= outcome?.steps ?? steps;
    return outcome?.answer === "illegal";
  }

  /** What a search says; null where the model fails on operations that nobody asked it about before. */
  searched(operations: readonly ObjectOperation[], budget: Budget): SearchOutcome | null {
    try {
      return this.#search(this.whole.problem(operations), budget);
    } catch (error) {
      if (error instanceof ModelStop) return null;
      throw error;
    }
  }

  /** The operations with those from one place to another, without it, made to have no known outcome. */
  relaxed(operations: readonly ObjectOperation[], from: number, to: number): readonly ObjectOperation[] {
    return operations.flatMap((operation, at) => {
      if (at < from || at >= to || operation.ret === never) return operation;
      return this.whole.relaxed(operation) ?? [];
    });
  }
}

/** Without what began after the first completion that no order reaches; what was under way then is relaxed. */
function upToFirstContradiction(
  operations: readonly ObjectOperation[],
  trials: Trials,
): readonly ObjectOperation[] {
  const ends = operations.flatMap(({ ret }) => (ret === never ? [] : ret)).sort((a, b) => a - b);
  let cut = operations;
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const fewer = until(operations, present(ends[middle], "an end"), trials.whole);
    if (trials.isIllegal(fewer)) {
      cut = fewer;
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return cut;
}

/** What had begun when the event at that place happened, without the outcomes that were not known then. */
function until(
  operations: readonly ObjectOperation[],
  end: number,
  whole: ObjectOperations,
): readonly ObjectOperation[] {
  return operations.flatMap((operation) => {
    if (operation.call > end) return [];
    if (operation.ret === never || operation.ret <= end) return operation;
    return whole.relaxed(operation) ?? [];
  });
}

/** Tries halves first, then quarters, down to single operations, from the latest to the first. */
function relaxWhatCan(operations: readonly ObjectOperation[], trials: Trials): readonly ObjectOperation[] {
  let kept = operations;
  for (let size = kept.length >>> 1; size >= 1 && !trials.areOver; size >>>= 1) {
    for (let to = kept.length; to > 0 && !trials.areOver; to -= size) {
      const fewer = trials.relaxed(kept, Math.max(0, to - size), to);
      const isAnyLess = fewer.length < kept.length || fewer.some((each, at) => each !== kept[at]);
      if (isAnyLess && trials.isIllegal(fewer)) kept = fewer;
    }
  }
  return kept;
}
