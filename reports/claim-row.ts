import type { CellResult, ClaimResult, Counterexample } from "../harness/contracts/results.ts";
import { isAllowedBy } from "./matrix-cell.ts";
import { capital, counted, listed, rate, sentence } from "./wording.ts";

/** A row of "what the textbook says, what was measured". */
export interface ClaimRow {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly measured: string;
  readonly verdict: ClaimVerdict;
  readonly smallest: { readonly counterexample: Counterexample; readonly where: string } | null;
}

/** `bad`: refuted, as expected. `shown`: a weakness that was admitted. `fallen`: against the expectation. */
export interface ClaimVerdict {
  readonly tone: "bad" | "exp" | "shown" | "fallen" | "quiet";
  readonly word: string;
  /** What stands under the word: an anomaly, or why there is no verdict. */
  readonly detail: string;
}

/** Puts a row's result into words. */
export function claimRow(claim: ClaimResult): ClaimRow {
  const { id, statement, source } = claim;
  return {
    id,
    statement,
    source,
    measured: measuredOf(claim),
    verdict: verdictOf(claim),
    smallest: smallestOf(claim),
  };
}

/** Whether the row says what was expected of it: anything else must be shown loudly. */
export function isAsExpected({ expect, outcome }: ClaimResult): boolean {
  return outcome === (expect === "breaks" ? "found" : "clean");
}

function verdictOf(claim: ClaimResult): ClaimVerdict {
  const because = claim.because ?? "";
  switch (claim.outcome) {
    case "found": {
      const kind = foundKind(claim);
      return isAdmitted(claim)
        ? { tone: "shown", word: "shown", detail: kind }
        : { tone: "bad", word: "refuted", detail: kind };
    }
    case "clean":
      return { tone: "exp", word: "held", detail: "" };
    case "contradicted":
      return { tone: "fallen", word: "contradicted", detail: `${foundKind(claim)}, against our expectation` };
    case "notFound":
      return { tone: "fallen", word: "not found", detail: `expected ${listed(claim.anomalies)}` };
    case "unknown":
      return { tone: "fallen", word: "unknown", detail: because };
    case "skipped":
      return { tone: "quiet", word: "skipped", detail: because };
    case "notExpressible":
      return { tone: "quiet", word: "not possible here", detail: because };
  }
}

/** True where the settings promise no more than was found: the textbook itself says so. */
function isAdmitted(claim: ClaimResult): boolean {
  const failing = claim.cells.filter(({ failingRuns }) => failingRuns > 0);
  return (
    failing.length > 0 &&
    failing.every(({ setting }) => claim.anomalies.every((kind) => isAllowedBy(setting.claimed, kind)))
  );
}

function foundKind(claim: ClaimResult): string {
  const smallest = smallestOf(claim);
  return smallest?.counterexample.kind ?? claim.anomalies[0] ?? "anomaly";
}

function smallestOf(claim: ClaimResult): ClaimRow["smallest"] {
  const found = claim.cells.flatMap((cell) =>
    cell.counterexample === null
      ? []
      : [{ counterexample: cell.counterexample, where: `${cell.setting.label}, ${cell.fault}` }],
  );
  const size = ({ counterexample }: { counterexample: Counterexample }): number =>
    counterexample.operations + counterexample.faults;
  return found.sort((a, b) => size(a) - size(b))[0] ?? null;
}

function measuredOf(claim: ClaimResult): string {
  switch (claim.outcome) {
    case "found":
      return `${foundMeasured(claim)} ${sentence(claim.argument)}`;
    case "contradicted":
      return foundMeasured(claim);
    case "clean":
      return `${noneOf(claim)} in ${basisOf(claim)}. ${sentence(claim.argument)}`;
    case "notFound":
      return `Searched in vain: ${counted(claim.runs, "run")} without ${listed(claim.anomalies, "or")}.`;
    default:
      return claim.runs === 0 ? "Not run." : `${counted(claim.runs, "run")}, too little to judge.`;
  }
}

function foundMeasured(claim: ClaimResult): string {
  const failing = claim.cells
    .filter(({ failingRuns }) => failingRuns > 0)
    .sort((a, b) => shareOf(b) - shareOf(a));
  const [worst] = failing;
  if (worst === undefined) return `${capital(foundKind(claim))} found.`;
  const share = rate(worst.failingRuns, worst.runs - worst.unknownRuns);
  const first = `${capital(foundKind(claim))} in ${inRuns(share)} at ${worst.setting.label} (${worst.fault})`;
  const cells =
    claim.cells.length === 1 ? "" : `; found in ${shareOfCells(failing.length, claim.cells.length)}`;
  return `${first}${cells}.`;
}

function shareOfCells(part: number, whole: number): string {
  if (part < whole) return `${part} of ${whole} cells`;
  return whole === 2 ? "both cells" : `all ${whole} cells`;
}

/** "1 run in 118", "every run". */
function inRuns(share: string): string {
  return share.endsWith("run") ? share : share.replace(" in ", " run in ");
}

/** Rows about a single anomaly name it; of the others the row's own words say enough. */
function noneOf({ anomalies }: ClaimResult): string {
  return anomalies.length === 1 ? `No ${anomalies[0] ?? ""}` : "Clean";
}

function shareOf(cell: CellResult): number {
  return cell.failingRuns / Math.max(1, cell.runs - cell.unknownRuns);
}

function basisOf(claim: ClaimResult): string {
  const beside = claim.cells.reduce((sum, { readsBesideWrites }) => sum + readsBesideWrites, 0);
  const cells = claim.cells.length === 1 ? "" : ` over ${claim.cells.length} cells`;
  return `${counted(claim.runs, "run")}${cells}, with ${counted(beside, "read")} beside a write`;
}
