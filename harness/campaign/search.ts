import type { Run } from "../contracts/run.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type { AnomalyKind } from "../history/verdict.ts";
import { anomaliesOf } from "../run/judge.ts";
import type { Counts, Crash } from "./counts.ts";
import type { RunScenario } from "./run-scenario.ts";
import type { Trial } from "./trial.ts";
import { scenarioOf } from "./trial.ts";

/** Runs `from` to `to` − 1 of a trial. A crash is counted and kept; the search goes on. */
export function searchBatch(trial: Trial, seed: number, from: number, to: number, run: RunScenario): Counts {
  const tally = new Tally(trial);
  for (let runIndex = from; runIndex < to; runIndex += 1) {
    try {
      tally.add(runIndex, run(scenarioOf(trial, seed, runIndex), trial.checkers));
    } catch (error) {
      tally.crashed(runIndex, error);
    }
  }
  return tally.counts();
}

/** Why a run does not count, or null. Only a run that some checker could judge counts. */
export function unknownBecause(run: Run): string | null {
  if (run.unknownBecause !== null) return run.unknownBecause;
  let judged = false;
  for (const { checker, verdict } of run.verdicts) {
    if (verdict.word === "invalid") return null;
    if (verdict.word === "unknown") return `${checker}: ${verdict.because}`;
    judged ||= verdict.word === "valid";
  }
  return judged ? null : "no checker could judge it";
}

/** The exception of a run as plain data. */
export function crashOf(
  trial: number,
  runIndex: number,
  error: unknown,
  scenario: Scenario | null = null,
): Crash {
  if (!(error instanceof Error)) return { trial, runIndex, message: String(error), stack: "", scenario };
  return { trial, runIndex, message: `${error.name}: ${error.message}`, stack: error.stack ?? "", scenario };
}

/** Counts in place while a batch runs. */
class Tally {
  readonly #trial: Trial;
  readonly #anomalies = new Map<AnomalyKind, number>();
  readonly #crashes: Crash[] = [];
  #runs = 0;
  #unknownRuns = 0;
  #failingRuns = 0;
  #operations = 0;
  #answered = 0;
  #readsBesideWrites = 0;
  #firstFound: Counts["firstFound"] = null;
  #firstUnknown: Counts["firstUnknown"] = null;

  constructor(trial: Trial) {
    this.#trial = trial;
  }

  add(runIndex: number, run: Run): void {
    this.#runs += 1;
    this.#operations += run.operations;
    this.#answered += run.answered;
    this.#readsBesideWrites += run.readsBesideWrites;
    const because = unknownBecause(run);
    if (because === null) {
      this.#addAnomalies(runIndex, run);
    } else {
      this.#unknownRuns += 1;
      this.#firstUnknown ??= { runIndex, because };
    }
  }

  crashed(runIndex: number, error: unknown): void {
    this.#runs += 1;
    this.#unknownRuns += 1;
    this.#crashes.push(crashOf(this.#trial.index, runIndex, error));
  }

  counts(): Counts {
    const anomalies: { [K in AnomalyKind]?: number } = {};
    for (const [kind, runs] of this.#anomalies) anomalies[kind] = runs;
    return {
      runs: this.#runs,
      unknownRuns: this.#unknownRuns,
      failingRuns: this.#failingRuns,
      anomalies,
      operations: this.#operations,
      answered: this.#answered,
      readsBesideWrites: this.#readsBesideWrites,
      firstFound: this.#firstFound,
      firstUnknown: this.#firstUnknown,
      crashes: this.#crashes,
    };
  }

  #addAnomalies(runIndex: number, run: Run): void {
    const named = this.#trial.anomalies;
    const seen: AnomalyKind[] = [];
    let first: AnomalyKind | null = null;
    for (const { kind } of anomaliesOf(run)) {
      if (named === null || named.includes(kind)) first ??= kind;
      if (seen.includes(kind)) continue;
      seen.push(kind);
      this.#anomalies.set(kind, (this.#anomalies.get(kind) ?? 0) + 1);
    }
    if (first === null) return;
    this.#failingRuns += 1;
    this.#firstFound ??= { runIndex, kind: first };
  }
}
