import { exitStatus } from "../base/errors.ts";
import type { Claim } from "../contracts/claim.ts";
import type {
  ClaimResult,
  Counterexample,
  DefectResult,
  ObservedCell,
  Results,
} from "../contracts/results.ts";
import type { Counts, Crash } from "./counts.ts";
import { addCounts, noCounts } from "./counts.ts";
import type { Untried } from "./outcome.ts";
import { cellResult, labelOf, rowResult } from "./row-result.ts";
import type { Trial } from "./trial.ts";

/** All that became known of one trial. */
export interface TrialOutcome {
  readonly trial: Trial;
  readonly counts: Counts;
  /** Why it was not, or not fully, tried. */
  readonly untried: Untried | null;
  readonly counterexample: Counterexample | null;
}

/** The facts of a campaign that are not a trial's. */
export type CampaignFacts = Pick<
  Results,
  "target" | "seed" | "finishedAt" | "seconds" | "interrupted" | "versions"
>;

/** Puts `results.json` together. Trials stand in the order of `trialsOf`. */
export function resultsOf(facts: CampaignFacts, outcomes: readonly TrialOutcome[]): Results {
  const total = outcomes.reduce((sum, { counts }) => addCounts(sum, counts), noCounts);
  const rows = new Map<Claim, TrialOutcome[]>();
  for (const outcome of outcomes) {
    const { claim, role } = outcome.trial;
    if (claim !== null && role !== "defect") rows.set(claim, [...(rows.get(claim) ?? []), outcome]);
  }
  return {
    recount: "results",
    version: 1,
    ...facts,
    runs: total.runs,
    unknownRuns: total.unknownRuns,
    operations: total.operations,
    answered: total.answered,
    readsBesideWrites: total.readsBesideWrites,
    claims: [...rows].map(([claim, cells]) => claimResult(claim, cells)),
    observed: outcomes.filter(({ trial }) => trial.role === "observed").map(observedCell),
    defects: outcomes.flatMap((outcome) => defectResults(outcome)),
  };
}

/** The exit status that a campaign ends with (CONTRACTS.md): the worst of what happened. */
export function statusOf(results: Results, crashes: readonly Crash[]): number {
  if (crashes.length > 0) return exitStatus.bug;
  if (results.interrupted) return exitStatus.interrupted;
  const outcomes = results.claims.map(({ outcome }) => outcome);
  const undetected = results.defects.some(({ firstFound }) => firstFound === null);
  if (undetected || outcomes.includes("contradicted") || outcomes.includes("notFound")) {
    return exitStatus.contradicted;
  }
  return outcomes.includes("unknown") ? exitStatus.unknown : exitStatus.asExpected;
}

function claimResult(claim: Claim, outcomes: readonly TrialOutcome[]): ClaimResult {
  return rowResult(
    claim,
    outcomes.map(({ trial: { cell, setting, fault }, counts, untried, counterexample }) =>
      cellResult(claim.expect, { cell, setting, fault, counts, untried, counterexample }),
    ),
  );
}

function observedCell({ trial, counts, counterexample }: TrialOutcome): ObservedCell {
  const { runs, unknownRuns, anomalies } = counts;
  return {
    setting: labelOf(trial.setting),
    fault: trial.fault,
    runs,
    unknownRuns,
    anomalies,
    counterexample,
  };
}

function defectResults({ trial, counts }: TrialOutcome): DefectResult[] {
  const { defect, claim } = trial;
  if (defect === null || claim === null) return [];
  return [
    {
      defect: defect.name,
      standsFor: defect.standsFor,
      claim: claim.id,
      cell: trial.cell,
      runs: counts.runs,
      failingRuns: counts.failingRuns,
      firstFound: counts.firstFound?.runIndex ?? null,
      kind: counts.firstFound?.kind ?? null,
    },
  ];
}
