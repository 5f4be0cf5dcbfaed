import type { FaultPlan, OperationPlan, Scenario } from "../harness/contracts/scenario.ts";
import type { TraceEvent } from "../harness/contracts/trace.ts";
import type { History } from "../harness/history/history.ts";
import { HistoryRecorder } from "../harness/history/recorder.ts";
import type { HistoryValue } from "../harness/history/values.ts";
import type { Evidence } from "./evidence.ts";

/** One operation of an invented run: when, by whom, and how it ended. Times in milliseconds. */
interface Call {
  readonly id: number;
  readonly client: string;
  readonly node: string;
  readonly f: "read" | "write" | "delete";
  readonly value?: HistoryValue;
  readonly result?: HistoryValue;
  readonly type?: "ok" | "fail" | "info";
  readonly error?: string;
  readonly from: number;
  readonly until: number;
}

/** An invented run: what was asked, what broke, and what the simulator would have told. */
export interface Invented {
  readonly calls: readonly Call[];
  readonly finals?: readonly Call[];
  readonly faults: readonly FaultPlan[];
  readonly trace: readonly TraceEvent[];
  readonly key?: string;
  readonly keyspace: { readonly w: number; readonly r: number; readonly [setting: string]: unknown };
}

const us = (ms: number): number => Math.round(ms * 1_000);
const ns = (ms: number): number => us(ms) * 1_000;

/** Puts an invented run together as the evidence that a campaign would have left. */
export function evidenceOf({ calls, finals = [], faults, trace, key = "x", keyspace }: Invented): Evidence {
  const operations: OperationPlan[] = calls.map((call) => ({
    id: call.id,
    client: call.client,
    site: "s1",
    session: call.client,
    node: call.node,
    keyspace: "k",
    key,
    f: call.f,
    ...(call.value === undefined ? {} : { value: call.value }),
    atUs: us(call.from),
  }));
  const scenario: Scenario = {
    recount: "scenario",
    version: 1,
    seed: 1_234_567,
    nodes: ["n1", "n2", "n3"].map((id) => ({ id, dc: "a" })),
    sites: [{ id: "s1", dc: "a" }],
    keyspaces: [{ name: "k", n: 3, versions: "lww", protocol: "quorum", ...keyspace }],
    network: { latency: { kind: "constant", us: 5_000 }, clientLatency: { kind: "constant", us: 4_000 } },
    disk: { sync: { kind: "constant", us: 500 } },
    operations,
    faults,
    restUs: 100_000,
    final: finals.length > 0 ? "every-node" : "none",
  };
  return { scenario, original: scenario, history: historyOf(calls, finals, faults, key), trace };
}

function historyOf(
  calls: readonly Call[],
  finals: readonly Call[],
  faults: readonly FaultPlan[],
  key: string,
): History {
  const recorder = new HistoryRecorder({ seed: 1_234_567, target: "sim", keyspaces: [{ name: "k" }] });
  const events = [
    { ms: 0, run: () => recorder.phase(0, "strike") },
    ...faults.flatMap((fault) => faultMarks(recorder, fault)),
    ...calls.flatMap((call) => callEvents(recorder, call, key)),
    ...finals
      .slice(0, 1)
      .map(({ from }) => ({ ms: from - 1, run: () => recorder.phase(ns(from - 1), "final") })),
    ...finals.flatMap((call) => callEvents(recorder, call, key)),
  ];
  for (const { run } of events.sort((a, b) => a.ms - b.ms)) run();
  return recorder.finish();
}

interface Happening {
  readonly ms: number;
  readonly run: () => void;
}

function callEvents(recorder: HistoryRecorder, call: Call, key: string): Happening[] {
  const { id: op, client: process, node, f, type = "ok" } = call;
  const asked = { op, process, session: process, node, site: "s1", keyspace: "k", key, f };
  const value = f === "read" ? (call.result ?? null) : (call.value ?? null);
  const told = call.error === undefined ? { type, value } : { type, value, error: call.error };
  let row = 0;
  return [
    {
      ms: call.from,
      run: () => {
        row = recorder.invoke(
          ns(call.from),
          call.value === undefined ? asked : { ...asked, value: call.value },
        );
      },
    },
    { ms: call.until, run: () => recorder.complete(row, ns(call.until), told) },
  ];
}

function faultMarks(recorder: HistoryRecorder, { id, kind, atUs, untilUs }: FaultPlan): Happening[] {
  const facts = { fault: id, faultKind: kind, where: ["n3"], proof: "seen" };
  const strike = { ms: atUs / 1_000, run: () => recorder.strike(atUs * 1_000, facts) };
  if (untilUs === null) return [strike];
  return [strike, { ms: untilUs / 1_000, run: () => recorder.mend(untilUs * 1_000, facts) }];
}

/** What a note is about. */
export interface Held {
  readonly value: HistoryValue;
  readonly version: string;
  readonly deleted: boolean;
}

/** Writes a trace in few words. Times in milliseconds. */
export class TraceWriter {
  readonly events: TraceEvent[] = [];
  readonly #key: string;

  constructor(key: string = "x") {
    this.#key = key;
  }

  call(op: number, node: string, asked: number, heard: number, answered: number, told: number): this {
    const common = { kind: "client", op, site: "s1", node } as const;
    this.events.push({ ...common, direction: "request", sentUs: us(asked), arrivesUs: us(heard) });
    this.events.push({ ...common, direction: "reply", sentUs: us(answered), arrivesUs: us(told) });
    return this;
  }

  send(cause: number, message: string, from: string, to: string, sent: number, arrives: number | null): this {
    this.events.push({
      kind: "message",
      from,
      to,
      message,
      cause,
      sentUs: us(sent),
      arrivesUs: arrives === null ? null : us(arrives),
      fate: arrives === null ? "cut" : "delivered",
      carries: message.startsWith("write") || message === "repair" ? "something" : null,
    });
    return this;
  }

  note(
    what: Extract<TraceEvent, { kind: "note" }>["what"],
    cause: number,
    node: string,
    at: number,
    subject: Held,
    holds: Held | null,
  ): this {
    this.events.push({
      kind: "note",
      atUs: us(at),
      node,
      what,
      keyspace: "k",
      key: this.#key,
      ...subject,
      holds,
      cause,
    });
    return this;
  }

  clock(node: string, offsetMs: number): this {
    this.events.push({ kind: "process", atUs: 0, node, what: "clock", offsetUs: us(offsetMs) });
    return this;
  }
}

/** A value with its version. */
export const held = (value: HistoryValue, time: number, node: string): Held => ({
  value,
  version: `@${time} ${node}#3f2a.1`,
  deleted: false,
});
/** No value at all. */
export const nothing: Held = { value: null, version: "", deleted: false };

/** Invocation indices of operations, by the scenario's ids: what a checker would name as evidence. */
export function indicesOf({ history }: Evidence, ids: readonly number[]): number[] {
  return ids.map((id) => history.invokeIndex[history.op.indexOf(id)] ?? -1);
}
