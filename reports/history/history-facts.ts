import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never, Outcome } from "../../harness/history/history.ts";
import { functionName } from "../../harness/history/lines.ts";

/** What can be counted in a history in one pass. */
export interface HistoryFacts {
  readonly operations: number;
  /** Operations by outcome; what was never answered is unknown. */
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
  readonly keys: number;
  readonly processes: number;
  /** Null where the events have no times: all of them are the same. */
  readonly clock: { readonly fromNs: number; readonly toNs: number } | null;
  /** Indices of the first and the last event. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly functions: readonly FunctionFacts[];
}

/** What was asked by one function, and how it went. */
export interface FunctionFacts {
  readonly name: string;
  readonly asked: number;
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
  /** How long those took that ended ok, in nanoseconds; null without a clock or without any of them. */
  readonly tookNs: { readonly median: number; readonly p99: number } | null;
}

/** Codes of functions are bytes. */
const functionCodes = 256;

/** Counts a history; costs one pass and a sort of the durations. */
export function historyFacts(history: History): HistoryFacts {
  const { length, f, outcome } = history;
  const counts = new Int32Array(functionCodes * 4);
  const firstRow = new Int32Array(functionCodes).fill(-1);
  for (let row = 0; row < length; row += 1) {
    const code = cell(f, row);
    const at = code * 4 + cell(outcome, row);
    counts[at] = cell(counts, at) + 1;
    if (firstRow[code] === -1) firstRow[code] = row;
  }
  const clock = clockOf(history);
  const functions: FunctionFacts[] = [];
  for (let code = 0; code < functionCodes; code += 1) {
    const row = cell(firstRow, code);
    if (row < 0) continue;
    const of = (which: number): number => cell(counts, code * 4 + which);
    const [ok, failed, unknown] = [of(Outcome.ok), of(Outcome.fail), of(Outcome.info) + of(Outcome.pending)];
    const name = functionName(history, row);
    const tookNs = clock === null ? null : durationsOf(history, code, ok);
    functions.push({ name, asked: ok + failed + unknown, ok, failed, unknown, tookNs });
  }
  const sum = (count: (facts: FunctionFacts) => number): number =>
    functions.reduce((total, each) => total + count(each), 0);
  return {
    operations: length,
    ok: sum(({ ok }) => ok),
    failed: sum(({ failed }) => failed),
    unknown: sum(({ unknown }) => unknown),
    keys: history.keys.length,
    processes: history.processes.length,
    clock,
    ...indexRange(history),
    functions,
  };
}

/** Files without clocks have the same time, mostly 0, in every event. */
function clockOf({ length, invokedNs, completedNs }: History): HistoryFacts["clock"] {
  let fromNs = Number.POSITIVE_INFINITY;
  let toNs = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < length; row += 1) {
    const invoked = invokedNs[row] ?? 0;
    const completed = completedNs[row] ?? Number.NaN;
    if (invoked < fromNs) fromNs = invoked;
    if (invoked > toNs) toNs = invoked;
    if (completed > toNs) toNs = completed;
  }
  return toNs > fromNs ? { fromNs, toNs } : null;
}

function indexRange({ length, invokeIndex, endIndex }: History): {
  firstIndex: number;
  lastIndex: number;
} {
  let firstIndex = length === 0 ? 0 : cell(invokeIndex, 0);
  let lastIndex = firstIndex;
  for (let row = 0; row < length; row += 1) {
    const begun = cell(invokeIndex, row);
    const end = cell(endIndex, row);
    if (begun < firstIndex) firstIndex = begun;
    if (begun > lastIndex) lastIndex = begun;
    if (end !== never && end > lastIndex) lastIndex = end;
  }
  return { firstIndex, lastIndex };
}

function durationsOf(history: History, code: number, count: number): FunctionFacts["tookNs"] {
  if (count === 0) return null;
  const { length, f, outcome, invokedNs, completedNs } = history;
  const took = new Float64Array(count);
  let at = 0;
  for (let row = 0; row < length; row += 1) {
    if (f[row] !== code || outcome[row] !== Outcome.ok) continue;
    took[at] = (completedNs[row] ?? 0) - (invokedNs[row] ?? 0);
    at += 1;
  }
  took.sort();
  const quantile = (share: number): number => took[Math.min(count - 1, Math.floor(count * share))] ?? 0;
  return { median: quantile(0.5), p99: quantile(0.99) };
}
