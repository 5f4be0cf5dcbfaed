import type { History } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import type { Model, ModelOperation } from "./model.ts";

/** An operation of a hand-written history of any object; each tick is an event and a millisecond. */
export interface Call {
  readonly f: string;
  readonly value?: HistoryValue;
  /** What came back; what was asked where it is left out. */
  readonly result?: HistoryValue;
  readonly from: number;
  /** Null: never answered. */
  readonly to: number | null;
  readonly type?: "ok" | "fail" | "info";
  readonly key?: string;
  readonly keyspace?: string;
  readonly error?: string;
}

/** A history out of calls, each by a process of its own. Ticks must differ. */
export function callsOf(calls: readonly Call[]): History {
  const recorder = new HistoryRecorder({});
  const rows = new Map<Call, number>();
  const events = calls.flatMap((call, process) => {
    const { f, value = null, from, to, type = "ok", key = "x", keyspace = "", error } = call;
    const result = call.result === undefined ? value : call.result;
    const begin = (timeNs: number): void => {
      rows.set(call, recorder.invoke(timeNs, { process, f, key, keyspace, value }));
    };
    const end = (timeNs: number): void => {
      const why = error === undefined ? {} : { error };
      recorder.complete(rows.get(call) ?? -1, timeNs, { type, value: result, ...why });
    };
    return to === null
      ? [{ at: from, happen: begin }]
      : [
          { at: from, happen: begin },
          { at: to, happen: end },
        ];
  });
  for (const { at, happen } of events.sort((a, b) => a.at - b.at)) happen(at * 1e6);
  return recorder.finish();
}

/** The calls whose invocations stand at these indices. */
export function callsAt(calls: readonly Call[], evidence: readonly number[]): readonly Call[] {
  const ticks = calls.flatMap(({ from, to }) => (to === null ? [from] : [from, to])).sort((a, b) => a - b);
  return calls.filter(({ from }) => evidence.includes(ticks.indexOf(from)));
}

/** Calls one after the other, each answered before the next begins. */
export function inTurn(calls: readonly Omit<Call, "from" | "to">[]): readonly Call[] {
  return calls.map((call, at) => ({ ...call, from: 2 * at, to: 2 * at + 1 }));
}

/** An operation for a model, on the key x: answered with null, unless told otherwise. */
export function operation(
  f: string,
  value: HistoryValue = null,
  rest: Partial<ModelOperation> = {},
): ModelOperation {
  return { f, key: "x", value, result: null, outcome: "ok", ...rest };
}

/** The same operation with its outcome unknown. */
export function unknown(f: string, value: HistoryValue = null): ModelOperation {
  return operation(f, value, { result: undefined, outcome: "unknown" });
}

/** An operation and what it answered. */
export function answered(f: string, result: HistoryValue, value: HistoryValue = null): ModelOperation {
  return operation(f, value, { result });
}

/** The state after these operations, or null where the model forbids one of them. */
export function stateAfter<State>(model: Model<State>, operations: readonly ModelOperation[]): State | null {
  let state: State | null = model.initial;
  for (const each of operations) {
    if (state === null) return null;
    state = model.step(state, each);
  }
  return state;
}
