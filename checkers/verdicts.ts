import type { CheckTask } from "../harness/contracts/checker.ts";
import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import { Fn } from "../harness/history/history.ts";
import type { Anomaly, AnomalyKind, UndecidedWindow, Verdict } from "../harness/history/verdict.ts";
import { keyTraits, Trait } from "./key-traits.ts";
import { rowsOfKey } from "./rows-of-key.ts";

/** Most anomalies that a verdict lists. Chosen: more than anybody reads; the rest are counted. */
const mostAnomalies = 100;
/** Most reasons that one sentence joins. */
const mostReasons = 3;

/** An anomaly of one key; evidence is given as rows, in any order. */
export function anomalyOf(
  history: History,
  kind: AnomalyKind,
  rows: readonly number[],
  says: string,
): Anomaly {
  const evidence = [...new Set(rows)].sort((a, b) => a - b).map((row) => cell(history.invokeIndex, row));
  const { keyspace, key } = history.keys[history.key[rows[0] ?? -1] ?? -1] ?? { keyspace: "", key: "" };
  return { kind, says, evidence, keyspace, key };
}

/** What is wrong as a verdict, or valid with the operations that it rests on. */
export function verdictOf(anomalies: readonly Anomaly[], checked: number): Verdict {
  const [first, ...rest] = anomalies;
  return first === undefined ? { word: "valid", checked } : { word: "invalid", anomalies: [first, ...rest] };
}

/**
 * One verdict of many: anomalies first, in the order of their evidence; then what is unknown, with what is left to
 * decide; a key that is not the checker's business doesn't take from what the others say, and alone it is no
 * pass. What was measured goes along, wherever the verdict can carry it.
 */
export function combineVerdicts(partials: readonly Verdict[]): Verdict {
  const combined = combineWords(partials);
  const measures = partials.flatMap((partial) => ("measures" in partial && partial.measures) || []);
  const isCarrier = combined.word === "valid" || combined.word === "invalid";
  return isCarrier && measures.length > 0 ? { ...combined, measures } : combined;
}

function combineWords(partials: readonly Verdict[]): Verdict {
  const anomalies = partials.flatMap((partial) => (partial.word === "invalid" ? partial.anomalies : []));
  if (anomalies.length > 0) return verdictOf(capped(anomalies.sort(byEvidence)), 0);
  const unknown = reasons(partials, "unknown");
  if (unknown !== "") return { word: "unknown", because: unknown, ...undecidedOf(partials) };
  const valid = partials.filter((partial) => partial.word === "valid");
  if (valid.length > 0)
    return { word: "valid", checked: valid.reduce((sum, { checked }) => sum + checked, 0) };
  return { word: "notChecked", because: reasons(partials, "notChecked") || "no operation in the history" };
}

/** The windows of all that is unknown; without the field where there is none. */
function undecidedOf(partials: readonly Verdict[]): { readonly undecided?: readonly UndecidedWindow[] } {
  const undecided = partials.flatMap((partial) => (partial.word === "unknown" && partial.undecided) || []);
  return undecided.length === 0 ? {} : { undecided };
}

/** A task for each key that anything was done to. */
export function tasksByKey(history: History): readonly CheckTask[] {
  return history.keys.map((_, key) => ({ key }));
}

/**
 * Why a key's history is no register's, as a verdict: other functions, nothing answered, or `null` written,
 * which would read like "not found".
 */
export function unfitForRegister(history: History, key: number): Verdict | null {
  const traits = cell(keyTraits(history).traits, key);
  if ((traits & Trait.otherFunction) !== 0) {
    return {
      word: "notChecked",
      because: `${keyPath(history, key)} is no register: it has other operations`,
    };
  }
  if ((traits & Trait.nullWritten) !== 0) {
    const row = rowsOfKey(history, key).find((each) => isNullWrite(history, each)) ?? 0;
    const says = "null was written, which cannot be told from not found";
    return verdictOf([anomalyOf(history, "broken assumption", [row], says)], 0);
  }
  if (answeredOf(history, key) > 0) return null;
  return { word: "notChecked", because: `no operation on ${keyPath(history, key)} was answered` };
}

function isNullWrite(history: History, row: number): boolean {
  return history.f[row] === Fn.write && history.argument[row] === 0;
}

/** A key with its keyspace, where it has one. */
export function keyPath(history: History, key: number): string {
  const { keyspace, key: name } = history.keys[key] ?? { keyspace: "", key: "" };
  const shown = name === "" ? "the register" : name;
  return keyspace === "" ? shown : `${keyspace}/${shown}`;
}

/** Operations of a key that ended `ok`, or in a refusal that says something of the value. */
export function answeredOf(history: History, key: number): number {
  return cell(keyTraits(history).answered, key);
}

function byEvidence(a: Anomaly, b: Anomaly): number {
  for (let at = 0; at < Math.min(a.evidence.length, b.evidence.length); at += 1) {
    const difference = (a.evidence[at] ?? 0) - (b.evidence[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.evidence.length - b.evidence.length;
}

function capped(anomalies: readonly Anomaly[]): readonly Anomaly[] {
  const last = anomalies[mostAnomalies - 1];
  const more = anomalies.length - mostAnomalies;
  if (last === undefined || more === 0) return anomalies;
  const told = { ...last, says: `${last.says} (and ${more} more anomalies, not listed)` };
  return [...anomalies.slice(0, mostAnomalies - 1), told];
}

function reasons(partials: readonly Verdict[], word: "unknown" | "notChecked"): string {
  const distinct = new Set(partials.flatMap((partial) => (partial.word === word ? [partial.because] : [])));
  const shown = [...distinct].slice(0, mostReasons).join("; ");
  return distinct.size <= mostReasons ? shown : `${shown}; and ${distinct.size - mostReasons} more`;
}
