import type { Budget } from "../../harness/contracts/checker.ts";
import { searchBytes } from "../wasm/search-bytes.ts";
import { bytesOfBase64, searchMaker } from "../wasm/search-instance.ts";
import type { ModelProblem, RegisterProblem, SearchOutcome } from "./problem.ts";
import type { SearchOperation } from "./search-operations.ts";
import { Searcher } from "./searcher.ts";

/** The searches of one compiled engine. */
export interface Searches {
  searchRegister(problem: RegisterProblem, budget: Budget): SearchOutcome;
  searchModel(problem: ModelProblem, budget: Budget): SearchOutcome;
}

/** Searches that run the given WebAssembly, so that planted mutants can be tried; compiled at the first use. */
export function searchWith(bytes: () => Uint8Array): Searches {
  const searcher = new Searcher(searchMaker(bytes));
  return {
    searchRegister: (problem, budget) => searcher.ofRegister(problem, budget),
    searchModel: (problem, budget) => searcher.ofModel(problem, budget),
  };
}

const own = searchWith(() => bytesOfBase64(searchBytes));

/**
 * Searches an order of a register's operations that explains all answers (J. Wing, C. Gong, "Testing and
 * Verifying Concurrent Objects", 1993). Deterministic; the budget is in steps (choices between several
 * operations) and in bytes of the engine's memory.
 */
export function searchRegister(problem: RegisterProblem, budget: Budget): SearchOutcome {
  return own.searchRegister(problem, budget);
}

/** The same for any model: what it does in each state is asked once. */
export function searchModel(problem: ModelProblem, budget: Budget): SearchOutcome {
  return own.searchModel(problem, budget);
}

/** What the search says of operations in a list. */
export type SearchAnswer = SearchOutcome["answer"];

/** Searches an order of operations in a list, in order of invocation. */
export function searchOrder(operations: readonly SearchOperation[], budget: Budget): SearchAnswer {
  return searchRegister(problemOf(operations), budget).answer;
}

function problemOf(operations: readonly SearchOperation[]): RegisterProblem {
  return {
    length: operations.length,
    call: Int32Array.from(operations, ({ call }) => call),
    ret: Int32Array.from(operations, ({ ret }) => ret),
    needs: Int32Array.from(operations, ({ needs }) => needs),
    refuses: Int32Array.from(operations, ({ refuses }) => refuses),
    leaves: Int32Array.from(operations, ({ leaves }) => leaves),
  };
}
