import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { dockerSlice, sliceCells, sliceFaultKind } from "../../workloads/docker-slice.ts";
import { Choice } from "../base/choice.ts";
import { OperatingError } from "../base/errors.ts";
import type { Claim } from "../contracts/claim.ts";
import type { Registry } from "../contracts/registry.ts";
import type { Counterexample, Results } from "../contracts/results.ts";
import type { Run } from "../contracts/run.ts";
import type { Target } from "../contracts/target.ts";
import type { HistoryLine, LineSink } from "../history/journal.ts";
import type { ActionsOf } from "../run/nemesis-schedule.ts";
import { run } from "../run/run.ts";
import { cutShort, runSoFar } from "./cut-short.ts";
import { makeFolder } from "./make-folder.ts";
import { statusOf } from "./results.ts";
import { ResultsFolder } from "./results-folder.ts";
import type { SliceFinding, SliceOutcome } from "./slice-results.ts";
import { sliceClaims, sliceOutcomes } from "./slice-results.ts";
import { slugOf } from "./trial.ts";

/** What the slice needs. */
export interface SliceOptions {
  readonly registry: Registry;
  /** A world of real processes. */
  readonly target: Target;
  readonly actionsOf: ActionsOf;
  readonly seed: number;
  readonly version: string;
  readonly out: string;
  /** Ids of rows; null tries all that the slice speaks of. */
  readonly claims?: readonly string[] | null;
  /** Resolves when somebody wants it to end: what the journal has by then is judged. The world is left open. */
  readonly interrupted?: Promise<void>;
}

/**
 * One cluster, several settings side by side under one fault schedule: every key's history is a trial of its
 * row. The journal is on disk before each event happens.
 *
 * @throws OperatingError where the world could not be set up, or the folder not be written
 */
export async function runSlice(
  options: SliceOptions,
): Promise<{ results: Results; run: Run; status: number }> {
  const startedMs = Date.now();
  const { registry, target, seed, out } = options;
  const claims = registry.claims.filter(({ id }) => options.claims?.includes(id) ?? true);
  const cells = sliceCells.filter(({ claim }) => claims.some(({ id }) => id === claim));
  if (cells.length === 0) throw notInTheSlice(claims);
  const folder = new ResultsFolder(out);
  const journal = new SliceJournal(join(out, "slice"));
  const { ended, isInterrupted } = await runSliceScenario(options, claims, journal);
  const outcomes = sliceOutcomes(ended, cells, claims);
  const rows = sliceClaims(outcomes, (outcome) => fileFinding(folder, seed, outcome, ended, journal.lines));
  const finished = new Date();
  const results: Results = {
    recount: "results",
    version: 1,
    target: target.name,
    seed,
    finishedAt: finished.toISOString(),
    seconds: (finished.getTime() - startedMs) / 1_000,
    ...totalsOf(outcomes),
    interrupted: isInterrupted,
    versions: { recount: options.version, node: process.versions.node },
    claims: isInterrupted ? rows.map(cutShort) : rows,
    observed: [],
    defects: [],
  };
  folder.writeResults(results);
  return { results, run: ended, status: statusOf(results, []) };
}

function notInTheSlice(claims: readonly Claim[]): OperatingError {
  const known = [...new Set(sliceCells.map(({ claim }) => claim))].join(", ");
  const asked = claims.map(({ id }) => id).join(", ");
  return new OperatingError("not-expressible", `the container slice tries ${known}, and not ${asked}`);
}

async function runSliceScenario(
  options: SliceOptions,
  claims: readonly Claim[],
  journal: SliceJournal,
): Promise<{ ended: Run; isInterrupted: boolean }> {
  const { registry, target, actionsOf, seed, interrupted } = options;
  const wanted = new Set(claims.flatMap(({ checkers }) => checkers));
  const checkers = registry.checkers.filter(({ name }) => wanted.has(name));
  const scenario = dockerSlice(
    new Choice(seed, 0),
    claims.map(({ id }) => id),
  );
  const played = new Promise<Run>((resolve, reject) => {
    run(scenario, { target, checkers, actionsOf, journal }, (result) => {
      journal.close();
      if (result instanceof OperatingError) reject(result);
      else resolve(result);
    });
  });
  const first = await Promise.race([played, interrupted ?? played]);
  // What goes on behind our back still writes to the journal's file: it is cut off at what is judged.
  return first === undefined
    ? { ended: runSoFar(scenario, [...journal.lines], checkers), isInterrupted: true }
    : { ended: first, isInterrupted: false };
}

function totalsOf(
  outcomes: readonly SliceOutcome[],
): Pick<Results, "runs" | "unknownRuns" | "operations" | "answered" | "readsBesideWrites"> {
  const total = (of: (outcome: SliceOutcome) => number): number =>
    outcomes.reduce((sum, one) => sum + of(one), 0);
  return {
    runs: total(({ counts }) => counts.runs),
    unknownRuns: total(({ counts }) => counts.unknownRuns),
    operations: total(({ counts }) => counts.operations),
    answered: total(({ counts }) => counts.answered),
    readsBesideWrites: total(({ counts }) => counts.readsBesideWrites),
  };
}

function unwritable(folder: string, cause: unknown): OperatingError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new OperatingError("cannot-write", `cannot write a history to ${folder}: ${why}`, { cause });
}

/** Writes each event to disk before it happens, and keeps the lines for the counterexamples. */
class SliceJournal implements LineSink {
  readonly lines: HistoryLine[] = [];
  readonly #file: number;

  constructor(folder: string) {
    try {
      makeFolder(folder);
      this.#file = openSync(join(folder, "history.jsonl"), "w");
    } catch (cause) {
      throw unwritable(folder, cause);
    }
  }

  write(line: HistoryLine): void {
    this.lines.push(line);
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function fileFinding(
  folder: ResultsFolder,
  seed: number,
  { cell, counts, finding }: SliceOutcome,
  ended: Run,
  lines: readonly HistoryLine[],
): Counterexample | null {
  if (finding === null) return null;
  const { scenario, anomaly } = finding;
  const slug = slugOf(`${cell.claim}-${cell.setting.label}-${cell.fault}`);
  return folder.writeCounterexample({ slug }, seed, {
    runIndex: counts.firstFound?.runIndex ?? 0,
    scenario,
    original: scenario,
    shrinkRuns: 0,
    history: lines.flatMap((line) => partOf(line, finding)).map((line) => JSON.stringify(line)),
    trace: [],
    verdicts: ended.verdicts.filter(({ verdict }) => verdict.word === "invalid"),
    anomaly,
    unknownBecause: null,
    crashes: [],
  });
}

/** The line, as far as it speaks of the finding's key, or of what the harness did. */
function partOf(line: HistoryLine, { anomaly: { keyspace, key }, cell }: SliceFinding): HistoryLine[] {
  if ("recount" in line) return [headerFor(line, keyspace)];
  if ("key" in line) return line.key === key && (line.keyspace ?? "") === keyspace ? [line] : [];
  if (line.f === "dump") return dumpFor(line, keyspace, key);
  if (line.f === "strike" || line.f === "mend") return line.kind === sliceFaultKind(cell.fault) ? [line] : [];
  return [line];
}

function headerFor<Header extends { readonly keyspaces?: readonly { readonly name: string }[] }>(
  header: Header,
  keyspace: string,
): Header {
  return { ...header, keyspaces: header.keyspaces?.filter(({ name }) => name === keyspace) ?? [] };
}

function dumpFor<Line extends { readonly keyspace?: string; readonly value?: unknown }>(
  line: Line,
  keyspace: string,
  key: string,
): Line[] {
  if (line.keyspace !== keyspace) return [];
  const held = line.value as { readonly [key: string]: unknown };
  return [{ ...line, value: key in held ? { [key]: held[key] } : {} }];
}
