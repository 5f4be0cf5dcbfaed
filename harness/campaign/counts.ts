import type { Scenario } from "../contracts/scenario.ts";
import type { AnomalyKind } from "../history/verdict.ts";
import { anomalyKinds } from "../history/verdict.ts";

/** A run that ended in an exception of ours: evidence of a bug in Recount, never a verdict. */
export interface Crash {
  readonly trial: number;
  /** Of the run, or of the run whose shrinking met the crash. */
  readonly runIndex: number;
  readonly message: string;
  readonly stack: string;
  /** What ran; null where the run is the trial's own, or no scenario could be drawn. */
  readonly scenario: Scenario | null;
}

/** How many runs showed each kind of anomaly. */
export type AnomalyCounts = { readonly [K in AnomalyKind]?: number };

/** What came of some runs of one trial. Adding two of them up does not depend on their order. */
export interface Counts {
  readonly runs: number;
  /** Runs without a verdict that counts, crashed ones included. */
  readonly unknownRuns: number;
  /** Runs with an anomaly that the row names. */
  readonly failingRuns: number;
  readonly anomalies: AnomalyCounts;
  readonly operations: number;
  readonly answered: number;
  readonly readsBesideWrites: number;
  /** Lowest index of a failing run, and the kind of anomaly it showed first. */
  readonly firstFound: { readonly runIndex: number; readonly kind: AnomalyKind } | null;
  /** Lowest index of an unknown run that did not crash, and why it is unknown. */
  readonly firstUnknown: { readonly runIndex: number; readonly because: string } | null;
  readonly crashes: readonly Crash[];
}

/** The sum of nothing. */
export const noCounts: Counts = {
  runs: 0,
  unknownRuns: 0,
  failingRuns: 0,
  anomalies: {},
  operations: 0,
  answered: 0,
  readsBesideWrites: 0,
  firstFound: null,
  firstUnknown: null,
  crashes: [],
};

/** Adds up what came of two sets of runs. */
export function addCounts(a: Counts, b: Counts): Counts {
  return {
    runs: a.runs + b.runs,
    unknownRuns: a.unknownRuns + b.unknownRuns,
    failingRuns: a.failingRuns + b.failingRuns,
    anomalies: addAnomalies(a.anomalies, b.anomalies),
    operations: a.operations + b.operations,
    answered: a.answered + b.answered,
    readsBesideWrites: a.readsBesideWrites + b.readsBesideWrites,
    firstFound: earlier(a.firstFound, b.firstFound),
    firstUnknown: earlier(a.firstUnknown, b.firstUnknown),
    crashes: [...a.crashes, ...b.crashes].sort((one, other) => one.runIndex - other.runIndex),
  };
}

/** Runs whose verdict counts. */
export function judgedRuns(counts: Counts): number {
  return counts.runs - counts.unknownRuns;
}

/** Adds up anomalies by kind. */
export function addAnomalies(a: AnomalyCounts, b: AnomalyCounts): AnomalyCounts {
  const sum: { [K in AnomalyKind]?: number } = { ...a };
  for (const kind of anomalyKinds) {
    const more = b[kind];
    if (more !== undefined) sum[kind] = (sum[kind] ?? 0) + more;
  }
  return sum;
}

function earlier<First extends { readonly runIndex: number }>(
  a: First | null,
  b: First | null,
): First | null {
  if (a === null || b === null) return a ?? b;
  return a.runIndex <= b.runIndex ? a : b;
}
