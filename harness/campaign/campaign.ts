import { availableParallelism } from "node:os";
import type { Registry } from "../contracts/registry.ts";
import type { Results } from "../contracts/results.ts";
import type { Counts, Crash } from "./counts.ts";
import type { RecordJob, Workshop } from "./jobs.ts";
import { perform, workshopOf } from "./jobs.ts";
import type { Progress } from "./ledger.ts";
import { Ledger } from "./ledger.ts";
import type { Untried } from "./outcome.ts";
import type { Effort } from "./plan.ts";
import { defaultEffort, lacking, quotaOf } from "./plan.ts";
import type { Lane } from "./pool.ts";
import { localLane, ThreadLane } from "./pool.ts";
import type { TrialOutcome } from "./results.ts";
import { resultsOf, statusOf } from "./results.ts";
import { ResultsFolder } from "./results-folder.ts";
import type { RunScenario } from "./run-scenario.ts";
import { Schedule } from "./schedule.ts";
import { maxShrinkRuns } from "./shrink.ts";
import { StopSignal } from "./stop-signal.ts";
import type { Trial } from "./trial.ts";
import { workOff } from "./work-off.ts";

/** What a campaign is made of. */
export interface CampaignOptions {
  readonly registry: Registry;
  /** Runs scenarios in this thread; worker threads have their own. */
  readonly run: RunScenario;
  readonly seed: number;
  /** Recount's own version, for the results. */
  readonly version: string;
  /** Where results go; null keeps them in memory only. */
  readonly out: string | null;
  /** Ids of rows; null (the default) tries all of them, and the observed cells too. */
  readonly claims?: readonly string[] | null;
  readonly effort?: Effort;
  /** Default: one a core. 0 does everything in this thread. */
  readonly workers?: number;
  /** The entry file of worker threads; without one everything happens in this thread. */
  readonly workerEntry?: URL | null;
  readonly stop?: StopSignal;
  /** Called after every batch and every counterexample: often. */
  readonly onProgress?: (progress: CampaignProgress) => void;
}

/** How far a campaign is, and how far it has to go. */
export interface CampaignProgress extends Progress {
  /** Runs that are certain to come; trials that look for something may add to it. */
  readonly runsAhead: number;
  readonly seconds: number;
}

/** How a campaign ended. */
export interface CampaignEnd {
  readonly results: Results;
  readonly crashes: readonly Crash[];
  /** The exit status that CONTRACTS.md gives to such an end. */
  readonly status: number;
}

/** Most runs for shrinking a run of a cell that no row speaks of. Chosen: enough for a picture. */
const observedShrinkRuns = 400;

/**
 * The story of a campaign: choose the trials, search them on all cores, shrink the first failing run of each,
 * file everything, sum it up. An interrupted campaign sums up what it has.
 *
 * @throws OperatingError `cannot-write`
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignEnd> {
  const startedMs = Date.now();
  const { registry, seed } = options;
  const stop = options.stop ?? new StopSignal();
  const workshop = workshopOf(registry, options.run, () => stop.isStopped);
  const folder = options.out === null ? null : new ResultsFolder(options.out);
  const chosen = workshop.trials.filter(isChosen(options.claims ?? null));
  const ledger = new Ledger(workshop.trials, folder);
  const schedule = scheduleOf(options, chosen, ledger);
  const report = (): void => {
    const seconds = (Date.now() - startedMs) / 1_000;
    options.onProgress?.({ ...ledger.progress, runsAhead: schedule.runsAhead(), seconds });
  };

  await workOff(lanesOf(options, workshop, stop), { schedule, ledger, stop, report });
  if (stop.isStopped) fileUnshrunk(workshop, chosen, schedule, ledger);

  const outcomes = chosen.map((trial) => outcomeOf(options, trial, schedule, ledger));
  const finished = new Date();
  const facts = {
    target: registry.simulator.name,
    seed,
    finishedAt: finished.toISOString(),
    seconds: (finished.getTime() - startedMs) / 1_000,
    interrupted: stop.isStopped,
    versions: { recount: options.version, node: process.versions.node },
  };
  const results = resultsOf(facts, outcomes);
  folder?.writeResults(results);
  const { crashes } = ledger;
  return { results, crashes, status: statusOf(results, crashes) };
}

function isChosen(claims: readonly string[] | null): (trial: Trial) => boolean {
  return ({ claim }) => claims === null || (claim !== null && claims.includes(claim.id));
}

function scheduleOf(options: CampaignOptions, chosen: readonly Trial[], ledger: Ledger): Schedule {
  const { registry, seed, effort = defaultEffort } = options;
  const tried = chosen
    .filter((trial) => lacking(trial, registry.simulator.can) === null)
    .map((trial) => ({ trial, quota: quotaOf(trial.role, effort) }));
  return new Schedule(tried, seed, {
    onMerge: (job, counts) => ledger.addBatch(job, counts),
    onOver: (trial, counts) => recordingsOf(trial, counts, seed),
  });
}

/** What is worth a file: the first failing run, shrunk; the first unknown one; the first crash. */
function recordingsOf(trial: Trial, counts: Counts, seed: number): RecordJob[] {
  const jobs: RecordJob[] = [];
  const job = { kind: "record", trial: trial.index, seed, shrinkRuns: 0 } as const;
  const [crash] = counts.crashes;
  if (crash !== undefined) jobs.push({ ...job, purpose: "crash", runIndex: crash.runIndex });
  if (trial.role === "defect") return jobs;
  const { firstFound, firstUnknown } = counts;
  if (firstFound !== null) {
    const shrinkRuns = trial.role === "observed" ? observedShrinkRuns : maxShrinkRuns;
    jobs.push({ ...job, purpose: "counterexample", runIndex: firstFound.runIndex, shrinkRuns });
  }
  if (firstUnknown !== null) jobs.push({ ...job, purpose: "unknown", runIndex: firstUnknown.runIndex });
  return jobs;
}

function lanesOf(options: CampaignOptions, workshop: Workshop, stop: StopSignal): Lane[] {
  const { workers = availableParallelism(), workerEntry = null } = options;
  if (workers === 0 || workerEntry === null) return [localLane(workshop)];
  return Array.from({ length: workers }, () => new ThreadLane(workerEntry, { stopFlag: stop.buffer }));
}

/** An interrupted campaign has no time to shrink: what failed is filed as it was found. */
function fileUnshrunk(
  workshop: Workshop,
  chosen: readonly Trial[],
  schedule: Schedule,
  ledger: Ledger,
): void {
  for (const trial of chosen) {
    if (ledger.counterexampleOf(trial) !== null) continue;
    for (const job of recordingsOf(trial, schedule.countsOf(trial), schedule.seed)) {
      if (job.purpose !== "counterexample") continue;
      const answer = perform(workshop, { ...job, shrinkRuns: 0 });
      if (answer.kind === "recorded") ledger.addRecording(job, answer.recording);
    }
  }
}

function outcomeOf(
  { registry }: CampaignOptions,
  trial: Trial,
  schedule: Schedule,
  ledger: Ledger,
): TrialOutcome {
  const counts = schedule.countsOf(trial);
  const counterexample = ledger.counterexampleOf(trial);
  const missing = lacking(trial, registry.simulator.can);
  let untried: Untried | null = null;
  if (missing !== null) untried = { outcome: "notExpressible", because: missing };
  else if (!schedule.isOver(trial))
    untried = { outcome: "skipped", because: `interrupted after ${counts.runs} runs` };
  return { trial, counts, untried, counterexample };
}
