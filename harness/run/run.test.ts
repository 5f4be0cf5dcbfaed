import assert from "node:assert/strict";
import { actionsOf } from "../../nemesis/actions.ts";
import { OperatingError } from "../base/errors.ts";
import type { Checker } from "../contracts/checker.ts";
import type { FaultPlan, OperationPlan, Scenario } from "../contracts/scenario.ts";
import type { Action, ClockReading, Cluster, Invocation } from "../contracts/target.ts";
import type { History } from "../history/history.ts";
import { Outcome } from "../history/history.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import type { AtomicOptions } from "./atomic-target.test-support.ts";
import { atomicTarget } from "./atomic-target.test-support.ts";
import { ClockReadings } from "./clock-readings.ts";
import { firstFinalRead } from "./final-reads.ts";
import { runToEnd } from "./run.ts";

const plan = (id: number, rest: Partial<OperationPlan> = {}): OperationPlan => ({
  id,
  client: "a",
  site: "s1",
  session: "a",
  node: "n1",
  keyspace: "k",
  key: "x",
  f: "write",
  value: id,
  atUs: 0,
  ...rest,
});

const scenario = (operations: readonly OperationPlan[], faults: readonly FaultPlan[] = []): Scenario => ({
  recount: "scenario",
  version: 1,
  seed: 1,
  nodes: [{ id: "n1", dc: "dc1" }],
  sites: [{ id: "s1", dc: "dc1" }],
  keyspaces: [{ name: "k" }],
  network: { latency: { kind: "constant", us: 1 }, clientLatency: { kind: "constant", us: 1 } },
  disk: { sync: { kind: "constant", us: 1 } },
  operations,
  faults,
  restUs: 0,
  final: "none",
});

const play = (planned: Scenario, options: AtomicOptions = {}, checkers: readonly Checker[] = []) =>
  runToEnd(planned, { target: atomicTarget(options), checkers, actionsOf });

const noCluster: Cluster = {
  nowNs: () => 0,
  at: () => () => {},
  submit: () => {},
  act: () => {},
  dump: () => {},
  close: () => {},
};

const rows = (history: History): { op: number; startUs: number; process: number; value: unknown }[] =>
  Array.from({ length: history.length }, (_, row) => ({
    op: history.op[row] ?? -1,
    startUs: (history.invokedNs[row] ?? 0) / 1_000,
    process: history.process[row] ?? -1,
    value: history.values[history.argument[row] ?? 0],
  }));

describe("a run", () => {
  it("starts an operation when its client, its time and all that it comes after allow", () => {
    const { history } = play(
      scenario([
        plan(1),
        plan(2),
        plan(3, { client: "b", session: "b", atUs: 5_000 }),
        plan(4, { client: "c", session: "c", after: [3], thinkUs: 500 }),
      ]),
    );
    assert.deepEqual(
      rows(history).map(({ op, startUs }) => [op, startUs]),
      [
        [1, 0],
        [2, 1_000],
        [3, 5_000],
        [4, 6_500],
      ],
    );
  });

  it("ignores a dependency that shrinking took away", () => {
    assert.equal(play(scenario([plan(2, { after: [1] })])).operations, 1);
  });

  it("retires the process of an unknown outcome and keeps the session", () => {
    const { history, answered, operations } = play(scenario([plan(1), plan(2), plan(3)]), { silent: [2] });
    assert.deepEqual(
      rows(history).map(({ process }) => process),
      [0, 0, 1],
    );
    assert.equal(history.outcome[1], Outcome.info);
    assert.deepEqual([...new Set(history.session.slice(0, 3))].length, 1);
    assert.deepEqual([answered, operations], [2, 3]);
  });

  it("tries an unknown outcome again as often as the plan says, as one operation", () => {
    const asked: Invocation[] = [];
    const retry = { times: 2, node: "n2" };
    const { history, answered } = play(scenario([plan(1, { retry })]), { silent: [1], asked });
    assert.deepEqual(
      asked.map(({ attempt, node }) => `${attempt} ${node}`),
      ["0 n1", "1 n2", "2 n2"],
    );
    assert.deepEqual(
      rows(history).map(({ op }) => op),
      [1],
    );
    assert.deepEqual([history.outcome[0], history.completedNs[0], answered], [Outcome.info, 3_000_000, 0]);
  });

  it("ends with the try that was answered, and tries no more", () => {
    const asked: Invocation[] = [];
    const tried = scenario([plan(1, { retry: { times: 5 } }), plan(2, { f: "read" })]);
    const { history, answered } = play(tried, { silentTries: ["1.0"], asked });
    assert.deepEqual(
      asked.map(({ op, attempt }) => `${op}.${attempt}`),
      ["1.0", "1.1", "2.0"],
    );
    assert.deepEqual([history.outcome[0], answered], [Outcome.ok, 2]);
    assert.equal(history.process[1], history.process[0]);
  });

  it("does not take a later try's refusal for a proof that nothing happened", () => {
    const tried = scenario([plan(1, { retry: { times: 1 } }), plan(2, { retry: { times: 1 } })]);
    const { history } = play(tried, { silentTries: ["1.0"], refusedTries: ["1.1", "2.0"] });
    assert.deepEqual([...history.outcome.slice(0, 2)], [Outcome.info, Outcome.fail]);
    assert.equal(history.details.get(0)?.error, "connection refused");
  });

  it("feeds what was read into what is written, and skips what lacks its source", () => {
    const { history } = play(
      scenario([
        plan(1, { value: 40 }),
        plan(2, { f: "read" }),
        plan(3, { valueFrom: { op: 2, edit: { kind: "plus", amount: 2 } } }),
        plan(4, { valueFrom: { op: 99, edit: { kind: "same" } } }),
      ]),
    );
    assert.equal(rows(history)[2]?.value, 42);
    const skipped = history.marks.filter((mark) => mark.kind === "skipped");
    assert.deepEqual(
      skipped.map((mark) => [mark.op, mark.because]),
      [[4, "operation 99 gave no value"]],
    );
  });

  it("passes a read's context on, and none where the read found nothing", () => {
    const asked: Invocation[] = [];
    const follows = (op: number): Partial<OperationPlan> => ({ contextFrom: op });
    const { history } = play(
      scenario([
        plan(1, { f: "read" }),
        plan(2, follows(1)),
        plan(3, { f: "read" }),
        plan(4, follows(3)),
        plan(5, { ...follows(99), key: "y" }),
        plan(6, { ...follows(1), f: "delete", key: "y" }),
      ]),
      { asked },
    );
    assert.deepEqual(
      asked.map(({ op, context }) => [op, context ?? null]),
      [
        [1, null],
        [2, null],
        [3, null],
        [4, "seen-by-3"],
      ],
    );
    assert.deepEqual(
      history.marks.flatMap((mark) => (mark.kind === "skipped" ? [[mark.op, mark.because]] : [])),
      [
        [5, "operation 99 gave no context"],
        [6, "operation 1 gave no context"],
      ],
    );
  });

  it("edits lists, the union of siblings, and pairs for cas", () => {
    const { history } = play(
      scenario([
        plan(1, { value: ["milk", "eggs"] }),
        plan(2, { f: "read" }),
        plan(3, { valueFrom: { op: 2, edit: { kind: "remove", item: "milk" } } }),
        plan(4, { valueFrom: { op: 2, edit: { kind: "append", item: "ham" } } }),
        plan(5, { f: "read" }),
        plan(6, { valueFrom: { op: 5, edit: { kind: "append", item: "jam" } } }),
        plan(7, { f: "cas", valueFrom: { op: 5, edit: { kind: "expect", next: 9 } } }),
        plan(8, { key: "n", value: 4 }),
        plan(9, { key: "n", f: "read" }),
        plan(10, { key: "n", f: "cas", valueFrom: { op: 9, edit: { kind: "plus", amount: 1 } } }),
      ]),
      {
        siblings: {
          5: [
            ["milk", "ham"],
            ["eggs", "milk"],
          ],
        },
      },
    );
    const written = rows(history).map(({ value }) => value);
    assert.deepEqual(written[2], ["eggs"]);
    assert.deepEqual(written[3], ["milk", "eggs", "ham"]);
    assert.deepEqual(written[5], ["milk", "ham", "eggs", "jam"]);
    const next = (row: number): unknown => history.values[history.argument2[row] ?? 0];
    assert.deepEqual([written[6], next(6)], [["milk", "eggs", "ham"], 9]);
    assert.deepEqual([written[9], next(9)], [4, 5]);
  });

  it("strikes and mends each fault at its time, and the rest in the mend phase", () => {
    const heard: Action[] = [];
    const faults: FaultPlan[] = [
      { id: 1, kind: "pause", nodes: ["n1"], atUs: 100, untilUs: 300 },
      { id: 2, kind: "skew", nodes: ["n1"], offsetUs: 7, atUs: 200, untilUs: null },
    ];
    const { history, unknownBecause } = play(scenario([plan(1)], faults), { heard });
    assert.deepEqual(
      heard.map(({ kind, fault }) => `${kind} ${fault}`),
      ["pause 1", "set-clock 2", "resume 1", "set-clock 2"],
    );
    assert.equal(unknownBecause, null);
    assert.deepEqual(
      history.marks.map((mark) => (mark.kind === "phase" ? mark.phase : mark.kind)),
      ["strike", "strike", "strike", "mend", "mend", "mend", "rest"],
    );
  });

  it("has clocks read at the start, after each fault of a clock, and at the end", () => {
    const at = (ns: number) => ({ ahead: [{ node: "n1", ns }], withinNs: 2 });
    const faults: FaultPlan[] = [
      { id: 1, kind: "pause", nodes: ["n1"], atUs: 100, untilUs: 300 },
      { id: 2, kind: "skew", nodes: ["n1"], offsetUs: 7, atUs: 200, untilUs: null },
    ];
    const clocks = [at(1), at(2), at(3), at(4)];
    const { history } = play(scenario([plan(1)], faults), { clocks });
    assert.deepEqual(
      history.marks.map((mark) => (mark.kind === "clocks" ? mark.ahead[0]?.ns : mark.kind)),
      [1, "phase", "strike", "strike", 2, "mend", "phase", "mend", "phase", 3, 4],
    );
    const failed = new OperatingError("target-failed", "no clocks");
    const { history: other, unknownBecause } = play(scenario([plan(1)]), { clocks: [failed] });
    assert.deepEqual(
      [other.marks.map(({ kind }) => kind), unknownBecause],
      [["phase", "phase", "phase"], null],
    );
  });

  it("leaves out a reading of the clocks that comes after the last", () => {
    const recorder = new HistoryRecorder({});
    const waiting: (() => void)[] = [];
    const clocks = (done: (reading: ClockReading) => void): void => {
      waiting.push(() => done({ ahead: [{ node: "n1", ns: waiting.length }], withinNs: 0 }));
    };
    const ended: string[] = [];
    const readings = new ClockReadings({ ...noCluster, clocks }, recorder);
    readings.take(() => ended.push("early"));
    readings.takeLast(() => ended.push("last"));
    waiting[1]?.();
    waiting[0]?.();
    assert.deepEqual(ended, ["last", "early"]);
    assert.equal(recorder.finish().marks.length, 1);
  });

  it("notes since when a fault acted that took time to prove", () => {
    const faults: FaultPlan[] = [{ id: 1, kind: "pause", nodes: ["n1"], atUs: 100, untilUs: 300 }];
    const { history } = play(scenario([plan(1)], faults), { actNs: 50_000 });
    assert.deepEqual(
      history.marks.flatMap((mark) => ("sinceNs" in mark ? [[mark.kind, mark.sinceNs, mark.timeNs]] : [])),
      [
        ["strike", 100_000, 150_000],
        ["mend", 300_000, 350_000],
      ],
    );
  });

  it("is unknown when a fault is not proven or a mend fails", () => {
    const faults: FaultPlan[] = [{ id: 1, kind: "pause", nodes: ["n1"], atUs: 0, untilUs: null }];
    const struck = play(scenario([plan(1)], faults), { refuses: ["pause"] });
    assert.equal(struck.unknownBecause, "fault 1 (pause) could not be proven: pause had no effect");
    const mended = play(scenario([plan(1)], faults), { refuses: ["resume"] });
    assert.equal(mended.unknownBecause, "fault 1 (pause) could not be mended: resume had no effect");
  });

  it("is unknown when fewer than half of the operations were answered", () => {
    const { unknownBecause } = play(scenario([plan(1), plan(2), plan(3)]), { silent: [1, 3] });
    assert.equal(unknownBecause, "only 1 of 3 operations were answered");
  });

  it("reads every key through every node at the end, under ids of their own", () => {
    const { history, operations } = play({
      ...scenario([plan(1), plan(2, { key: "y" })]),
      final: "every-node",
    });
    const finals = rows(history).filter(({ op }) => op >= firstFinalRead);
    assert.equal(finals.length, 2);
    assert.equal(operations, 2);
  });

  it("says why a world could not be opened", () => {
    const openError = new OperatingError("engine-absent", "no container engine answers");
    assert.throws(() => play(scenario([]), { openError }), /no container engine answers/);
  });
});
