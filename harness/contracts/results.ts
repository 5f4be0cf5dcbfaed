import type { AnomalyKind } from "../history/verdict.ts";
import type { FaultColumn } from "./claim.ts";

/** `results.json`: everything that the reports are drawn from. Paths are relative to its folder. */
export interface Results {
  readonly recount: "results";
  readonly version: 1;
  readonly target: string;
  readonly seed: number;
  /** ISO date and time of the end, the only wall-clock figure besides `seconds`. */
  readonly finishedAt: string;
  readonly seconds: number;
  readonly runs: number;
  readonly unknownRuns: number;
  readonly operations: number;
  /** Of `operations`, those that ended `ok`. */
  readonly answered: number;
  /** Reads that ran beside a write of the same key: without them a clean history proves little. */
  readonly readsBesideWrites: number;
  readonly interrupted: boolean;
  readonly versions: { readonly recount: string; readonly node: string };
  readonly claims: readonly ClaimResult[];
  /** (setting × fault) cells that no row covers. */
  readonly observed: readonly ObservedCell[];
  readonly defects: readonly DefectResult[];
}

export const outcomes = [
  "found",
  "notFound",
  "clean",
  "contradicted",
  "unknown",
  "skipped",
  "notExpressible",
] as const;
export type Outcome = (typeof outcomes)[number];

export interface ClaimResult {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly argument: string;
  readonly advice: string;
  readonly expect: "breaks" | "holds";
  readonly anomalies: readonly AnomalyKind[];
  readonly outcome: Outcome;
  /** Why, where the outcome is `unknown`, `skipped` or `notExpressible`. */
  readonly because?: string;
  readonly runs: number;
  /** Lowest index of a failing run in the row's first failing cell. */
  readonly firstFound: number | null;
  /** Counts of the shrunk scenario; final reads are not operations. */
  readonly operations: number | null;
  readonly faults: number | null;
  /** The shrunk scenario that `replay` takes. */
  readonly file: string | null;
  readonly cells: readonly CellResult[];
}

export interface CellResult {
  readonly cell: string;
  readonly setting: SettingLabel;
  readonly fault: FaultColumn;
  readonly outcome: Outcome;
  readonly because?: string;
  readonly runs: number;
  readonly unknownRuns: number;
  /** Runs with at least one anomaly that the row names. */
  readonly failingRuns: number;
  /** Runs by kind of anomaly, those too that the row does not name. */
  readonly anomalies: { readonly [K in AnomalyKind]?: number };
  readonly answered: number;
  readonly operations: number;
  readonly readsBesideWrites: number;
  readonly firstFound: number | null;
  readonly counterexample: Counterexample | null;
}

export interface SettingLabel {
  readonly label: string;
  readonly group: string;
  readonly claimed: string;
}

/** A shrunk failing run. All files stand in `folder`. */
export interface Counterexample {
  /** For example `C3-3-2-2-clock-skew`. */
  readonly name: string;
  readonly folder: string;
  /** `scenario.json`, `history.jsonl`, `trace.jsonl` (simulator only) and `original.json`, the plan before shrinking. */
  readonly scenario: string;
  readonly history: string;
  readonly trace: string | null;
  readonly original: string;
  readonly kind: AnomalyKind;
  readonly says: string;
  readonly evidence: readonly number[];
  readonly operations: number;
  readonly faults: number;
  readonly operationsBefore: number;
  readonly faultsBefore: number;
  readonly shrinkRuns: number;
  readonly seed: number;
  readonly runIndex: number;
}

/** A cell of the matrix that no row speaks of: what was seen, judged by nobody. */
export interface ObservedCell {
  readonly setting: SettingLabel;
  readonly fault: FaultColumn;
  readonly runs: number;
  readonly unknownRuns: number;
  readonly anomalies: { readonly [K in AnomalyKind]?: number };
  readonly counterexample: Counterexample | null;
}

/** A planted defect against a row that should fall because of it. */
export interface DefectResult {
  readonly defect: string;
  readonly standsFor: string;
  readonly claim: string;
  readonly cell: string;
  readonly runs: number;
  readonly failingRuns: number;
  readonly firstFound: number | null;
  readonly kind: AnomalyKind | null;
}
