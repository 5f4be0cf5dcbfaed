import { present } from "../../harness/base/invariant.ts";
import type { Budget } from "../../harness/contracts/checker.ts";
import { never } from "../../harness/history/history.ts";
import type { SearchOutcome, SearchPartial } from "../search/problem.ts";
import type { Searches } from "../search/search.ts";
import { ModelStop } from "./automaton.ts";
import type { ObjectOperation, ObjectOperations } from "./object-problem.ts";
import { free } from "./object-problem.ts";

/** A search over the operations of a model. */
export type SearchModel = Searches["searchModel"];

/** What one search for evidence may take of the budget. Chosen: one that takes longer keeps its operations. */
const shareOfTrial = 1 / 16;
/** How long the search for evidence goes on. */
export interface EvidenceLimits {
  /** Searches. */
  readonly trials: number;
  /** Operations that all of them are given together. */
  readonly operations: number;
}

/**
 * Chosen: enough searches to try 200 operations one by one, and as many operations as take about a second where none
 * of them is a choice.
 */
const ampleLimits: EvidenceLimits = { trials: 400, operations: 1_000_000 };

/** Operations without any order that explains them, and the longest orders that explain some of them. */
export interface Evidence {
  readonly operations: readonly ObjectOperation[];
  readonly partials: readonly SearchPartial[];
}

/**
 * The fewest operations of an illegal history that are still illegal. First all goes that began after the first
 * completion at which no order was left; then operations are set free, many at a time: with no known outcome, at
 * no known time, they may take effect anywhere or nowhere. If even then no order is left, they had no part in it:
 * what remains is illegal by itself, and nothing that is left out could have explained it at any other time.
 */
export function fewestIllegal(
  whole: ObjectOperations,
  partials: readonly SearchPartial[],
  search: SearchModel,
  budget: Budget,
  limits: EvidenceLimits = ampleLimits,
): Evidence {
  const trials = new Trials(whole, search, budget, limits);
  const kept = freeWhatCan(upToFirstContradiction(whole.operations, trials), trials);
  const core = kept.filter(({ call }) => call !== free);
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
  #trials: number;
  #operations: number;

  constructor(whole: ObjectOperations, search: SearchModel, budget: Budget, limits: EvidenceLimits) {
    this.whole = whole;
    this.#search = search;
    this.#budget = budget;
    this.#steps = budget.steps;
    this.#trials = limits.trials;
    this.#operations = limits.operations;
  }

  get areOver(): boolean {
    return this.#trials === 0 || this.#steps <= 0 || this.#operations <= 0;
  }

  /** Whether these operations are known to be illegal. */
  isIllegal(operations: readonly ObjectOperation[]): boolean {
    if (this.areOver) return false;
    this.#trials -= 1;
    this.#operations -= operations.length;
    const steps = Math.min(this.#steps, Math.ceil(this.#budget.steps * shareOfTrial));
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

  /** The operations, with those from one place to another, without it, set free. */
  freed(operations: readonly ObjectOperation[], from: number, to: number): readonly ObjectOperation[] {
    return operations.flatMap((operation, at) => {
      if (at < from || at >= to || operation.call === free) return operation;
      return this.whole.freed(operation) ?? [];
    });
  }
}

/** Without what began after the first completion that no order reaches. */
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
    return whole.unheard(operation) ?? [];
  });
}

/** Tries halves first, then quarters, down to single operations, from the latest to the first. */
function freeWhatCan(operations: readonly ObjectOperation[], trials: Trials): readonly ObjectOperation[] {
  let kept = operations;
  for (let size = kept.length >>> 1; size >= 1 && !trials.areOver; size >>>= 1) {
    for (let to = kept.length; to > 0 && !trials.areOver; to -= size) {
      const from = Math.max(0, to - size);
      const isAnyLeft = kept.slice(from, to).some(({ call }) => call !== free);
      if (!isAnyLeft) continue;
      const fewer = trials.freed(kept, from, to);
      if (trials.isIllegal(fewer)) kept = fewer;
    }
  }
  return kept;
}
