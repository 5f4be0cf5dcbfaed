import type { Budget } from "../../harness/contracts/checker.ts";
import type { RegisterProblem, SearchOutcome, SearchPartial } from "./problem.ts";
import { refute } from "./refute.ts";
import type { Cost, Searcher } from "./searcher.ts";
import { Answer } from "./searcher.ts";

/** Steps without getting further before other ways are tried; eight times as many before the next time. Chosen. */
const firstPatience = 2_000;
const patienceGrowth = 8;
/** Steps for windows, for each step of patience. Chosen: windows that prove something are cheap next to the rest. */
const refutationShare = 4;
/** The same where only long orders are looked for, and the steps for them beyond those of the main search. Chosen. */
const patienceForOrders = 300;
const stepsForOrders = 20_000;

/**
 * Searches a register's key depth first. Where that gets no further for a while, it tries to prove that there is no
 * way on from anything that may have come before, which takes a window before the refused operation alone;
 * else all the ways to it must be found dead, back to the first operation. Not from the literature.
 */
export function searchPatiently(
  main: Searcher,
  aside: Searcher,
  problem: RegisterProblem,
  budget: Budget,
): SearchOutcome {
  return new PatientSearch(main, aside, problem, budget).run();
}

class PatientSearch {
  readonly #main: Searcher;
  readonly #aside: Searcher;
  readonly #problem: RegisterProblem;
  readonly #budget: Budget;
  /** Of all searches but the main one. */
  #asideSteps = 0;
  #asideBytes = 0;

  constructor(main: Searcher, aside: Searcher, problem: RegisterProblem, budget: Budget) {
    this.#main = main;
    this.#aside = aside;
    this.#problem = problem;
    this.#budget = budget;
  }

  run(): SearchOutcome {
    const { steps, bytes } = this.#budget;
    if (!this.#main.beginRegister(this.#problem, bytes)) return this.#say(Answer.outOfBytes);
    for (let patience = firstPatience; ; patience *= patienceGrowth) {
      this.#main.allow(bytes - this.#asideBytes);
      const answer = this.#main.goOn(steps - this.#asideSteps, patience);
      if (answer !== Answer.outOfSteps || this.#stepsLeft() <= 0) return this.#say(answer);
      if (this.#isRefuted(refutationShare * patience)) return this.#say(Answer.illegal);
    }
  }

  #stepsLeft(): number {
    return this.#budget.steps - this.#asideSteps - this.#main.cost().steps;
  }

  #bytesLeft(): number {
    return this.#budget.bytes - this.#main.cost().peakBytes;
  }

  /** Looks for a window before what this search could not pass, and before what one without foresight could not. */
  #isRefuted(steps: number): boolean {
    const own = this.#main.partials();
    const others = this.#partialsWithoutForesight(this.#stepsLeft());
    this.#charge(this.#aside.cost());
    const dues = new Set([...others, ...own].flatMap(({ refused }) => [...refused.subarray(0, 1)]));
    return [...dues].some((due) => {
      const most = Math.min(steps, this.#stepsLeft());
      const proof = refute(this.#aside, this.#problem, due, { steps: most, bytes: this.#bytesLeft() });
      this.#charge(proof);
      return proof.from >= 0;
    });
  }

  /** The longest orders that are found by one who does not look ahead. */
  #partialsWithoutForesight(most: number): readonly SearchPartial[] {
    if (!this.#aside.beginRegister(this.#problem, this.#bytesLeft(), false)) return [];
    this.#aside.goOn(Math.min(most, this.#main.cost().steps + stepsForOrders), patienceForOrders);
    return this.#aside.partials();
  }

  #charge({ steps, peakBytes }: Cost): void {
    this.#asideSteps += steps;
    this.#asideBytes = Math.max(this.#asideBytes, peakBytes);
  }

  /** The longest orders are looked for once more, in steps that are not counted: the answer is known. */
  #say(answer: number): SearchOutcome {
    if (answer === Answer.linearizable) return this.#main.outcome(this.#problem, answer, this.#cost());
    const own = this.#main.partials();
    const others = this.#partialsWithoutForesight(Number.POSITIVE_INFINITY);
    const isLonger = (others[0]?.order.length ?? 0) > (own[0]?.order.length ?? -1);
    return this.#main.outcome(this.#problem, answer, this.#cost(), isLonger ? others : own);
  }

  #cost(): Cost {
    const { steps, peakBytes } = this.#main.cost();
    return { steps: steps + this.#asideSteps, peakBytes: peakBytes + this.#asideBytes };
  }
}
