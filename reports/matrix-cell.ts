import type { FaultColumn } from "../harness/contracts/claim.ts";
import type { ClaimResult, Counterexample, Outcome, SettingLabel } from "../harness/contracts/results.ts";
import type { AnomalyKind } from "../harness/history/verdict.ts";
import { anomalyCode, byGravity, gravity } from "./anomaly-names.ts";
import { capital, counted, listed, rate } from "./wording.ts";

/**
 * What a cell of the matrix says. `contradicted`: a row that ought to hold fell, which is never expected.
 * `contradicts`: what is claimed of the setting was refuted. `allowed`: an anomaly that the claim permits.
 * `missed`: clean, although an anomaly was expected. `observed`: seen where no row speaks.
 */
export type CellKind =
  | "contradicted"
  | "contradicts"
  | "allowed"
  | "observed"
  | "missed"
  | "unknown"
  | "clean"
  | "skipped"
  | "notExpressible"
  | "untried";

/** One result that bears on a cell: of a row of the claim table, or of nobody's (`claim` is null). */
export interface CellReading {
  readonly claim: ClaimResult | null;
  readonly outcome: Outcome;
  readonly because: string | null;
  readonly runs: number;
  /** Runs whose verdicts count. */
  readonly judged: number;
  readonly anomalies: { readonly [K in AnomalyKind]?: number };
  readonly counterexample: Counterexample | null;
}

/** One cell of the matrix, ready to be shown. */
export interface MatrixCell {
  readonly kind: CellKind;
  /** The gravest anomaly of the cell, where there is one. */
  readonly anomaly: AnomalyKind | null;
  readonly hits: number;
  /** Judged runs that the rate or the "clean" rests on. */
  readonly runs: number;
  readonly name: string;
  readonly code: string;
  /** The second line: a rate, a number of runs, or a reason. */
  readonly detail: string;
  /** The whole in a sentence. */
  readonly says: string;
  readonly counterexample: Counterexample | null;
}

interface Finding {
  readonly kind: "contradicted" | "contradicts" | "allowed" | "observed";
  readonly anomaly: AnomalyKind;
  readonly hits: number;
  readonly reading: CellReading;
}

/** The order in which findings speak for their cell. */
const weight = { contradicted: 0, contradicts: 1, allowed: 2, observed: 3 } as const;

/** Judges a cell from all the results that bear on it. */
export function judgeCell(
  setting: SettingLabel,
  fault: FaultColumn,
  readings: readonly CellReading[],
): MatrixCell {
  const where = `${setting.label}, ${fault}`;
  const findings = readings
    .flatMap((reading) => findingsOf(setting, reading))
    .sort((a, b) => weight[a.kind] - weight[b.kind] || gravity(a.anomaly) - gravity(b.anomaly));
  const [first] = findings;
  return first === undefined
    ? quietCell(where, readings)
    : foundCell(where, setting.claimed, first, findings);
}

function findingsOf(setting: SettingLabel, reading: CellReading): Finding[] {
  return byGravity(reading.anomalies).map(({ kind, runs }) => ({
    kind: standing(setting, reading, kind),
    anomaly: kind,
    hits: runs,
    reading,
  }));
}

function standing(
  setting: SettingLabel,
  { claim, outcome }: CellReading,
  anomaly: AnomalyKind,
): Finding["kind"] {
  if (claim === null) return "observed";
  if (!claim.anomalies.includes(anomaly)) return "allowed";
  if (outcome === "contradicted") return "contradicted";
  return isAllowedBy(setting.claimed, anomaly) ? "allowed" : "contradicts";
}

/** What an eventually consistent setting owes its users all the same. */
const owedByAll: readonly AnomalyKind[] = ["divergence", "phantom value", "broken assumption"];

/** Whether the claim made for a setting permits the anomaly. Only `eventual` permits any. */
export function isAllowedBy(claimed: string, anomaly: AnomalyKind): boolean {
  return claimed.startsWith("eventual") && !owedByAll.includes(anomaly);
}

function foundCell(where: string, claimed: string, first: Finding, all: readonly Finding[]): MatrixCell {
  const { anomaly, hits, reading } = first;
  const others = [...new Set(all.map((finding) => finding.anomaly))].filter((kind) => kind !== anomaly);
  const share = rate(hits, reading.judged);
  const also = others.length === 0 ? "" : ` Also seen: ${listed(others)}.`;
  const meaning: Readonly<Record<Finding["kind"], string>> = {
    contradicted: `contradicts ${reading.claim?.id ?? "a row"}, which ought to hold`,
    contradicts: `refutes what is claimed: ${claimed}`,
    allowed: `nothing that is claimed here forbids it (${claimed})`,
    observed: "no row of the claim table speaks of this cell",
  };
  return {
    kind: first.kind,
    anomaly,
    hits,
    runs: reading.judged,
    name: anomaly,
    code: anomalyCode(anomaly),
    detail: share,
    says: `${where}: ${anomaly} in ${counted(hits, "run")} of ${counted(reading.judged, "run")} (${share}); ${meaning[first.kind]}.${also}`,
    counterexample: counterexampleFor(anomaly, all),
  };
}

/** The one for the anomaly that the cell is named after; failing that, any of the cell. */
function counterexampleFor(anomaly: AnomalyKind, all: readonly Finding[]): Counterexample | null {
  const candidates = all.flatMap(({ reading }) => reading.counterexample ?? []);
  return candidates.find(({ kind }) => kind === anomaly) ?? candidates[0] ?? null;
}

const quietNames = {
  missed: "clean",
  unknown: "unknown",
  clean: "clean",
  skipped: "skipped",
  notExpressible: "not possible",
  untried: "not tried",
} as const;

const quietCodes = {
  missed: "·",
  unknown: "?",
  clean: "·",
  skipped: "–",
  notExpressible: "–",
  untried: "",
} as const;

function quietCell(where: string, readings: readonly CellReading[]): MatrixCell {
  const kind = quietKind(readings);
  const runs = readings.reduce((sum, reading) => sum + reading.judged, 0);
  const expected = [
    ...new Set(
      readings.flatMap(({ claim, outcome }) => (outcome === "notFound" ? (claim?.anomalies ?? []) : [])),
    ),
  ];
  const because = readings.find((reading) => reading.because !== null)?.because ?? null;
  const detail = quietDetail(kind, runs, expected);
  const basis = kind === "clean" || kind === "missed" ? ` in ${counted(runs, "run")}` : "";
  const hoped = kind === "missed" ? `, although ${listed(expected)} was expected` : "";
  return {
    kind,
    anomaly: null,
    hits: 0,
    runs,
    name: quietNames[kind],
    code: quietCodes[kind],
    detail,
    says: capital(`${where}: ${quietNames[kind]}${basis}${hoped}${because === null ? "" : `; ${because}`}.`),
    counterexample: null,
  };
}

function quietKind(readings: readonly CellReading[]): keyof typeof quietNames {
  const has = (outcome: Outcome): boolean => readings.some((reading) => reading.outcome === outcome);
  if (readings.length === 0) return "untried";
  // What is not known must not hide behind what is clean.
  if (has("unknown")) return "unknown";
  if (has("notFound")) return "missed";
  if (has("clean")) return "clean";
  return has("skipped") ? "skipped" : "notExpressible";
}

function quietDetail(kind: keyof typeof quietNames, runs: number, expected: readonly AnomalyKind[]): string {
  switch (kind) {
    case "missed":
      return `no ${expected[0] ?? "anomaly"}`;
    case "clean":
    case "unknown":
      return counted(runs, "run");
    default:
      return "";
  }
}
