import type { Choice } from "../base/choice.ts";
import type { AnomalyKind } from "../history/verdict.ts";
import type { FaultKind, KeyspaceSettings, Scenario } from "./scenario.ts";

/** A row of the claim table: what somebody says, and how a machine can try it. */
export interface Claim {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  /** `breaks`: the anomaly must be found. `holds`: it must never be. */
  readonly expect: "breaks" | "holds";
  /** Any of these makes the row fall. */
  readonly anomalies: readonly AnomalyKind[];
  /** Names of the checkers that look for them. */
  readonly checkers: readonly string[];
  readonly cells: readonly ClaimCell[];
  /** Why it is so, in a sentence. */
  readonly argument: string;
  /** What setting avoids it, for the reader who has to choose one. */
  readonly advice: string;
  /** Planted defects that must make a `holds` row fall; each names the cell whose generator finds it. */
  readonly defects: readonly { readonly defect: string; readonly cell: string }[];
}

/** One (setting × fault) of a row. */
export interface ClaimCell {
  /** Unique within the row, for example `3/2/2 · partition`. */
  readonly id: string;
  readonly setting: Setting;
  readonly fault: FaultColumn;
  readonly needs: readonly FaultKind[];
  /** Draws a scenario; recorded, then run. Same choices, same plan. */
  readonly family: (choice: Choice) => Scenario;
}

/** A quorum setting as the matrix shows it. */
export interface Setting {
  /** For example `3/2/2 + blocking repair`. The matrix has one line a label. */
  readonly label: string;
  /** Under which heading of the matrix. */
  readonly group: string;
  /** What is claimed of it: `R + W > N`, `linearizable`, `eventual`. */
  readonly claimed: string;
  /** How many nodes the cluster has. */
  readonly nodes: number;
  readonly keyspace: KeyspaceSettings;
}

/** The columns of the matrix, in order. */
export const faultColumns = [
  "none",
  "latency",
  "partition",
  "lossy links",
  "crash",
  "power loss",
  "pause",
  "clock skew",
  "mixed",
] as const;
export type FaultColumn = (typeof faultColumns)[number];
