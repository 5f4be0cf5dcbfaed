import type { Run } from "../contracts/run.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type { AnomalyKind } from "../history/verdict.ts";
import { anomaliesOf, firstOf } from "../run/judge.ts";
import { Attempts } from "./attempts.ts";
import type { RunScenario } from "./run-scenario.ts";
import { unknownBecause } from "./search.ts";
import { explainByHolds } from "./shrink-holds.ts";
import type { Pass } from "./shrink-passes.ts";
import {
  shrinkClients,
  shrinkFaultPlaces,
  shrinkFaults,
  shrinkNodes,
  shrinkOperations,
  shrinkValues,
} from "./shrink-passes.ts";
import { pinTimes, shrinkDurations, shrinkTimes } from "./shrink-times.ts";
import type { Trial } from "./trial.ts";

/** Most runs that shrinking one scenario may take (CONTRACTS.md). */
export const maxShrinkRuns = 2_000;

/** The order of CONTRACTS.md; what makes the picture simpler comes last. */
const passes: readonly Pass[] = [
  shrinkFaults,
  shrinkFaultPlaces,
  shrinkOperations,
  shrinkClients,
  shrinkNodes,
  shrinkValues,
  shrinkTimes,
  shrinkDurations,
];

/** What shrinking needs to know. */
export interface ShrinkOptions {
  readonly trial: Pick<Trial, "anomalies" | "checkers">;
  readonly run: RunScenario;
  readonly maxRuns: number;
  readonly isStopped: () => boolean;
}

/** The smallest failing scenario that was found, and what it took. */
export interface Shrunk {
  readonly scenario: Scenario;
  /** The kind of anomaly that it still shows, or null where the scenario did not fail to begin with. */
  readonly kind: AnomalyKind | null;
  readonly runs: number;
  /** The first candidate that crashed: evidence of a bug of ours that the search did not meet. */
  readonly crash: { readonly scenario: Scenario; readonly error: unknown } | null;
}

/** Shrinks a failing scenario: same row, same kind of anomaly, fewer and simpler parts. Ids never change. */
export function shrink(original: Scenario, options: ShrinkOptions): Shrunk {
  const { trial, run, maxRuns, isStopped } = options;
  const first = run(original, trial.checkers);
  const kind = failingKind(first, trial.anomalies);
  if (kind === null) return { scenario: original, kind, runs: 1, crash: null };
  let crash: Shrunk["crash"] = null;
  const fails = (scenario: Scenario): boolean => {
    try {
      const ended = run(scenario, trial.checkers);
      return unknownBecause(ended) === null && firstOf(ended, [kind]) !== null;
    } catch (error) {
      crash ??= { scenario, error };
      return false;
    }
  };
  const attempts = new Attempts(fails, maxRuns - 1, isStopped);
  const pinned = pinTimes(original, first.history);
  const small = toFixpoint(attempts.fails(pinned) ? pinned : original, attempts);
  const explained = explainByHolds(small, attempts);
  const scenario = explained === small ? small : toFixpoint(explained, attempts);
  return { scenario, kind, runs: attempts.runs + 1, crash };
}

function toFixpoint(scenario: Scenario, attempts: Attempts): Scenario {
  let smallest = scenario;
  for (;;) {
    const before = smallest;
    for (const pass of passes) smallest = pass(smallest, attempts);
    if (sameScenario(before, smallest)) return smallest;
  }
}

function failingKind(run: Run, named: readonly AnomalyKind[] | null): AnomalyKind | null {
  if (unknownBecause(run) !== null) return null;
  const anomaly = named === null ? anomaliesOf(run)[0] : firstOf(run, named);
  return anomaly?.kind ?? null;
}

function sameScenario(a: Scenario, b: Scenario): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
