import type { Budget } from "../../harness/contracts/checker.ts";
import { searchBytes } from "../wasm/search-bytes.ts";
import { bytesOfBase64, searchMaker } from "../wasm/search-instance.ts";
import { searchPatiently } from "./patient-search.ts";
import type { ModelProblem, RegisterProblem, SearchOutcome } from "./problem.ts";
import { Answer, Searcher } from "./searcher.ts";

/** The searches of one compiled engine. */
export interface Searches {
  searchRegister(problem: RegisterProblem, budget: Budget): SearchOutcome;
  searchModel(problem: ModelProblem, budget: Budget): SearchOutcome;
}

/** Searches that run the given WebAssembly, so that planted mutants can be tried; compiled at the first use. */
export function searchWith(bytes: () => Uint8Array): Searches {
  const make = searchMaker(bytes);
  const main = new Searcher(make);
  const aside = new Searcher(make);
  return {
    searchRegister: (problem, budget) => searchPatiently(main, aside, problem, budget),
    searchModel: (problem, budget) => {
      const answer = main.beginModel(problem, budget.bytes)
        ? main.goOn(budget.steps, budget.steps)
        : Answer.outOfBytes;
      return main.outcome(problem, answer, main.cost());
    },
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
