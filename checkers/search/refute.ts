import type { Budget } from "../../harness/contracts/checker.ts";
import type { RegisterProblem } from "./problem.ts";
import type { Cost, Searcher } from "./searcher.ts";
import { Answer } from "./searcher.ts";
import { statesBefore, windowOf } from "./window.ts";

/** Operations before the refused one in the first window, and how much larger the next one is. Chosen. */
const firstWindow = 4;
const windowGrowth = 2;

/** Where a window starts that has no order, or −1, and what it cost to know. */
export interface Refutation extends Cost {
  readonly from: number;
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
  let peakBytes = 0;
  const isIllegal = (window: RegisterProblem): boolean => {
    const most = budget.steps - steps;
    const answer = searcher.beginRegister(window, budget.bytes)
      ? searcher.goOn(most, most)
      : Answer.outOfBytes;
    const cost = searcher.cost();
    steps += cost.steps;
    peakBytes = Math.max(peakBytes, cost.peakBytes);
    return answer === Answer.illegal;
  };
  for (let size = smallest; size < due && steps < budget.steps; size *= windowGrowth) {
    const from = due - size;
    const window = windowOf(problem, from, due);
    const states = statesBefore(problem, from, window);
    if (states.every((initial) => isIllegal({ ...window, initial }))) return { from, steps, peakBytes };
  }
  return { from: -1, steps, peakBytes };
}
