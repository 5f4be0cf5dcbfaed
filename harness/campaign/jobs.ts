import { present } from "../base/invariant.ts";
import type { Registry } from "../contracts/registry.ts";
import type { Counts, Crash } from "./counts.ts";
import type { Recording } from "./recording.ts";
import { recordRun } from "./recording.ts";
import type { RunScenario } from "./run-scenario.ts";
import { crashOf, searchBatch } from "./search.ts";
import { shrink } from "./shrink.ts";
import type { Trial } from "./trial.ts";
import { scenarioOf, trialsOf } from "./trial.ts";

/** A piece of work for one thread. Scenarios are not sent: every thread draws them from (seed, index). */
export type Job = SearchJob | RecordJob;

/** Runs `from` to `to` − 1 of a trial. */
export interface SearchJob {
  readonly kind: "search";
  readonly trial: number;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** One run again with everything written down: shrunk first where `shrinkRuns` allows. */
export interface RecordJob {
  readonly kind: "record";
  readonly purpose: "counterexample" | "unknown" | "crash";
  readonly trial: number;
  readonly seed: number;
  readonly runIndex: number;
  readonly shrinkRuns: number;
}

/** What came of a job. */
export type Answer =
  | { readonly kind: "searched"; readonly counts: Counts }
  | { readonly kind: "recorded"; readonly recording: Recording }
  /** The thread was lost over it, or the machinery around the runs failed. */
  | { readonly kind: "died"; readonly crash: Crash };

/** All that a job needs; each thread has its own. */
export interface Workshop {
  readonly trials: readonly Trial[];
  readonly run: RunScenario;
  /** Turns true when the campaign is interrupted: shrinking ends with what it has. */
  readonly isStopped: () => boolean;
}

/** Sets a workshop up. Two of them from the same registry agree on the index of each trial. */
export function workshopOf(registry: Registry, run: RunScenario, isStopped: () => boolean): Workshop {
  return { trials: trialsOf(registry), run, isStopped };
}

/** Does a job in this thread. */
export function perform(workshop: Workshop, job: Job): Answer {
  const trial = present(workshop.trials[job.trial], `trial ${job.trial}`);
  if (job.kind === "search") {
    return { kind: "searched", counts: searchBatch(trial, job.seed, job.from, job.to, workshop.run) };
  }
  const recording =
    job.shrinkRuns > 0 ? shrinkAndRecord(workshop, trial, job) : recordOnly(workshop, trial, job);
  return { kind: "recorded", recording };
}

function recordOnly({ run }: Workshop, trial: Trial, { seed, runIndex }: RecordJob): Recording {
  return recordRun(trial, runIndex, scenarioOf(trial, seed, runIndex), run);
}

function shrinkAndRecord({ run, isStopped }: Workshop, trial: Trial, job: RecordJob): Recording {
  const original = scenarioOf(trial, job.seed, job.runIndex);
  const shrunk = shrink(original, { trial, run, isStopped, maxRuns: job.shrinkRuns });
  const recording = recordRun(trial, job.runIndex, shrunk.scenario, run);
  const { crash } = shrunk;
  const onTheWay = crash === null ? [] : [crashOf(trial.index, job.runIndex, crash.error, crash.scenario)];
  const crashes = [...recording.crashes, ...onTheWay];
  return { ...recording, original, shrinkRuns: shrunk.runs, crashes };
}
