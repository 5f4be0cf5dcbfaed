import { present } from "../base/invariant.ts";
import type { Counterexample } from "../contracts/results.ts";
import { counterexampleOf } from "./counterexample.ts";
import type { AnomalyCounts, Counts, Crash } from "./counts.ts";
import { addAnomalies } from "./counts.ts";
import type { RecordJob, SearchJob } from "./jobs.ts";
import type { Recording } from "./recording.ts";
import type { ResultsFolder } from "./results-folder.ts";
import type { Trial } from "./trial.ts";

/** How far a campaign is. */
export interface Progress {
  readonly runs: number;
  readonly unknownRuns: number;
  readonly operations: number;
  /** Runs by kind of anomaly, those with planted defects left out. */
  readonly anomalies: AnomalyCounts;
  /** Counterexamples that are shrunk and filed. */
  readonly shrunk: number;
  readonly crashes: number;
}

/** Keeps what a campaign learns: on disk at once where there is a folder, and in memory for the summary. */
export class Ledger {
  readonly #trials: readonly Trial[];
  readonly #folder: ResultsFolder | null;
  readonly #counterexamples = new Map<number, Counterexample>();
  readonly #crashes: Crash[] = [];
  #runs = 0;
  #unknownRuns = 0;
  #operations = 0;
  #anomalies: AnomalyCounts = {};

  constructor(trials: readonly Trial[], folder: ResultsFolder | null) {
    this.#trials = trials;
    this.#folder = folder;
  }

  /** Crashes in the order of their trials and runs. */
  get crashes(): readonly Crash[] {
    return [...this.#crashes].sort((a, b) => a.trial - b.trial || a.runIndex - b.runIndex);
  }

  get progress(): Progress {
    return {
      runs: this.#runs,
      unknownRuns: this.#unknownRuns,
      operations: this.#operations,
      anomalies: this.#anomalies,
      shrunk: this.#counterexamples.size,
      crashes: this.#crashes.length,
    };
  }

  counterexampleOf(trial: Trial): Counterexample | null {
    return this.#counterexamples.get(trial.index) ?? null;
  }

  /** A batch was added up. */
  addBatch(job: SearchJob, counts: Counts): void {
    const trial = this.#trial(job.trial);
    this.#runs += counts.runs;
    this.#unknownRuns += counts.unknownRuns;
    this.#operations += counts.operations;
    if (trial.defect === null) this.#anomalies = addAnomalies(this.#anomalies, counts.anomalies);
    this.#crashes.push(...counts.crashes);
    this.#folder?.appendEvidence(trial, job, counts);
  }

  /** A run was recorded. */
  addRecording(job: RecordJob, recording: Recording): void {
    const trial = this.#trial(job.trial);
    if (job.purpose === "crash") {
      this.#folder?.writeCrashedRun(trial, recording);
      return;
    }
    this.#crashes.push(...recording.crashes);
    for (const crash of recording.crashes) this.#folder?.writeCrash(`${trial.slug}-shrinking`, crash);
    if (job.purpose === "unknown") this.#folder?.writeUnknown(trial, recording);
    else this.#addCounterexample(trial, job.seed, recording);
  }

  /** A thread died over a job: a bug of ours like any crash. */
  addDeath(crash: Crash): void {
    this.#crashes.push(crash);
  }

  #addCounterexample(trial: Trial, seed: number, recording: Recording): void {
    const counterexample =
      this.#folder === null
        ? counterexampleOf(trial.slug, seed, recording)
        : this.#folder.writeCounterexample(trial, seed, recording);
    if (counterexample !== null) this.#counterexamples.set(trial.index, counterexample);
  }

  #trial(index: number): Trial {
    return present(this.#trials[index], `trial ${index}`);
  }
}
