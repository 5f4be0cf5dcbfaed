import type { Claim, FaultColumn, Setting } from "../contracts/claim.ts";
import type { CellResult, ClaimResult, Counterexample, SettingLabel } from "../contracts/results.ts";
import type { Counts } from "./counts.ts";
import type { Untried } from "./outcome.ts";
import { decideCell, decideRow } from "./outcome.ts";

/** What is known of one cell of a row. */
export interface CellFacts {
  readonly cell: string;
  readonly setting: Setting;
  readonly fault: FaultColumn;
  readonly counts: Counts;
  /** Why it was not, or not fully, tried. */
  readonly untried: Untried | null;
  readonly counterexample: Counterexample | null;
}

/** A cell as the results list it, with the outcome that its counts give. */
export function cellResult(expect: Claim["expect"], facts: CellFacts): CellResult {
  const { cell, setting, fault, counts, untried, counterexample } = facts;
  const { runs, unknownRuns, failingRuns, anomalies, answered, operations, readsBesideWrites } = counts;
  return {
    cell,
    setting: labelOf(setting),
    fault,
    ...decideCell(expect, counts, untried),
    runs,
    unknownRuns,
    failingRuns,
    anomalies,
    answered,
    operations,
    readsBesideWrites,
    firstFound: counts.firstFound?.runIndex ?? null,
    counterexample,
  };
}

/** A row as the results list it: its cells together. */
export function rowResult(claim: Claim, cells: readonly CellResult[]): ClaimResult {
  const { id, statement, source, argument, advice, expect, anomalies } = claim;
  const firstFailing = cells.find(({ firstFound }) => firstFound !== null);
  const counterexample = firstFailing?.counterexample ?? null;
  return {
    id,
    statement,
    source,
    argument,
    advice,
    expect,
    anomalies,
    ...decideRow(expect, cells),
    runs: cells.reduce((sum, { runs }) => sum + runs, 0),
    firstFound: firstFailing?.firstFound ?? null,
    operations: counterexample?.operations ?? null,
    faults: counterexample?.faults ?? null,
    file: counterexample?.scenario ?? null,
    cells,
  };
}

/** What the matrix shows of a setting. */
export function labelOf({ label, group, claimed }: Setting): SettingLabel {
  return { label, group, claimed };
}
