import { claimRow, isAsExpected } from "../../reports/claim-row.ts";
import { counted, figure, listed } from "../../reports/wording.ts";
import type { Crash } from "../campaign/counts.ts";
import type { ClaimResult, Counterexample, Results } from "../contracts/results.ts";
import { wrap } from "./terminal.ts";

/** What stands below the matrix: what it rests on, what is not as expected, where to look further. */
export interface SummaryPlaces {
  /** The results' folder as it was typed. */
  readonly folder: string;
  /** Path of the front page. */
  readonly report: string;
  readonly columns: number;
}

/** The end of a campaign in lines. */
export function summaryLines(results: Results, crashes: readonly Crash[], places: SummaryPlaces): string[] {
  const { columns, folder, report } = places;
  const fold = (text: string): string => wrap(text, columns, 2);
  return [
    fold(basisOf(results)),
    ...rowsOf(results).map(fold),
    ...defectsOf(results).map(fold),
    ...crashesOf(crashes, folder).map(fold),
    "",
    `Report: ${report}`,
    ...replayOf(results, folder, fold),
  ];
}

function basisOf(results: Results): string {
  const { runs, unknownRuns, seconds, operations, answered, readsBesideWrites, seed, target } = results;
  const unknown = unknownRuns === 0 ? "" : `, ${figure(unknownRuns)} of them unknown,`;
  const share = operations === 0 ? 0 : (100 * answered) / operations;
  return (
    `${results.interrupted ? "Interrupted after " : ""}${counted(runs, "run")}${unknown} on ${target} in ` +
    `${seconds.toFixed(1)} s, seed ${seed}: ${counted(operations, "operation")}, ${Math.round(share)}% answered, ` +
    `${counted(readsBesideWrites, "read")} beside a write.`
  );
}

function rowsOf({ claims, interrupted }: Results): string[] {
  const asExpected = claims.filter(isAsExpected);
  const cutShort = claims.filter(({ outcome }) => interrupted && outcome === "skipped");
  const unexpected = claims.filter((claim) => !asExpected.includes(claim) && !cutShort.includes(claim));
  const parts = [
    ...idsOf(asExpected.filter(({ expect }) => expect === "breaks")).map((ids) => `${ids} broke`),
    ...idsOf(asExpected.filter(({ expect }) => expect === "holds")).map((ids) => `${ids} held`),
  ];
  const detail = parts.length === 0 ? "" : `: ${parts.join("; ")}`;
  return [
    `${asExpected.length} of ${counted(claims.length, "row")} as expected${detail}.`,
    ...idsOf(cutShort).map((ids) => `Cut short: ${ids}.`),
    ...(unexpected.length === 0 ? [] : ["Not as expected:", ...unexpected.map(unexpectedRow)]),
  ];
}

/** One text for all of them, or none where there are none. */
function idsOf(claims: readonly ClaimResult[]): string[] {
  return claims.length === 0 ? [] : [claims.map(({ id }) => id).join(" ")];
}

function unexpectedRow(claim: ClaimResult): string {
  const { id, statement, expect, outcome, because, runs, anomalies } = claim;
  const hoped = expect === "breaks" ? "should break" : "should hold";
  const failing = claim.cells.filter(({ failingRuns }) => failingRuns > 0);
  const where = failing.map(({ cell, failingRuns }) => `${cell} (${counted(failingRuns, "run")})`);
  const detail: Partial<Record<ClaimResult["outcome"], string>> = {
    contradicted: `contradicted in ${listed(where)}`,
    notFound: `no ${listed(anomalies, "or")} in ${counted(runs, "run")}`,
    notExpressible: "not expressible",
  };
  return `- ${id} ${hoped}: ${detail[outcome] ?? outcome}${because === undefined ? "" : ` (${because})`}. “${statement}”`;
}

function defectsOf({ defects, interrupted }: Results): string[] {
  if (defects.length === 0) return [];
  const missed = defects.filter(({ firstFound }) => firstFound === null);
  if (interrupted) {
    return [`Planted defects: ${defects.length - missed.length} of ${defects.length} caught so far.`];
  }
  return [
    `Planted defects: ${defects.length - missed.length} of ${defects.length} caught.`,
    ...missed.map(
      ({ defect, claim, cell, runs }) =>
        `- not caught: ${defect}, by ${claim} at ${cell} in ${counted(runs, "run")}`,
    ),
  ];
}

function crashesOf(crashes: readonly Crash[], folder: string): string[] {
  const [first] = crashes;
  if (first === undefined) return [];
  return [
    `${counted(crashes.length, "run")} crashed, which is a bug of Recount's own (${folder}/crashes): ${first.message}`,
  ];
}

/** The exact command for the counterexample that a person should look at first. */
function replayOf(results: Results, folder: string, fold: (text: string) => string): string[] {
  const chosen = mostInteresting(results);
  if (chosen === null) return [];
  const { counterexample, claim } = chosen;
  const { kind, says, operations, faults } = counterexample;
  const size = `${counted(operations, "operation")}, ${counted(faults, "fault")}`;
  return [
    fold(`Start with ${claim}, ${kind} in ${size}: ${says}`),
    // Not folded: a command must be one line to be copied.
    `Replay: npm start -- replay ${quoted(`${folder}/${counterexample.scenario}`)}`,
  ];
}

/** A row that fell before one that was refuted as expected, before a weakness that is admitted; then the smallest. */
function mostInteresting(results: Results): { claim: string; counterexample: Counterexample } | null {
  const tones = ["fallen", "bad", "shown"];
  const found = results.claims.flatMap((row) =>
    row.cells.flatMap(({ counterexample }) =>
      counterexample === null
        ? []
        : [{ claim: row.id, tone: tones.indexOf(claimRow(row).verdict.tone), counterexample }],
    ),
  );
  const size = ({ operations, faults }: Counterexample): number => operations + faults;
  const [first] = found.sort((a, b) => a.tone - b.tone || size(a.counterexample) - size(b.counterexample));
  return first ?? null;
}

/** As a shell reads it: bare where every sign is harmless. */
function quoted(path: string): string {
  return /^[\w./:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
