import { present } from "../base/invariant.ts";
import type { DumpedEntry, History, HistoryHeader, Mark } from "./history.ts";
import { Fn, functionNames, never } from "./history.ts";
import type { HistoryValue } from "./values.ts";

/** The version of the line format that is written; also the only one that is read. */
export const formatVersion = 1;

/** By outcome code. */
const completionTypes = ["ok", "fail", "info"] as const;

/** The first line of a history file. */
export interface HeaderLine extends HistoryHeader {
  readonly recount: "history";
  readonly version: number;
}

/** An invocation or a completion. */
export interface OperationLine {
  readonly index: number;
  readonly time: number;
  readonly process: string | number;
  readonly type: "invoke" | "ok" | "fail" | "info";
  readonly f: string;
  readonly key: string;
  readonly value: HistoryValue;
  readonly keyspace?: string;
  readonly op?: number;
  readonly session?: string;
  readonly site?: string;
  readonly node?: string;
  readonly w?: number;
  readonly r?: number;
  readonly consistency?: string;
  readonly error?: string;
  readonly context?: string;
  readonly siblings?: readonly HistoryValue[];
}

/** A line of the harness' own. */
export interface HarnessLine {
  readonly index: number;
  readonly time: number;
  readonly process: "nemesis" | "harness";
  readonly type: "info";
  readonly f: "strike" | "mend" | "phase" | "dump" | "skipped" | "clocks";
  readonly fault?: number;
  readonly kind?: string;
  readonly nodes?: readonly string[];
  readonly links?: readonly string[];
  readonly proof?: string;
  /** When the fault, or its mend, began to act; left out where it took no time. */
  readonly since?: number;
  readonly node?: string;
  readonly keyspace?: string;
  readonly op?: number;
  readonly value?: unknown;
  /** How far off clock readings may be; left out where they are exact. */
  readonly within?: number;
}

/** One line of a history file, before it is written as JSON. */
export type HistoryLine = HeaderLine | OperationLine | HarnessLine;

/** Hears every event of a run before it is dispatched, so that a crash leaves a readable prefix. */
export interface LineSink {
  write(line: HistoryLine): void;
}

/** The header as the first line of a file. */
export function lineOfHeader(header: HistoryHeader): HeaderLine {
  return { recount: "history", version: formatVersion, ...header };
}

/** The invocation of an operation as a line. */
export function lineOfInvocation(history: History, row: number): OperationLine {
  const details = history.details.get(row);
  const op = history.op[row] ?? -1;
  return {
    index: history.invokeIndex[row] ?? 0,
    time: history.invokedNs[row] ?? 0,
    ...whoAndWhat(history, row, "invoke"),
    value: askedValue(history, row),
    ...keyspaceOf(history, row),
    ...whereDefined({
      op: op < 0 ? undefined : op,
      session: history.sessions[history.session[row] ?? -1],
      site: history.sites[history.site[row] ?? -1],
      node: history.nodes[history.node[row] ?? -1],
      w: details?.w,
      r: details?.r,
      consistency: details?.consistency,
      context: details?.sentContext,
    }),
  };
}

/** The completion of an operation as a line. */
export function lineOfCompletion(history: History, row: number): OperationLine {
  const details = history.details.get(row);
  const type = completionTypes[history.outcome[row] ?? 0] ?? "info";
  const f = history.f[row] ?? 0;
  const answers = type === "ok" && (f === Fn.read || f >= functionNames.length);
  return {
    index: history.endIndex[row] ?? 0,
    time: history.completedNs[row] ?? 0,
    ...whoAndWhat(history, row, type),
    value: answers ? (history.values[history.result[row] ?? 0] ?? null) : askedValue(history, row),
    ...keyspaceOf(history, row),
    ...whereDefined({ error: details?.error, context: details?.context, siblings: details?.siblings }),
  };
}

/** A mark as a line. */
export function lineOfMark(mark: Mark): HarnessLine {
  const { index, timeNs: time } = mark;
  if (mark.kind === "phase")
    return { index, time, process: "harness", type: "info", f: "phase", value: mark.phase };
  if (mark.kind === "skipped") {
    return { index, time, process: "harness", type: "info", f: "skipped", op: mark.op, value: mark.because };
  }
  if (mark.kind === "dump") {
    const { node, keyspace, entries } = mark;
    return {
      index,
      time,
      process: "harness",
      type: "info",
      f: "dump",
      node,
      keyspace,
      value: entriesByKey(entries),
    };
  }
  return mark.kind === "clocks" ? lineOfClocks(mark) : lineOfFault(mark);
}

function lineOfClocks({ index, timeNs: time, ahead, withinNs }: Mark & { kind: "clocks" }): HarnessLine {
  // Without a prototype, so that a node named __proto__ is a node like any other.
  const value: Record<string, number> = Object.create(null);
  for (const { node, ns } of ahead) value[node] = ns;
  const exactness = withinNs === 0 ? {} : { within: withinNs };
  return { index, time, process: "harness", type: "info", f: "clocks", value, ...exactness };
}

function lineOfFault(mark: Mark & { kind: "strike" | "mend" }): HarnessLine {
  const { index, timeNs: time, kind, fault, faultKind, where, proof, sinceNs } = mark;
  const places = where.some((place) => place.includes("→")) ? { links: where } : { nodes: where };
  const what = { fault, kind: faultKind, ...places, proof, ...(sinceNs === time ? {} : { since: sinceNs }) };
  return { index, time, process: "nemesis", type: "info", f: kind, ...what };
}

/** The lines of a history file, header first, in the order of the events. */
export function* historyLines(history: History): Generator<HistoryLine> {
  yield lineOfHeader(history.header);
  // Rows and marks are ordered by index already; completions are not.
  const ended = rowsByEnd(history);
  const invoked = history.invokeIndex.subarray(0, history.length);
  let row = 0;
  let end = 0;
  let mark = 0;
  for (;;) {
    const invokeIndex = indexAt(invoked, row);
    const endIndex = indexAt(history.endIndex, indexAt(ended, end));
    const markIndex = history.marks[mark]?.index ?? never;
    const next = Math.min(invokeIndex, endIndex, markIndex);
    if (next === never) return;
    if (next === invokeIndex) yield lineOfInvocation(history, row++);
    else if (next === endIndex) yield lineOfCompletion(history, ended[end++] ?? 0);
    else yield lineOfMark(present(history.marks[mark++], "a mark"));
  }
}

/** A whole history file, each line ended. For histories that fit in memory twice. */
export function historyText(history: History): string {
  const lines: string[] = [];
  for (const line of historyLines(history)) lines.push(JSON.stringify(line));
  return [...lines, ""].join("\n");
}

function indexAt(column: Int32Array, place: number): number {
  return column[place] ?? never;
}

/** The fields that are there: `exactOptionalPropertyTypes` tells absent from undefined. */
function whereDefined<Fields extends object>(
  fields: Fields,
): {
  [Field in keyof Fields]?: Exclude<Fields[Field], undefined>;
} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

function rowsByEnd(history: History): Int32Array {
  const { endIndex } = history;
  const rows = new Int32Array(history.length);
  let count = 0;
  for (let row = 0; row < history.length; row += 1) if (endIndex[row] !== never) rows[count++] = row;
  return rows.subarray(0, count).sort((a, b) => (endIndex[a] ?? 0) - (endIndex[b] ?? 0));
}

/** The name of the function of a row. */
export function functionName(history: History, row: number): string {
  const f = history.f[row] ?? 0;
  return functionNames[f] ?? present(history.otherFunctions[f - 16], `the name of function ${f}`);
}

function whoAndWhat(
  history: History,
  row: number,
  type: OperationLine["type"],
): Pick<OperationLine, "process" | "type" | "f" | "key"> {
  const process = present(history.processes[history.process[row] ?? -1], "a process");
  return {
    process,
    type,
    f: functionName(history, row),
    key: history.keys[history.key[row] ?? -1]?.key ?? "",
  };
}

function keyspaceOf(history: History, row: number): { keyspace?: string } {
  const keyspace = history.keys[history.key[row] ?? -1]?.keyspace ?? "";
  return keyspace === "" ? {} : { keyspace };
}

function askedValue(history: History, row: number): HistoryValue {
  const first = history.values[history.argument[row] ?? 0] ?? null;
  if (history.f[row] !== Fn.cas) return first;
  return [first, history.values[history.argument2[row] ?? 0] ?? null];
}

function entriesByKey(entries: readonly DumpedEntry[]): Record<string, DumpedEntry["values"]> {
  // Without a prototype, so that a key named __proto__ is a key like any other.
  const byKey: Record<string, DumpedEntry["values"]> = Object.create(null);
  for (const { key, values } of entries) {
    byKey[key] = values.map(({ value, version, deleted }) => ({ value, version, deleted }));
  }
  return byKey;
}
