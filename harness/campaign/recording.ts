import type { Scenario } from "../contracts/scenario.ts";
import type { Anomaly, Verdict } from "../history/verdict.ts";
import { anomaliesOf } from "../run/judge.ts";
import type { Crash } from "./counts.ts";
import type { RunScenario } from "./run-scenario.ts";
import { crashOf, unknownBecause } from "./search.ts";
import type { Trial } from "./trial.ts";

/** A run with everything written down, ready to be put in files. */
export interface Recording {
  readonly runIndex: number;
  readonly scenario: Scenario;
  /** The plan before shrinking; the same where nothing was shrunk. */
  readonly original: Scenario;
  readonly shrinkRuns: number;
  /** Lines of `history.jsonl`, without ends of line; a prefix where the run crashed. */
  readonly history: readonly string[];
  /** Lines of `trace.jsonl`. */
  readonly trace: readonly string[];
  readonly verdicts: readonly { readonly checker: string; readonly verdict: Verdict }[];
  /** The anomaly that makes the trial fail, or null. */
  readonly anomaly: Anomaly | null;
  readonly unknownBecause: string | null;
  /** Of this run, or of candidates on the way to it. */
  readonly crashes: readonly Crash[];
}

/** Runs a scenario once more with everybody listening. */
export function recordRun(trial: Trial, runIndex: number, scenario: Scenario, run: RunScenario): Recording {
  const history: string[] = [];
  const trace: string[] = [];
  const draft = { runIndex, scenario, original: scenario, shrinkRuns: 0, history, trace };
  try {
    const ended = run(scenario, trial.checkers, {
      journal: { write: (line) => history.push(JSON.stringify(line)) },
      trace: (event) => trace.push(JSON.stringify(event)),
    });
    const { anomalies } = trial;
    const anomaly = anomaliesOf(ended).find(({ kind }) => anomalies === null || anomalies.includes(kind));
    const { verdicts } = ended;
    return {
      ...draft,
      verdicts,
      anomaly: anomaly ?? null,
      unknownBecause: unknownBecause(ended),
      crashes: [],
    };
  } catch (error) {
    const crashes = [crashOf(trial.index, runIndex, error)];
    return { ...draft, verdicts: [], anomaly: null, unknownBecause: "the run crashed", crashes };
  }
}
