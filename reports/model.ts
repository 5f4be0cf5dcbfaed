import { present } from "../harness/base/invariant.ts";
import type { FaultColumn } from "../harness/contracts/claim.ts";
import { faultColumns } from "../harness/contracts/claim.ts";
import type {
  CellResult,
  ClaimResult,
  Counterexample,
  Results,
  SettingLabel,
} from "../harness/contracts/results.ts";
import type { ClaimRow } from "./claim-row.ts";
import { claimRow } from "./claim-row.ts";
import type { CellKind, CellReading, MatrixCell } from "./matrix-cell.ts";
import { judgeCell } from "./matrix-cell.ts";

/** Everything that a front page, a terminal or a summary shows of a campaign. */
export interface ReportModel {
  readonly groups: readonly MatrixGroup[];
  readonly counts: Readonly<Record<CellKind, number>>;
  readonly claims: readonly ClaimRow[];
  readonly counterexamples: readonly CounterexampleView[];
}

export interface MatrixGroup {
  readonly heading: string;
  readonly rows: readonly MatrixRow[];
}

export interface MatrixRow {
  readonly setting: SettingLabel;
  /** One a column of `faultColumns`, in order. */
  readonly cells: readonly MatrixCell[];
}

/** A counterexample with the row and the cell that it is evidence in; an observed one has no row. */
export interface CounterexampleView {
  readonly counterexample: Counterexample;
  readonly claim: ClaimResult | null;
  readonly setting: SettingLabel;
  readonly fault: FaultColumn;
  /** Judged runs of the cell, and those of them that showed this kind of anomaly. */
  readonly runs: number;
  readonly hits: number;
}

interface RowDraft {
  readonly setting: SettingLabel;
  readonly readings: Map<FaultColumn, CellReading[]>;
}

/** Turns results into what is shown. Rows and headings keep the order of the claim table. */
export function reportModel(results: Results): ReportModel {
  const drafts = gather(results);
  const groups: { heading: string; rows: MatrixRow[] }[] = [];
  for (const draft of drafts) {
    let group = groups.find(({ heading }) => heading === draft.setting.group);
    if (group === undefined) {
      group = { heading: draft.setting.group, rows: [] };
      groups.push(group);
    }
    group.rows.push({
      setting: draft.setting,
      cells: faultColumns.map((fault) => judgeCell(draft.setting, fault, draft.readings.get(fault) ?? [])),
    });
  }
  return {
    groups,
    counts: countKinds(groups),
    claims: results.claims.map(claimRow),
    counterexamples: counterexamplesOf(results),
  };
}

function gather(results: Results): RowDraft[] {
  const drafts = new Map<string, RowDraft>();
  const file = (setting: SettingLabel, fault: FaultColumn, reading: CellReading): void => {
    const name = JSON.stringify([setting.group, setting.label]);
    if (!drafts.has(name)) drafts.set(name, { setting, readings: new Map() });
    const { readings } = present(drafts.get(name), "the row just made");
    readings.set(fault, [...(readings.get(fault) ?? []), reading]);
  };
  for (const claim of results.claims) {
    for (const cell of claim.cells) file(cell.setting, cell.fault, readingOf(claim, cell));
  }
  for (const cell of results.observed) {
    file(cell.setting, cell.fault, {
      claim: null,
      outcome: "clean",
      because: null,
      runs: cell.runs,
      judged: cell.runs - cell.unknownRuns,
      anomalies: cell.anomalies,
      counterexample: cell.counterexample,
    });
  }
  return [...drafts.values()];
}

function readingOf(claim: ClaimResult, cell: CellResult): CellReading {
  return {
    claim,
    outcome: cell.outcome,
    because: cell.because ?? null,
    runs: cell.runs,
    judged: cell.runs - cell.unknownRuns,
    anomalies: cell.anomalies,
    counterexample: cell.counterexample,
  };
}

function countKinds(groups: readonly MatrixGroup[]): Record<CellKind, number> {
  const counts: Record<CellKind, number> = {
    contradicted: 0,
    contradicts: 0,
    allowed: 0,
    observed: 0,
    missed: 0,
    unknown: 0,
    clean: 0,
    skipped: 0,
    notExpressible: 0,
    untried: 0,
  };
  for (const { rows } of groups) {
    for (const { cells } of rows) for (const { kind } of cells) counts[kind] += 1;
  }
  return counts;
}

function counterexamplesOf(results: Results): CounterexampleView[] {
  const views: CounterexampleView[] = [];
  const names = new Set<string>();
  const add = (
    claim: ClaimResult | null,
    cell: Pick<CellResult, "setting" | "fault" | "runs" | "unknownRuns" | "anomalies" | "counterexample">,
  ): void => {
    const { counterexample, setting, fault } = cell;
    if (counterexample === null || names.has(counterexample.name)) return;
    names.add(counterexample.name);
    const hits = cell.anomalies[counterexample.kind] ?? 0;
    views.push({ counterexample, claim, setting, fault, runs: cell.runs - cell.unknownRuns, hits });
  };
  for (const claim of results.claims) for (const cell of claim.cells) add(claim, cell);
  for (const cell of results.observed) add(null, cell);
  return views;
}
