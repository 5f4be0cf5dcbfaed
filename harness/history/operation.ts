import type { History } from "./history.ts";
import { Fn, Outcome } from "./history.ts";
import { functionName } from "./lines.ts";
import { timeText } from "./time.ts";
import type { HistoryValue } from "./values.ts";

/** Longest value that a sentence shows, in characters. Chosen: a sentence stays a sentence. */
const longestValue = 40;

/** A process as sentences name it: `p3`, or its own name. */
export function processText(history: History, row: number): string {
  const process = history.processes[history.process[row] ?? -1] ?? "?";
  return typeof process === "number" ? `p${process}` : process;
}

/** A value as sentences show it: JSON, cut when long. */
export function valueText(value: HistoryValue): string {
  const json = JSON.stringify(value);
  return json.length <= longestValue ? json : `${json.slice(0, longestValue - 1)}…`;
}

/** `x=17`, or `nothing at x` for null; `17`, or `nothing at the register`, where the key has no name. */
export function keyIs(history: History, row: number, valueId: number): string {
  if (valueId === 0) return `nothing at ${keyName(history, row)}`;
  const value = valueText(history.values[valueId] ?? null);
  const key = keyOf(history, row);
  return key === "" ? value : `${key}=${value}`;
}

/** When an operation ended, or began where its end was not recorded: `at 4.210 s`, or `at event 7`. */
export function endText(history: History, row: number): string {
  const endedNs = history.completedNs[row] ?? Number.NaN;
  if (Number.isNaN(endedNs)) return startText(history, row);
  return hasTimes(history) ? `at ${timeText(endedNs)}` : `at event ${history.endIndex[row] ?? 0}`;
}

/** When an operation began: `at 4.210 s`, or `at event 7` where the history has no times. */
export function startText(history: History, row: number): string {
  if (hasTimes(history)) return `at ${timeText(history.invokedNs[row] ?? 0)}`;
  return `at event ${history.invokeIndex[row] ?? 0}`;
}

const timed = new WeakMap<History, boolean>();

/** Files without times are read as if everything had happened at 0. */
function hasTimes(history: History): boolean {
  const { length, invokedNs, completedNs } = history;
  // Times never go back: nearly always, the last one tells.
  if ((invokedNs[length - 1] ?? 0) > 0) return true;
  const known = timed.get(history);
  if (known !== undefined) return known;
  const found = completedNs.subarray(0, length).some((ns) => ns > 0);
  timed.set(history, found);
  return found;
}

/** An operation in words: `p3 read x=17 at 4.210 s`. */
export function describeOperation(history: History, row: number): string {
  const who = processText(history, row);
  const f = history.f[row] ?? 0;
  const outcome = history.outcome[row] ?? Outcome.pending;
  if (f === Fn.read) {
    if (outcome !== Outcome.ok)
      return `${who} tried to read ${keyName(history, row)} ${startText(history, row)}`;
    const id = history.result[row] ?? 0;
    return `${who} ${id === 0 ? "found" : "read"} ${keyIs(history, row, id)} ${endText(history, row)}`;
  }
  return `${who} ${deed(history, row)} (${outcomeText(history, row)})`;
}

/** What became of an operation: `acknowledged at 3.998 s`, `never answered`. */
export function outcomeText(history: History, row: number): string {
  const error = history.details.get(row)?.error;
  const because = error === undefined ? "" : `: ${error}`;
  const outcome = history.outcome[row];
  if (outcome === Outcome.ok) return `acknowledged ${endText(history, row)}`;
  if (outcome === Outcome.fail) return `refused ${endText(history, row)}${because}`;
  if (outcome === Outcome.info) return `outcome unknown ${endText(history, row)}${because}`;
  return `begun ${startText(history, row)}, never answered`;
}

function deed(history: History, row: number): string {
  const f = history.f[row] ?? 0;
  const value = history.argument[row] ?? 0;
  if (f === Fn.write) return `wrote ${keyIs(history, row, value)}`;
  if (f === Fn.delete) return `deleted ${keyName(history, row)}`;
  if (f === Fn.cas) {
    const next = valueText(history.values[history.argument2[row] ?? 0] ?? null);
    return `set ${keyName(history, row)} from ${valueText(history.values[value] ?? null)} to ${next}`;
  }
  return `called ${functionName(history, row)} on ${keyName(history, row)}`;
}

/** The key of an operation as sentences name it: `the register` where it has no name. */
export function keyName(history: History, row: number): string {
  return keyOf(history, row) || "the register";
}

function keyOf(history: History, row: number): string {
  return history.keys[history.key[row] ?? -1]?.key ?? "";
}
