import fc from "fast-check";
import type { Scenario } from "../contracts/scenario.ts";

/** Whether a scenario still shows what is being shrunk. */
export type Fails = (scenario: Scenario) => boolean;

/** Plans of one shape, drawn by an arbitrary that can shrink them without having drawn them. */
export interface PlanSpace<Plan> {
  readonly arbitrary: fc.Arbitrary<Plan>;
  readonly current: Plan;
  readonly build: (plan: Plan) => Scenario;
}

/** Other forms of a scenario that have to fail with it, so that it does not hang on an accident. */
export type Variants = (scenario: Scenario) => readonly Scenario[];

/**
 * Tries candidates within a budget of runs. A scenario that was tried before costs nothing, so passes can
 * be repeated to a fixpoint; beyond the budget nothing fails any more, and every pass ends by itself.
 */
export class Attempts {
  readonly #fails: Fails;
  readonly #isStopped: () => boolean;
  readonly #tried = new Map<string, boolean>();
  readonly #maxRuns: number;
  #variants: Variants = () => [];
  #runs = 0;

  constructor(fails: Fails, maxRuns: number, isStopped: () => boolean) {
    this.#fails = fails;
    this.#maxRuns = maxRuns;
    this.#isStopped = isStopped;
  }

  /** From now on a candidate only counts as failing when its variants fail as well. */
  demand(variants: Variants): void {
    this.#variants = variants;
  }

  /** Runs spent so far. */
  get runs(): number {
    return this.#runs;
  }

  /** Whether the candidate still fails, and all its variants with it. */
  fails(candidate: Scenario): boolean {
    return (
      this.#failsByItself(candidate) && this.#variants(candidate).every((one) => this.#failsByItself(one))
    );
  }

  /** The first candidate that fails, or null. */
  firstFailing(candidates: Iterable<Scenario>): Scenario | null {
    for (const candidate of candidates) if (this.fails(candidate)) return candidate;
    return null;
  }

  /** The smallest failing scenario that fast-check finds below the current plan, or null if that does not fail. */
  minimise<Plan>({ arbitrary, current, build }: PlanSpace<Plan>): Scenario | null {
    let smallest: Scenario | null = null;
    const holds = (plan: Plan): boolean => {
      const candidate = build(plan);
      if (!this.fails(candidate)) return true;
      // fast-check only goes on from a plan that fails, so the last one is the smallest.
      smallest = candidate;
      return false;
    };
    fc.check(fc.property(arbitrary, holds), { examples: [[current]], numRuns: 1, seed: 0 });
    return smallest;
  }

  #failsByItself(candidate: Scenario): boolean {
    const name = JSON.stringify(candidate);
    const before = this.#tried.get(name);
    if (before !== undefined) return before;
    if (this.#runs >= this.#maxRuns || this.#isStopped()) return false;
    this.#runs += 1;
    const failed = this.#fails(candidate);
    this.#tried.set(name, failed);
    return failed;
  }
}
