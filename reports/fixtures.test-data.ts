import type { FaultColumn } from "../harness/contracts/claim.ts";
import type {
  CellResult,
  ClaimResult,
  Counterexample,
  ObservedCell,
  Outcome,
  Results,
  SettingLabel,
} from "../harness/contracts/results.ts";
import type { FaultPlan, OperationPlan, Scenario } from "../harness/contracts/scenario.ts";
import type { TraceEvent } from "../harness/contracts/trace.ts";
import type { History } from "../harness/history/history.ts";
import { HistoryRecorder } from "../harness/history/recorder.ts";
import type { HistoryValue } from "../harness/history/values.ts";
import type { AnomalyKind } from "../harness/history/verdict.ts";
import type { Evidence } from "./report.ts";

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

interface Invented {
  readonly calls: readonly Call[];
  readonly finals?: readonly Call[];
  readonly faults: readonly FaultPlan[];
  readonly trace: readonly TraceEvent[];
  readonly key?: string;
  readonly keyspace: { readonly w: number; readonly r: number; readonly [setting: string]: unknown };
}

const us = (ms: number): number => Math.round(ms * 1_000);

/** Puts an invented run together as the evidence that a campaign would have left. */
function evidenceOf({ calls, finals = [], faults, trace, key = "x", keyspace }: Invented): Evidence {
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
  const rows = new Map<Call, number>();
  const invoke = (call: Call): void => {
    const { id: op, client: process, node, f, value } = call;
    const facts = { op, process, session: process, node, site: "s1", keyspace: "k", key, f };
    rows.set(call, recorder.invoke(us(call.from) * 1_000, value === undefined ? facts : { ...facts, value }));
  };
  const complete = (call: Call): void => {
    const type = call.type ?? "ok";
    const value = call.f === "read" ? (call.result ?? null) : (call.value ?? null);
    const facts = call.error === undefined ? { type, value } : { type, value, error: call.error };
    recorder.complete(rows.get(call) ?? 0, us(call.until) * 1_000, facts);
  };
  const events: { readonly ms: number; readonly run: () => void }[] = [
    { ms: 0, run: () => recorder.phase(0, "strike") },
    ...faults.map(({ id, kind, atUs }) => ({
      ms: atUs / 1_000,
      run: () => recorder.strike(atUs * 1_000, { fault: id, faultKind: kind, where: ["n3"], proof: "seen" }),
    })),
    ...faults.flatMap(({ id, kind, untilUs }) =>
      untilUs === null
        ? []
        : [
            {
              ms: untilUs / 1_000,
              run: () =>
                recorder.mend(untilUs * 1_000, { fault: id, faultKind: kind, where: ["n3"], proof: "seen" }),
            },
          ],
    ),
    ...calls.flatMap((call) => [
      { ms: call.from, run: () => invoke(call) },
      { ms: call.until, run: () => complete(call) },
    ]),
    ...(finals.length === 0
      ? []
      : [
          {
            ms: (finals[0]?.from ?? 0) - 1,
            run: () => recorder.phase(us((finals[0]?.from ?? 0) - 1) * 1_000, "final"),
          },
        ]),
    ...finals.flatMap((call) => [
      { ms: call.from, run: () => invoke(call) },
      { ms: call.until, run: () => complete(call) },
    ]),
  ];
  for (const { run } of events.sort((a, b) => a.ms - b.ms)) run();
  return recorder.finish();
}

interface Held {
  readonly value: HistoryValue;
  readonly version: string;
  readonly deleted: boolean;
}

/** Writes a trace in few words. Times in milliseconds. */
class TraceWriter {
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

const held = (value: HistoryValue, time: number, node: string): Held => ({
  value,
  version: `@${time} ${node}#3f2a.1`,
  deleted: false,
});
const nothing: Held = { value: null, version: "", deleted: false };

/** C3: all three replicas acknowledge a write that none of them keeps. `one` and `two` are the values written. */
export function lostWrite(one: HistoryValue = 1, two: HistoryValue = 2, key: string = "x"): Evidence {
  const first = held(one, 100_012_000, "n1");
  const second = held(two, 40_053_000, "n3");
  const trace = new TraceWriter(key)
    .clock("n3", -60_000)
    .call(1, "n1", 8, 12, 33, 38)
    .note("minted", 1, "n1", 12, first, null)
    .send(1, "writeRequest", "n1", "n2", 12, 18)
    .send(1, "writeRequest", "n1", "n3", 12, 22)
    .note("stored", 1, "n1", 12, first, first)
    .note("stored", 1, "n2", 18, first, first)
    .note("stored", 1, "n3", 22, first, first)
    .send(1, "writeAck", "n2", "n1", 18, 25)
    .send(1, "writeAck", "n3", "n1", 22, 33)
    .call(2, "n3", 48, 53, 79, 84)
    .note("minted", 2, "n3", 53, second, null)
    .note("dropped", 2, "n3", 53, second, first)
    .send(2, "writeRequest", "n3", "n2", 53, 60)
    .send(2, "writeRequest", "n3", "n1", 53, 64)
    .note("dropped", 2, "n2", 60, second, first)
    .note("dropped", 2, "n1", 64, second, first)
    .send(2, "writeAck", "n2", "n3", 60, 68)
    .send(2, "writeAck", "n1", "n3", 64, 79)
    .call(3, "n2", 94, 99, 120, 126)
    .send(3, "readRequest", "n2", "n1", 99, 105)
    .send(3, "readRequest", "n2", "n3", 99, 105)
    .send(3, "readAnswer", "n1", "n2", 105, 112)
    .send(3, "readAnswer", "n3", "n2", 105, 120)
    .note("answered", 3, "n2", 120, first, null);
  return evidenceOf({
    calls: [
      { id: 1, client: "at-n1", node: "n1", f: "write", value: one, from: 8, until: 38 },
      { id: 2, client: "at-n3", node: "n3", f: "write", value: two, from: 48, until: 84 },
      { id: 3, client: "at-n1", node: "n2", f: "read", result: one, from: 94, until: 126 },
    ],
    faults: [{ id: 1, atUs: 0, untilUs: null, kind: "skew", nodes: ["n3"], offsetUs: -60_000_000 }],
    trace: trace.events,
    key,
    keyspace: { w: 3, r: 3 },
  });
}

/** Q2: a read meets a write half-way, and a later one misses it. */
export function readInversion(): Evidence {
  const first = held(1, 100_004_000, "n1");
  const second = held(2, 100_024_000, "n1");
  const trace = new TraceWriter()
    .call(1, "n1", 2, 4, 10, 12)
    .note("minted", 1, "n1", 4, first, null)
    .note("stored", 1, "n1", 4.5, first, first)
    .send(1, "writeRequest", "n1", "n2", 4, 7)
    .send(1, "writeRequest", "n1", "n3", 4, 8)
    .note("stored", 1, "n2", 7.5, first, first)
    .note("stored", 1, "n3", 8.5, first, first)
    .send(1, "writeAck", "n2", "n1", 7.5, 10)
    .send(1, "writeAck", "n3", "n1", 8.5, 11)
    .call(2, "n1", 22, 24, 61, 63)
    .note("minted", 2, "n1", 24, second, null)
    .note("stored", 2, "n1", 24.5, second, second)
    .send(2, "writeRequest", "n1", "n2", 24, 58)
    .send(2, "writeRequest", "n1", "n3", 24, 56)
    .call(3, "n2", 26, 28, 34, 36)
    .send(3, "readRequest", "n2", "n1", 28, 31)
    .send(3, "readRequest", "n2", "n3", 28, 33)
    .send(3, "readAnswer", "n1", "n2", 31, 34)
    .send(3, "readAnswer", "n3", "n2", 33, 38)
    .note("answered", 3, "n2", 34, second, null)
    .call(4, "n3", 40, 42, 48, 50)
    .send(4, "readRequest", "n3", "n2", 42, 45)
    .send(4, "readRequest", "n3", "n1", 42, 52)
    .send(4, "readAnswer", "n2", "n3", 45, 48)
    .send(4, "readAnswer", "n1", "n3", 52, 55)
    .note("answered", 4, "n3", 48, first, null)
    .note("stored", 2, "n3", 56.5, second, second)
    .note("stored", 2, "n2", 58.5, second, second)
    .send(2, "writeAck", "n3", "n1", 56.5, 61)
    .send(2, "writeAck", "n2", "n1", 58.5, 62);
  return evidenceOf({
    calls: [
      { id: 1, client: "c1", node: "n1", f: "write", value: 1, from: 2, until: 12 },
      { id: 2, client: "c1", node: "n1", f: "write", value: 2, from: 22, until: 63 },
      { id: 3, client: "c2", node: "n2", f: "read", result: 2, from: 26, until: 36 },
      { id: 4, client: "c3", node: "n3", f: "read", result: 1, from: 40, until: 50 },
    ],
    faults: [
      {
        id: 1,
        atUs: 0,
        untilUs: null,
        kind: "hold",
        operation: 2,
        links: [{ from: "n1", to: "n2" }],
        leg: "writeRequest",
        byUs: 30_000,
      },
    ],
    trace: trace.events,
    keyspace: { w: 2, r: 2 },
  });
}

/** D1: a replica that was away during a delete gives the value back. */
export function resurrectedDelete(): Evidence {
  const first = held(1, 100_004_000, "n1");
  const tomb: Held = { value: null, version: "@100024000 n1#3f2a.2", deleted: true };
  const trace = new TraceWriter()
    .call(1, "n1", 2, 4, 10, 12)
    .note("minted", 1, "n1", 4, first, null)
    .note("stored", 1, "n1", 4.5, first, first)
    .send(1, "writeRequest", "n1", "n2", 4, 7)
    .send(1, "writeRequest", "n1", "n3", 4, 8)
    .note("stored", 1, "n2", 7.5, first, first)
    .note("stored", 1, "n3", 8.5, first, first)
    .send(1, "writeAck", "n2", "n1", 7.5, 10)
    .send(1, "writeAck", "n3", "n1", 8.5, 11)
    .call(2, "n1", 22, 24, 30, 32)
    .note("minted", 2, "n1", 24, tomb, null)
    .note("erased", 2, "n1", 24.5, tomb, nothing)
    .send(2, "writeRequest", "n1", "n2", 24, 27)
    .send(2, "writeRequest", "n1", "n3", 24, null)
    .note("erased", 2, "n2", 27.5, tomb, nothing)
    .send(2, "writeAck", "n2", "n1", 27.5, 30)
    .call(3, "n2", 34, 36, 40, 42)
    .send(3, "readRequest", "n2", "n1", 36, 38)
    .send(3, "readRequest", "n2", "n3", 36, null)
    .send(3, "readAnswer", "n1", "n2", 38, 40)
    .note("answered", 3, "n2", 40, nothing, null)
    .call(4, "n3", 120, 122, 128, 130)
    .send(4, "readRequest", "n3", "n1", 122, 125)
    .send(4, "readRequest", "n3", "n2", 122, 126)
    .send(4, "readAnswer", "n1", "n3", 125, 128)
    .send(4, "readAnswer", "n2", "n3", 126, 129)
    .note("answered", 4, "n3", 128, first, null)
    .send(4, "repair", "n3", "n1", 128, 131)
    .note("repaired", 4, "n1", 131.5, first, first);
  return evidenceOf({
    calls: [
      { id: 1, client: "at-n1", node: "n1", f: "write", value: 1, from: 2, until: 12 },
      { id: 2, client: "at-n1", node: "n1", f: "delete", from: 22, until: 32 },
      { id: 3, client: "at-n2", node: "n2", f: "read", result: null, from: 34, until: 42 },
      { id: 4, client: "at-n3", node: "n3", f: "read", result: 1, from: 120, until: 130 },
    ],
    finals: [
      { id: 900, client: "final-n1", node: "n1", f: "read", result: 1, from: 300, until: 308 },
      { id: 901, client: "final-n2", node: "n2", f: "read", result: 1, from: 300, until: 309 },
      { id: 902, client: "final-n3", node: "n3", f: "read", result: 1, from: 300, until: 310 },
    ],
    faults: [
      {
        id: 1,
        atUs: 15_000,
        untilUs: 50_000,
        kind: "cut",
        mode: "black-hole",
        links: ["n1", "n2"].flatMap((node) => [
          { from: "n3", to: node },
          { from: node, to: "n3" },
        ]),
      },
    ],
    trace: trace.events,
    keyspace: { w: 2, r: 2, read: "repair-async", deletes: { kind: "physical" } },
  });
}

/** A counterexample with everything but its evidence invented. */
export function counterexample(
  name: string,
  kind: AnomalyKind,
  says: string,
  evidence: readonly number[],
  operations: number = 3,
): Counterexample {
  return {
    name,
    folder: `out/latest/counterexamples/${name}`,
    scenario: "scenario.json",
    history: "history.jsonl",
    trace: "trace.jsonl",
    original: "original.json",
    kind,
    says,
    evidence,
    operations,
    faults: 1,
    operationsBefore: 412,
    faultsBefore: 6,
    shrinkRuns: 318,
    seed: 7,
    runIndex: 30,
  };
}

interface CellFacts {
  readonly outcome: Outcome;
  readonly runs?: number;
  readonly anomalies?: CellResult["anomalies"];
  readonly counterexample?: Counterexample;
  readonly because?: string;
}

/** A cell of a row. */
export function cell(setting: SettingLabel, fault: FaultColumn, facts: CellFacts): CellResult {
  const runs = facts.runs ?? 400;
  const anomalies = facts.anomalies ?? {};
  return {
    cell: `${setting.label} · ${fault}`,
    setting,
    fault,
    outcome: facts.outcome,
    runs,
    unknownRuns: 0,
    failingRuns:
      facts.outcome === "found" || facts.outcome === "contradicted"
        ? Math.max(...Object.values(anomalies))
        : 0,
    anomalies,
    answered: runs * 12,
    operations: runs * 12,
    readsBesideWrites: runs * 3,
    firstFound: facts.counterexample === undefined ? null : 30,
    counterexample: facts.counterexample ?? null,
    ...(facts.because === undefined ? {} : { because: facts.because }),
  };
}

/** A row, judged as its cells say. */
export function claim(
  id: string,
  expect: "breaks" | "holds",
  outcome: Outcome,
  anomalies: readonly AnomalyKind[],
  cells: readonly CellResult[],
  texts: Partial<Pick<ClaimResult, "statement" | "source" | "argument" | "advice">> = {},
): ClaimResult {
  const found = cells.find((each) => each.counterexample !== null)?.counterexample ?? null;
  return {
    id,
    statement: "Something that a textbook says.",
    source: "a textbook",
    argument: "It is so because it is so.",
    advice: "Choose abd.",
    expect,
    outcome,
    anomalies,
    runs: cells.reduce((sum, { runs }) => sum + runs, 0),
    firstFound: found === null ? null : 30,
    operations: found?.operations ?? null,
    faults: found?.faults ?? null,
    file: found === null ? null : `${found.folder}/${found.scenario}`,
    cells,
    ...texts,
  };
}

/** Results around some rows. */
export function resultsOf(
  claims: readonly ClaimResult[],
  observed: readonly ObservedCell[] = [],
  extra: Partial<Results> = {},
): Results {
  const cells = claims.flatMap((row) => row.cells);
  return {
    recount: "results",
    version: 1,
    target: "sim",
    seed: 7,
    finishedAt: "2026-11-20T10:00:00.000Z",
    seconds: 61,
    runs: cells.reduce((sum, { runs }) => sum + runs, 0),
    unknownRuns: 0,
    operations: cells.reduce((sum, { operations }) => sum + operations, 0),
    answered: cells.reduce((sum, { answered }) => sum + answered, 0),
    readsBesideWrites: cells.reduce((sum, { readsBesideWrites }) => sum + readsBesideWrites, 0),
    interrupted: false,
    versions: { recount: "0.1.0", node: "20.20.2" },
    claims,
    observed,
    defects: [],
    ...extra,
  };
}

const lastWriteWins = "Last write wins, by the coordinator’s clock";

/** The settings that the invented campaign has rows for. */
export const settings = {
  eventual: { label: "3/1/1", group: lastWriteWins, claimed: "eventual" },
  majority: { label: "3/2/2", group: lastWriteWins, claimed: "R + W > N" },
  all: { label: "3/3/3", group: lastWriteWins, claimed: "every replica, always" },
  blocking: {
    label: "3/2/2 + blocking repair",
    group: "With a repair or a richer version",
    claimed: "linearizable",
  },
  abd: { label: "abd 3/2/2", group: "With a repair or a richer version", claimed: "linearizable" },
  zombie: {
    label: "3/2/2 + async repair + no tombstones",
    group: "Deletes and repair in the background",
    claimed: "deletes stay deleted",
  },
} as const satisfies Record<string, SettingLabel>;

/** Counterexamples of the invented campaign, by name, with their evidence. */
export function sampleEvidence(): Map<string, Evidence> {
  return new Map([
    ["C3-3-3-3-clock-skew", lostWrite()],
    ["Q2-3-2-2-latency", readInversion()],
    ["D1-3-2-2-partition", resurrectedDelete()],
  ]);
}

/** An invented campaign with each kind of cell in it. */
export function sampleResults(): Results {
  const c3 = counterexample(
    "C3-3-3-3-clock-skew",
    "lost write",
    "the write of 2 was acknowledged, and no read after it returns it",
    [1, 3, 5],
  );
  const q2 = counterexample(
    "Q2-3-2-2-latency",
    "read inversion",
    "a read returned 2, and a later one returned 1",
    [2, 3, 5],
    4,
  );
  const d1 = counterexample(
    "D1-3-2-2-partition",
    "resurrected delete",
    "x was deleted and read as nothing, and then 1 was read again",
    [1, 4, 6, 8],
    4,
  );
  return resultsOf(
    [
      claim(
        "Q2",
        "breaks",
        "found",
        ["read inversion"],
        [
          cell(settings.majority, "latency", {
            outcome: "found",
            runs: 1_180,
            anomalies: { "read inversion": 10 },
            counterexample: q2,
          }),
        ],
        {
          statement: "W + R > N gives strong consistency.",
          source: "textbooks on leaderless replication",
          argument:
            "The first reader meets the one replica that has the write in progress, the second does not.",
          advice: "Blocking read repair, or abd.",
        },
      ),
      claim(
        "Q3",
        "holds",
        "clean",
        ["stale read"],
        [
          cell(settings.majority, "latency", { outcome: "clean", anomalies: { "read inversion": 4 } }),
          cell(settings.majority, "partition", { outcome: "clean" }),
          cell(settings.majority, "crash", { outcome: "clean", anomalies: { "read inversion": 2 } }),
        ],
        { statement: "What W + R > N really gives is a regular register.", source: "Lamport" },
      ),
      claim(
        "Q4",
        "breaks",
        "found",
        ["stale read"],
        [
          cell(settings.eventual, "latency", { outcome: "found", anomalies: { "stale read": 66 } }),
          cell(settings.eventual, "partition", { outcome: "notFound" }),
        ],
        { statement: "With W + R ≤ N reads may be stale." },
      ),
      claim(
        "C3",
        "breaks",
        "found",
        ["lost write"],
        [
          cell(settings.all, "clock skew", {
            outcome: "found",
            anomalies: { "lost write": 13 },
            counterexample: c3,
          }),
        ],
        {
          statement: "Last write wins keeps the last write.",
          argument:
            "A node whose clock is a minute behind stamps a later write lower: every replica drops it and still says ok.",
          advice: "A version that no clock decides: abd.",
        },
      ),
      claim(
        "D1",
        "breaks",
        "found",
        ["resurrected delete"],
        [
          cell(settings.zombie, "partition", {
            outcome: "found",
            anomalies: { "resurrected delete": 120 },
            counterexample: d1,
          }),
        ],
        {
          statement: "A delete removes the data.",
          argument:
            "A replica that was away cannot tell “deleted” from “never heard of”: it gives the value back.",
          advice: "Tombstones, kept at least until every replica has them.",
        },
      ),
      claim(
        "Q9",
        "holds",
        "contradicted",
        ["not linearizable", "lost write"],
        [
          cell(settings.blocking, "pause", { outcome: "contradicted", anomalies: { "lost write": 1 } }),
          cell(settings.blocking, "crash", {
            outcome: "unknown",
            runs: 40,
            because: "fewer than 100 judged runs",
          }),
        ],
      ),
      claim(
        "Q10",
        "holds",
        "clean",
        ["not linearizable", "lost write"],
        [
          cell(settings.abd, "latency", { outcome: "clean" }),
          cell(settings.abd, "clock skew", { outcome: "clean", runs: 12_400 }),
          cell(settings.abd, "power loss", {
            outcome: "notExpressible",
            runs: 0,
            because: "this target cannot cut the power",
          }),
        ],
      ),
    ],
    [
      {
        setting: settings.majority,
        fault: "clock skew",
        runs: 300,
        unknownRuns: 0,
        anomalies: { "stale read": 30 },
        counterexample: null,
      },
      {
        setting: settings.eventual,
        fault: "none",
        runs: 300,
        unknownRuns: 0,
        anomalies: {},
        counterexample: null,
      },
    ],
    {
      defects: [
        {
          defect: "ack-before-sync",
          standsFor: "an acknowledgement sent before the data is durable",
          claim: "Q10",
          cell: "abd 3/2/2 · power loss",
          runs: 200,
          failingRuns: 7,
          firstFound: 12,
          kind: "lost write",
        },
        {
          defect: "double-count-acks",
          standsFor: "one replica’s answer counted twice",
          claim: "Q3",
          cell: "3/2/2 · latency",
          runs: 200,
          failingRuns: 0,
          firstFound: null,
          kind: null,
        },
      ],
    },
  );
}
