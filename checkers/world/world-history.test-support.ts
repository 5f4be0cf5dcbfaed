import type { History, HistoryHeader, Phase } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import type { HistoryValue } from "../../harness/history/values.ts";

/** Something that happens in a hand-written history of a cluster; times are milliseconds and must differ. */
export type Happening =
  | Operation
  | { readonly at: number; readonly phase: Phase }
  | {
      readonly at: number;
      readonly strike: number;
      readonly kind: string;
      readonly where: readonly string[];
      /** When it began to act; `at` unless said. */
      readonly since?: number;
    }
  | { readonly at: number; readonly mend: number; readonly since?: number }
  | {
      readonly at: number;
      readonly dump: string;
      readonly holds: Readonly<Record<string, readonly HistoryValue[]>>;
      readonly keyspace?: string;
    }
  | { readonly at: number; readonly clocks: Readonly<Record<string, number>>; readonly within?: number };

/** An operation; acknowledged unless said. */
export interface Operation {
  readonly f: string;
  readonly from: number;
  /** Null: never answered. */
  readonly to: number | null;
  readonly type?: "ok" | "fail" | "info";
  readonly value?: HistoryValue;
  readonly key?: string;
  readonly keyspace?: string;
  readonly node?: string;
  readonly site?: string;
  readonly process?: string;
  readonly error?: string;
  readonly w?: number;
  readonly r?: number;
  readonly consistency?: string;
}

/** A history out of what happened. */
export function worldHistory(header: HistoryHeader, happenings: readonly Happening[]): History {
  const recorder = new HistoryRecorder(header);
  const events = happenings.flatMap((one, number) => eventsOf(recorder, one, number));
  for (const { at, happen } of events.sort((a, b) => a.at - b.at)) happen(at * 1e6);
  return recorder.finish();
}

interface Event {
  readonly at: number;
  readonly happen: (timeNs: number) => void;
}

function eventsOf(recorder: HistoryRecorder, one: Happening, number: number): Event[] {
  if ("f" in one) return eventsOfOperation(recorder, one, number);
  return [{ at: one.at, happen: (timeNs) => mark(recorder, one, timeNs) }];
}

function mark(recorder: HistoryRecorder, one: Exclude<Happening, Operation>, timeNs: number): void {
  if ("phase" in one) {
    recorder.phase(timeNs, one.phase);
  } else if ("clocks" in one) {
    const ahead = Object.entries(one.clocks).map(([node, ns]) => ({ node, ns }));
    recorder.clocks(timeNs, ahead, one.within ?? 0);
  } else if ("dump" in one) {
    const entries = Object.entries(one.holds).map(([key, values]) => ({
      key,
      values: values.map((value) => ({ value, version: "v", deleted: value === null })),
    }));
    recorder.dump(timeNs, one.dump, one.keyspace ?? "", entries);
  } else {
    const since = one.since === undefined ? {} : { sinceNs: one.since * 1e6 };
    if ("strike" in one) {
      const { strike: fault, kind: faultKind, where } = one;
      recorder.strike(timeNs, { fault, faultKind, where, proof: "seen", ...since });
    } else {
      recorder.mend(timeNs, { fault: one.mend, faultKind: "", where: [], proof: "seen", ...since });
    }
  }
}

function eventsOfOperation(recorder: HistoryRecorder, one: Operation, number: number): Event[] {
  const { from, to, type = "ok", value = null, error, process = `p${number}`, key = "x", ...facts } = one;
  let row = -1;
  const begin: Event = {
    at: from,
    happen: (timeNs) => {
      const asked = one.f === "read" ? null : value;
      row = recorder.invoke(timeNs, { ...facts, process, key, value: asked });
    },
  };
  if (to === null) return [begin];
  const completion = { type, value, ...(error === undefined ? {} : { error }) };
  return [begin, { at: to, happen: (timeNs) => recorder.complete(row, timeNs, completion) }];
}
