import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OperatingError } from "../base/errors.ts";
import type { Counterexample, Results } from "../contracts/results.ts";
import { counterexampleOf } from "./counterexample.ts";
import type { Counts, Crash } from "./counts.ts";
import type { SearchJob } from "./jobs.ts";
import { makeFolder } from "./make-folder.ts";
import type { Recording } from "./recording.ts";
import type { Trial } from "./trial.ts";

/**
 * What a campaign leaves on disk, in a folder of its own: `results.json`, `evidence.jsonl` with every batch
 * of runs as it was counted, and a folder for each counterexample, first unknown run and crash.
 *
 * @throws OperatingError `cannot-write`
 */
export class ResultsFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.#guard(() => {
      makeFolder(path);
      writeFileSync(join(path, "evidence.jsonl"), "");
    });
  }

  /** Files the counts of a batch: seed and indices are all it takes to draw its scenarios again. */
  appendEvidence(trial: Trial, { seed, from, to }: SearchJob, counts: Counts): void {
    const { failingRuns, unknownRuns, firstFound, firstUnknown, crashes } = counts;
    const line = {
      claim: trial.claim?.id ?? null,
      cell: trial.cell,
      ...(trial.defect === null ? {} : { defect: trial.defect.name }),
      seed,
      from,
      to,
      failingRuns,
      unknownRuns,
      ...(firstFound === null ? {} : { firstFound }),
      ...(firstUnknown === null ? {} : { firstUnknown }),
      ...(crashes.length === 0 ? {} : { crashes }),
    };
    this.#guard(() => appendFileSync(join(this.#path, "evidence.jsonl"), `${JSON.stringify(line)}\n`));
  }

  /** Files a failing run, and says how the results name it. Null, and no files, where it shows nothing. */
  writeCounterexample(
    { slug }: Pick<Trial, "slug">,
    seed: number,
    recording: Recording,
  ): Counterexample | null {
    const counterexample = counterexampleOf(slug, seed, recording);
    if (counterexample !== null) this.#writeRecording(slug, recording);
    return counterexample;
  }

  /** Files the first run of a trial that could not be judged. */
  writeUnknown(trial: Trial, recording: Recording): void {
    this.#writeRecording(join("unknown", trial.slug), recording);
  }

  /** Files a run that crashed, with what was recorded of it before the crash. */
  writeCrashedRun({ slug }: Trial, recording: Recording): void {
    this.#writeRecording(join("crashes", slug), recording);
    for (const crash of recording.crashes) this.writeCrash(slug, crash);
  }

  /** Files what a crash said, and what ran where nobody else knows it. */
  writeCrash(slug: string, { runIndex, message, stack, scenario }: Crash): void {
    const folder = join("crashes", slug);
    this.#guard(() => makeFolder(join(this.#path, folder)));
    if (scenario !== null) this.#write(join(folder, "scenario.json"), prettyJson(scenario));
    this.#write(join(folder, "crash.txt"), `run ${runIndex}\n${message}\n${stack}\n`);
  }

  writeResults(results: Results): void {
    this.#write("results.json", prettyJson(results));
  }

  #writeRecording(folder: string, recording: Recording): void {
    const { scenario, original, history, trace, verdicts, anomaly, unknownBecause } = recording;
    this.#guard(() => makeFolder(join(this.#path, folder)));
    this.#write(join(folder, "scenario.json"), prettyJson(scenario));
    this.#write(join(folder, "original.json"), prettyJson(original));
    this.#write(join(folder, "history.jsonl"), linesOf(history));
    if (trace.length > 0) this.#write(join(folder, "trace.jsonl"), linesOf(trace));
    this.#write(join(folder, "verdict.json"), prettyJson({ anomaly, unknownBecause, verdicts }));
  }

  /** Under a temporary name first: a reader never meets half a file. */
  #write(name: string, text: string): void {
    const path = join(this.#path, name);
    this.#guard(() => {
      writeFileSync(`${path}.part`, text);
      renameSync(`${path}.part`, path);
    });
  }

  #guard(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw cannotWrite(this.#path, error);
    }
  }
}

function cannotWrite(path: string, cause: unknown): OperatingError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new OperatingError("cannot-write", `cannot write results to ${path}: ${why}`, { cause });
}

function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
