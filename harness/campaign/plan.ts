import type { FaultKind } from "../contracts/scenario.ts";
import type { Counts } from "./counts.ts";
import { judgedRuns } from "./counts.ts";
import type { Trial, TrialRole } from "./trial.ts";

/** Runs in a batch. Chosen: long enough that messages between threads vanish, short enough to stop soon. */
export const batchRuns = 20;

/** Fewer judged runs than this prove nothing about a cell (CONTRACTS.md). */
export const fewestJudgedRuns = 100;

/** How long a trial goes on. Counts, not times: the same seed gives the same result on every machine. */
export interface Quota {
  /** Judged runs to reach. */
  readonly judged: number;
  /** Whether it goes on beyond them until a run fails. */
  readonly untilFound: boolean;
  /** It ends here in any case. */
  readonly cap: number;
}

/** What a person may turn. */
export interface Effort {
  /** Judged runs of a cell that must stay clean. Default 300: three times what counts, in half a minute for all rows. */
  readonly runs: number;
  /** Most runs of a cell whose anomaly is looked for. Default 2,000: 20 times what the rarest common one needs. */
  readonly breaksCap: number;
  /** Most runs of a planted defect. Default 3,000: the rarest show in a run of 2,000 (CLAIMS.md). */
  readonly defectsCap: number;
}

export const defaultEffort: Effort = { runs: 300, breaksCap: 2_000, defectsCap: 3_000 };

/** How long to try what. */
export function quotaOf(role: TrialRole, effort: Effort): Quota {
  switch (role) {
    case "holds":
      return fixed(effort.runs);
    case "observed":
      return fixed(fewestJudgedRuns);
    case "breaks":
      return { judged: Math.min(effort.runs, fewestJudgedRuns), untilFound: true, cap: effort.breaksCap };
    case "defect":
      return { judged: 0, untilFound: true, cap: effort.defectsCap };
  } // No default: with noImplicitReturns a missing case is a type error.
}

/** Whether a trial with these counts is over. Asked after each batch, in the order of the batches. */
export function isOver(quota: Quota, counts: Counts): boolean {
  if (counts.runs >= quota.cap) return true;
  if (judgedRuns(counts) < quota.judged) return false;
  return !quota.untilFound || counts.failingRuns > 0;
}

/** Batches that a trial needs at least, whatever comes of them. */
export function certainBatches(quota: Quota): number {
  return Math.max(1, Math.ceil(Math.min(quota.judged, quota.cap) / batchRuns));
}

/** What a target lacks to express the trial, or null. */
export function lacking(trial: Trial, can: ReadonlySet<FaultKind>): string | null {
  const missing = trial.needs.filter((kind) => !can.has(kind));
  return missing.length === 0 ? null : `the target cannot do: ${missing.join(", ")}`;
}

/** A fifth more than a cell needs: with more unknown runs than that it is unknown anyway (CONTRACTS.md). */
function fixed(runs: number): Quota {
  return { judged: runs, untilFound: false, cap: Math.ceil((runs * 5) / 4 / batchRuns) * batchRuns };
}
