import type { Budget } from "../../harness/contracts/checker.ts";
import type { RegisterProblem, SearchOutcome } from "./problem.ts";
import type { Searcher } from "./searcher.ts";
import { Answer } from "./searcher.ts";
import { statesBefore, windowOf } from "./window.ts";

/** Steps without getting further before windows are tried; eight times as many before the next time. Chosen. */
const firstPatience = 2_000;
const patienceGrowth = 8;
/** Operations before the refused one in the first window, and how much larger the next one is. Chosen. */
const firstWindow = 16;
const windowGrowth = 4;

/**
 * Searches a register's key depth first. Where that gets no further for a while, it tries to prove that there is no
 * way on from anything that may have come before, which takes a window just before the refused operation alone;
 * else all the ways to it must be found dead, back to the first operation. Not from the literature.
 */
export function searchPatiently(
  main: Searcher,
  aside: Searcher,
  problem: RegisterProblem,
  budget: Budget,
): SearchOutcome {
  if (!main.beginRegister(problem, budget.bytes)) return main.outcome(problem, Answer.outOfBytes, 0);
  let patience = firstPatience;
  let asideSteps = 0;
  while (true) {
    const answer = main.goOn(budget.steps - asideSteps, patience);
    const steps = main.steps() + asideSteps;
    if (answer !== Answer.outOfSteps || steps >= budget.steps) return main.outcome(problem, answer, steps);
    const most = Math.min(patience, budget.steps - steps);
    const proof = refute(aside, problem, main.furthestRefused(), { ...budget, steps: most });
    asideSteps += proof.steps;
    if (proof.from >= 0) return main.outcome(problem, Answer.illegal, steps + proof.steps);
    patience *= patienceGrowth;
  }
}

/** Where a window starts that has no order, or −1, and what it cost to know. */
export interface Refutation {
  readonly from: number;
  readonly steps: number;
}

/** Looks for a window that ends with the return of `due` and has no order from any state. */
export function refute(
  searcher: Searcher,
  problem: RegisterProblem,
  due: number,
  budget: Budget,
  smallest: number = firstWindow,
): Refutation {
  let steps = 0;
  for (let size = smallest; size < due && steps < budget.steps; size *= windowGrowth) {
    const from = due - size;
    const window = windowOf(problem, from, due);
    const answers = statesBefore(problem, from, window).every((initial) => {
      const most = budget.steps - steps;
      const answer = searcher.beginRegister({ ...window, initial }, budget.bytes)
        ? searcher.goOn(most, most)
        : Answer.outOfBytes;
      steps += searcher.steps();
      return answer === Answer.illegal;
    });
    if (answers) return { from, steps };
  }
  return { from: -1, steps };
}
