import type { HistoryCheck } from "../../checkers/check-history.ts";
import type { History } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import type { StoryOperation } from "../story/operations.ts";
import { pageOperation } from "./found-operations.ts";

/** One operation of an invented history. Ticks are milliseconds and must differ. */
export interface Call {
  readonly process: number | string;
  readonly f: string;
  readonly value?: HistoryValue;
  readonly result?: HistoryValue;
  readonly from: number;
  /** Null: never answered. */
  readonly to: number | null;
  readonly type?: "ok" | "fail" | "info";
  readonly error?: string;
  readonly key?: string;
}

/** A fault of an invented history, from tick to tick. */
export interface InventedFault {
  readonly kind: string;
  readonly where: readonly string[];
  readonly from: number;
  readonly to: number | null;
}

/** Puts an invented history together; without a clock all its times are 0. */
export function invented(
  calls: readonly Call[],
  faults: readonly InventedFault[] = [],
  hasClock: boolean = true,
): History {
  const recorder = new HistoryRecorder({});
  const rows = new Map<Call, number>();
  const events: { at: number; happen: (timeNs: number) => void }[] = [];
  for (const call of calls) {
    const { process, f, value = null, result = value, from, to, type = "ok", error, key = "x" } = call;
    const asked = { process, f, key, value: f === "read" ? null : value };
    events.push({ at: from, happen: (ns) => rows.set(call, recorder.invoke(ns, asked)) });
    if (to === null) continue;
    const told = { type, value: result, ...(error === undefined ? {} : { error }) };
    events.push({ at: to, happen: (ns) => recorder.complete(rows.get(call) ?? -1, ns, told) });
  }
  faults.forEach(({ kind, where, from, to }, fault) => {
    const facts = { fault, faultKind: kind, where, proof: "" };
    events.push({ at: from, happen: (ns) => recorder.strike(ns, facts) });
    if (to !== null) events.push({ at: to, happen: (ns) => recorder.mend(ns, facts) });
  });
  for (const { at, happen } of events.sort((a, b) => a.at - b.at)) happen(hasClock ? at * 1e6 : 0);
  return recorder.finish();
}

/** All operations of a history as evidence. */
export function operationsOf(history: History): StoryOperation[] {
  return Array.from({ length: history.length }, (_, row) => pageOperation(history, row, true));
}

/** A write of 1, a write of 2, and a read of 1 after both: events 0 to 5. */
export const staleRead: readonly Call[] = [
  { process: 0, f: "write", value: 1, from: 1, to: 4 },
  { process: 1, f: "write", value: 2, from: 6, to: 9 },
  { process: 2, f: "read", result: 1, from: 12, to: 16 },
];

/** What a checker would say of it. */
export const staleAnomaly: Anomaly = {
  kind: "stale read",
  says: "p2 read x=1 at 16.000 ms, but x=2 had been acknowledged at 9.000 ms",
  evidence: [0, 2, 4],
  keyspace: "",
  key: "x",
};

/** The result of a check that found these anomalies; or whatever else its verdicts say. */
export function checkOf(
  history: History,
  anomalies: readonly Anomaly[],
  more: Partial<HistoryCheck> = {},
): HistoryCheck {
  const [first, ...rest] = anomalies;
  const verdict: Verdict =
    first === undefined
      ? { word: "valid", checked: history.length }
      : { word: "invalid", anomalies: [first, ...rest] };
  return {
    word: first === undefined ? "valid" : "invalid",
    because: null,
    model: "register",
    modelBecause: null,
    operations: history.length,
    verdicts: [
      { checker: "history-sanity", verdict: { word: "valid", checked: history.length } },
      { checker: "linearizability", verdict },
    ],
    anomalies,
    ...more,
  };
}
