import { readsBesideWritesAt } from "../../checkers/counts.ts";
import type { SliceCell } from "../../workloads/docker-slice.ts";
import { faultOfKey, sliceFaultKind } from "../../workloads/docker-slice.ts";
import type { Claim } from "../contracts/claim.ts";
import type { ClaimResult, Counterexample } from "../contracts/results.ts";
import type { Run } from "../contracts/run.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type { History } from "../history/history.ts";
import { Outcome } from "../history/history.ts";
import type { Anomaly, AnomalyKind } from "../history/verdict.ts";
import { firstFinalRead } from "../run/final-reads.ts";
import { anomaliesOf } from "../run/judge.ts";
import type { Counts } from "./counts.ts";
import { noCounts } from "./counts.ts";
import { cellResult, rowResult } from "./row-result.ts";

/** What one key of the slice showed: a trial of its cell. */
interface KeyTrial {
  readonly key: number;
  operations: number;
  answered: number;
  /** Why this key's history does not count, or null. */
  unknownBecause: string | null;
  readonly anomalies: Anomaly[];
}

/** A failing key, for a counterexample: its anomaly, and the part of the scenario that used it. */
export interface SliceFinding {
  readonly claim: Claim;
  readonly cell: SliceCell;
  readonly anomaly: Anomaly;
  readonly scenario: Scenario;
}

/** A cell of the slice with its counts and its first failing key. */
export interface SliceOutcome {
  readonly claim: Claim;
  readonly cell: SliceCell;
  readonly counts: Counts;
  readonly finding: SliceFinding | null;
}

/** Judges each key of the slice as a run of its own: keys are independent registers under one fault each. */
export function sliceOutcomes(
  run: Run,
  cells: readonly SliceCell[],
  claims: readonly Claim[],
): SliceOutcome[] {
  const trials = trialsByKey(run);
  return claims.flatMap((claim) =>
    cells
      .filter((cell) => cell.claim === claim.id)
      .map((cell) => {
        const own = trials.filter(({ key }) => belongsTo(run.history, key, cell));
        return {
          claim,
          cell,
          counts: countsOf(run.history, claim, own),
          finding: findingOf(run, claim, cell, own),
        };
      }),
  );
}

/** Puts the cells of each row together. */
export function sliceClaims(
  outcomes: readonly SliceOutcome[],
  counterexampleOf: (outcome: SliceOutcome) => Counterexample | null,
): ClaimResult[] {
  const rows = [...new Set(outcomes.map(({ claim }) => claim))];
  return rows.map((claim) =>
    rowResult(
      claim,
      outcomes
        .filter((outcome) => outcome.claim === claim)
        .map((outcome) => {
          const { setting, fault } = outcome.cell;
          const cell = `${setting.label} · ${fault}`;
          const counterexample = counterexampleOf(outcome);
          const facts = { cell, setting, fault, counts: outcome.counts, untried: null, counterexample };
          return cellResult(claim.expect, facts);
        }),
    ),
  );
}

function trialsByKey(run: Run): KeyTrial[] {
  const { history, unknownBecause } = run;
  const trials = history.keys.map(
    (_, key): KeyTrial => ({ key, operations: 0, answered: 0, unknownBecause, anomalies: [] }),
  );
  const windows = faultWindows(history);
  for (let row = 0; row < history.length; row += 1) {
    const trial = trials[history.key[row] ?? 0];
    if (trial !== undefined && (history.op[row] ?? 0) < firstFinalRead)
      addOperation(history, row, trial, windows);
  }
  for (const trial of trials) {
    if (trial.answered * 2 < trial.operations) {
      trial.unknownBecause ??= `only ${trial.answered} of ${trial.operations} operations were answered`;
    }
  }
  for (const anomaly of anomaliesOf(run)) trialOf(history, trials, anomaly)?.anomalies.push(anomaly);
  return trials;
}

function addOperation(history: History, row: number, trial: KeyTrial, windows: readonly FaultWindow[]): void {
  const outcome = history.outcome[row];
  trial.operations += 1;
  if (outcome === Outcome.ok) trial.answered += 1;
  trial.unknownBecause ??= strayFault(history, row, windows);
}

function trialOf(
  history: History,
  trials: readonly KeyTrial[],
  { keyspace, key }: Anomaly,
): KeyTrial | undefined {
  return trials.find((trial) => {
    const name = history.keys[trial.key];
    return name?.keyspace === keyspace && name.key === key;
  });
}

/** An operation beside another column's fault says nothing about its own: the key does not count. */
function strayFault(history: History, row: number, windows: readonly FaultWindow[]): string | null {
  const name = history.keys[history.key[row] ?? 0];
  const own = sliceFaultKind(faultOfKey(name?.key ?? ""));
  const begin = history.invokedNs[row] ?? 0;
  const end = history.completedNs[row] ?? Number.NaN;
  const stray = windows.find(({ kind, fromNs, toNs }) => kind !== own && begin < toNs && !(end < fromNs));
  return stray === undefined ? null : `it ran into the fault of another cell (${stray.kind})`;
}

interface FaultWindow {
  readonly kind: string;
  readonly fromNs: number;
  readonly toNs: number;
}

function faultWindows(history: History): FaultWindow[] {
  return history.marks.flatMap((mark) => {
    if (mark.kind !== "strike") return [];
    const mend = history.marks.find((other) => other.kind === "mend" && other.fault === mark.fault);
    return [{ kind: mark.faultKind, fromNs: mark.timeNs, toNs: mend?.timeNs ?? Number.POSITIVE_INFINITY }];
  });
}

function belongsTo(history: History, key: number, cell: SliceCell): boolean {
  const name = history.keys[key];
  return name !== undefined && name.keyspace === cell.keyspace && faultOfKey(name.key) === cell.fault;
}

function countsOf(history: History, claim: Claim, trials: readonly KeyTrial[]): Counts {
  const judged = trials.filter(({ unknownBecause }) => unknownBecause === null);
  const anomalies: { [K in AnomalyKind]?: number } = {};
  for (const trial of judged) {
    for (const kind of new Set(trial.anomalies.map((anomaly) => anomaly.kind))) {
      anomalies[kind] = (anomalies[kind] ?? 0) + 1;
    }
  }
  const failing = judged.filter((trial) => namedBy(claim, trial) !== undefined);
  const first = failing[0];
  const kind = first === undefined ? undefined : namedBy(claim, first)?.kind;
  return {
    ...noCounts,
    runs: trials.length,
    unknownRuns: trials.length - judged.length,
    failingRuns: failing.length,
    anomalies,
    operations: trials.reduce((sum, { operations }) => sum + operations, 0),
    answered: trials.reduce((sum, { answered }) => sum + answered, 0),
    readsBesideWrites: trials.reduce((sum, { key }) => sum + readsBesideWritesAt(history, key), 0),
    firstFound: first === undefined || kind === undefined ? null : { runIndex: trials.indexOf(first), kind },
  };
}

function namedBy(claim: Claim, { anomalies }: KeyTrial): Anomaly | undefined {
  return anomalies.find(({ kind }) => claim.anomalies.includes(kind));
}

function findingOf(
  run: Run,
  claim: Claim,
  cell: SliceCell,
  trials: readonly KeyTrial[],
): SliceFinding | null {
  const trial = trials.find((candidate) => candidate.unknownBecause === null && namedBy(claim, candidate));
  const anomaly = trial === undefined ? undefined : namedBy(claim, trial);
  if (anomaly === undefined) return null;
  return { claim, cell, anomaly, scenario: partOf(run.scenario, cell, anomaly.key) };
}

/** The operations on one key and the fault of its window, as a scenario that can be replayed anywhere. */
function partOf(scenario: Scenario, cell: SliceCell, key: string): Scenario {
  const operations = scenario.operations.filter(
    (plan) => plan.keyspace === cell.keyspace && plan.key === key,
  );
  const faults = scenario.faults.filter(({ kind }) => kind === sliceFaultKind(cell.fault));
  const firstUs = Math.min(...faults.map(({ atUs }) => atUs));
  return {
    ...scenario,
    claim: cell.claim,
    cell: `${cell.setting.label} · ${cell.fault}`,
    keyspaces: scenario.keyspaces.filter(({ name }) => name === cell.keyspace),
    operations: operations.map((plan) => ({ ...plan, atUs: plan.atUs - firstUs })),
    faults: faults.map((fault) => ({
      ...fault,
      atUs: 0,
      untilUs: fault.untilUs === null ? null : fault.untilUs - firstUs,
    })),
  };
}
