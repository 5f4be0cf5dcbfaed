import assert from "node:assert/strict";
import { Choice } from "../base/choice.ts";
import { InvariantViolation } from "../base/invariant.ts";
import type { OperationPlan, Scenario } from "../contracts/scenario.ts";
import { nsOfUs } from "../history/time.ts";
import type { Play } from "./played-scenario.test-support.ts";
import { play, read, scenarioWith, write } from "./played-scenario.test-support.ts";
import { deaf, SimCluster } from "./sim-cluster.ts";

const everywhere = ["n1", "n2", "n3"].flatMap((from) =>
  ["n1", "n2", "n3"].filter((to) => to !== from).map((to) => ({ from, to })),
);

interface Line {
  readonly op?: number;
  readonly type?: string;
  readonly process?: number;
  readonly value?: unknown;
  readonly time?: number;
}

/** The completions of a history, each with the id of the operation that its process had begun. */
function completions(lines: readonly string[]): Line[] {
  const begun = new Map<number, number>();
  return lines.flatMap((text) => {
    const line = JSON.parse(text) as Line;
    if (line.process === undefined) return [];
    if (line.type === "invoke") {
      begun.set(line.process, line.op ?? -1);
      return [];
    }
    return [{ ...line, op: begun.get(line.process) ?? -1 }];
  });
}

/** How operations ended, in order: `[op, type, value]`. */
function ends(lines: readonly string[]): unknown[][] {
  return completions(lines).map(({ op, type, value }) => [op, type, value]);
}

/** When an operation ended, in microseconds. */
function endedAtUs(lines: readonly string[], op: number): number {
  const line = completions(lines).find((one) => one.op === op);
  return (line?.time ?? Number.NaN) / nsOfUs(1);
}

function mixedOperations(run: number, count: number): OperationPlan[] {
  const choice = new Choice(5, run);
  return Array.from({ length: count }, (_, index) => {
    const where = [index + 1, `n${1 + choice.below(3)}`, `x${choice.below(3)}`] as const;
    const when = { client: `c${choice.below(4)}`, atUs: choice.below(20_000) };
    return choice.percent(50) ? write(...where, when) : read(...where, when);
  });
}

const troubled = [
  { atUs: 1_000, action: { fault: 1, kind: "lose", links: everywhere, percent: 10 } },
  { atUs: 1_000, action: { fault: 2, kind: "duplicate", links: everywhere, percent: 30 } },
  { atUs: 3_000, action: { fault: 3, kind: "kill", node: "n2" } },
  { atUs: 9_000, action: { fault: 3, kind: "start", node: "n2" } },
  { atUs: 5_000, action: { fault: 4, kind: "pause", node: "n3" } },
  { atUs: 8_000, action: { fault: 4, kind: "resume", node: "n3" } },
  { atUs: 6_000, action: { fault: 5, kind: "set-clock", node: "n1", offsetUs: -4_000 } },
] as const;

/** Loss and duplication on every link between the scenario's nodes. */
function lossy({ nodes }: Scenario): NonNullable<Play["actions"]> {
  const ids = new Set(nodes.map(({ id }) => id));
  const links = everywhere.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return [
    { atUs: 0, action: { fault: 1, kind: "lose", links, percent: 10 } },
    { atUs: 0, action: { fault: 2, kind: "duplicate", links, percent: 30 } },
  ];
}

describe("simulated cluster", () => {
  describe("is a function of its scenario", () => {
    const scenario = scenarioWith({ operations: mixedOperations(1, 60) });

    it("gives the same events and the same history twice in one process", () => {
      const first = play(scenario, { actions: troubled });
      const second = play(scenario, { actions: troubled });
      assert.equal(first.digest, second.digest);
      assert.deepEqual(first.lines, second.lines);
      assert.ok(first.lines.length > 100);
    });

    it("gives others for another seed", () => {
      const first = play(scenario, { actions: troubled });
      assert.notEqual(play({ ...scenario, seed: 8 }, { actions: troubled }).digest, first.digest);
    });

    it("does not change when somebody listens", () => {
      const silent = new SimCluster(scenario, deaf);
      const heard = new SimCluster(scenario, { ...deaf, trace: () => undefined, onDraw: () => undefined });
      for (const cluster of [silent, heard]) {
        const first = { op: 1, attempt: 0, client: "c", site: "s1", node: "n1", keyspace: "k", key: "x" };
        cluster.submit({ ...first, f: "write", value: 1, timeoutUs: 50_000 }, () => undefined);
        cluster.at(nsOfUs(80_000), () => cluster.close(() => undefined));
        cluster.runUntilClosed();
      }
      assert.equal(silent.digest, heard.digest);
      assert.ok(silent.messages >= 4);
    });

    it("says so when nobody is left to close it", () => {
      assert.throws(() => new SimCluster(scenario, deaf).runUntilClosed(), InvariantViolation);
    });
  });

  describe("draws by cause", () => {
    /** Every draw for an operation, as text, in an order of its own. */
    const drawsOf = (scenario: Scenario): Map<number, string[]> => {
      const draws = new Map<number, string[]>();
      play(scenario, {
        actions: lossy(scenario),
        onDraw: (purpose, cause, leg, attempt, drawn) => {
          const list = draws.get(cause) ?? [];
          list.push(`${purpose} ${leg} ${attempt}: ${drawn}`);
          draws.set(cause, list);
        },
      });
      for (const list of draws.values()) list.sort();
      return draws;
    };

    it("so that deleting one of 50 operations leaves all draws of all others as they were", () => {
      const choice = new Choice(3, 0);
      // Each has a key of its own: what a read has to repair would else depend on the writes beside it.
      const operations = Array.from({ length: 50 }, (_, index) => {
        const where = [index + 1, `n${1 + choice.below(3)}`, `key${index}`] as const;
        const when = { client: `c${choice.below(6)}`, atUs: 2_000 + choice.below(5_000) };
        return choice.percent(50) ? write(...where, when) : read(...where, when);
      });
      const whole = drawsOf(scenarioWith({ operations }));
      assert.ok(operations.every(({ id }) => (whole.get(id)?.length ?? 0) >= 6));
      for (const { id: gone } of operations) {
        const rest = drawsOf(scenarioWith({ operations: operations.filter(({ id }) => id !== gone) }));
        const expected = new Map([...whole].filter(([cause]) => cause !== gone));
        assert.deepEqual(rest, expected, `without operation ${gone}`);
      }
    });

    it("so that a node that is taken away leaves the draws between the others as they were", () => {
      const keyspaces = [{ name: "k", n: 2, w: 2, r: 2 }];
      const keys = Array.from({ length: 40 }, (_, index) => `key${index}`);
      const wides = keys.map((key) => scenarioWith({ operations: [write(1, "n1", key)], keyspaces }));
      const touchesN3 = (scenario: Scenario): boolean =>
        play(scenario).trace.some((event) => event.kind === "message" && event.to === "n3");
      const apart = wides.filter((scenario) => !touchesN3(scenario));
      assert.ok(apart.length > 3);
      for (const wide of apart) {
        const narrow = { ...wide, nodes: wide.nodes.slice(0, 2) };
        assert.deepEqual(drawsOf(narrow).get(1), drawsOf(wide).get(1));
      }
    });

    it("so that a node starts under the same name whatever other faults do", () => {
      const restart = [
        { atUs: 1_000, action: { fault: 9, kind: "kill", node: "n1" } },
        { atUs: 2_000, action: { fault: 9, kind: "start", node: "n1" } },
      ] as const;
      const operations = [write(1, "n1", "x", { atUs: 5_000 })];
      const minted = (actions: Play): string | undefined => {
        const { trace } = play(scenarioWith({ operations }), actions);
        const note = trace.find((event) => event.kind === "note" && event.what === "minted");
        return note?.kind === "note" ? note.version : undefined;
      };
      const alone = minted({ actions: restart });
      const other = { fault: 4, node: "n1" };
      const amidst = minted({
        actions: [
          { atUs: 200, action: { ...other, kind: "kill" } },
          { atUs: 400, action: { ...other, kind: "start" } },
          ...restart,
        ],
      });
      assert.ok(alone?.includes("n1"));
      assert.equal(amidst, alone);
      assert.notEqual(minted({}), alone, "the first life has another name");
    });
  });

  describe("network", () => {
    const links = [{ from: "n1", to: "n2" }];
    const constant = scenarioWith({
      network: { latency: { kind: "constant", us: 1_000 }, clientLatency: { kind: "constant", us: 100 } },
      operations: [write(1, "n1", "x", { w: 3 })],
    });

    it("lets a message arrive that left before its link was cut, and none that is sent later", () => {
      const cutAt = (atUs: number): unknown[][] =>
        ends(
          play(constant, { actions: [{ atUs, action: { fault: 1, kind: "cut", links, mode: "refuse" } }] })
            .lines,
        );
      // The request reaches n1 at 100 µs and its messages leave then.
      assert.deepEqual(cutAt(50), [[1, "info", 1]]);
      assert.deepEqual(cutAt(150), [[1, "ok", 1]]);
    });

    it("tells the legs of an operation apart", () => {
      const { latency, clientLatency } = constant.network;
      const legs = { writeAck: { kind: "constant", us: 5_000 } } as const;
      const slow = play({ ...constant, network: { latency, clientLatency, legs } });
      // 100 to the node, 1,000 to the replicas, their sync, 5,000 back, 100 to the client.
      const tookUs = endedAtUs(slow.lines, 1);
      assert.ok(tookUs >= 6_250 && tookUs <= 6_450, `it took ${tookUs} µs`);
    });

    it("lets a coordinator's messages leave one after the other where the plan says so", () => {
      const staggered = { ...constant, network: { ...constant.network, staggerUs: 300 } };
      const sent = play(staggered).trace.flatMap((event) =>
        event.kind === "message" && event.message === "writeRequest" ? [event.sentUs] : [],
      );
      assert.deepEqual(sent.sort(), [100, 400]);
    });

    it("keeps what had not left yet from leaving when its node is killed", () => {
      const staggered = { ...constant, network: { ...constant.network, staggerUs: 300 } };
      const kill = { atUs: 250, action: { fault: 1, kind: "kill", node: "n1" } } as const;
      const { trace } = play(staggered, { actions: [kill] });
      const requests = trace.filter((event) => event.kind === "message" && event.message === "writeRequest");
      assert.equal(requests.length, 1);
    });
  });

  describe("processes", () => {
    const scenario = scenarioWith({ operations: [write(1, "n1", "x", { timeoutUs: 400_000 })] });

    it("reset the connections of clients when they are killed", () => {
      const kill = { atUs: 200, action: { fault: 1, kind: "kill", node: "n1" } } as const;
      const { lines } = play(scenario, { actions: [kill] });
      assert.deepEqual(ends(lines), [[1, "info", 1]]);
      assert.ok(endedAtUs(lines, 1) < 500, "at once, not when the client's patience ends");
    });

    it("refuse requests while there are none: surely no effect", () => {
      const kill = { atUs: 0, action: { fault: 1, kind: "kill", node: "n1" } } as const;
      assert.deepEqual(ends(play(scenario, { actions: [kill] }).lines), [[1, "fail", 1]]);
    });

    it("do everything that came due while they were paused, in order, once they go on", () => {
      const pause = { fault: 1, node: "n1" } as const;
      const operations = [1, 2, 3].map((id) =>
        write(id, "n1", "x", { atUs: 1_000 * id, timeoutUs: 400_000 }),
      );
      const { lines, trace } = play(scenarioWith({ operations }), {
        actions: [
          { atUs: 500, action: { ...pause, kind: "pause" } },
          { atUs: 50_000, action: { ...pause, kind: "resume" } },
        ],
      });
      const minted = trace.flatMap((event) =>
        event.kind === "note" && event.what === "minted" ? [[event.atUs, event.value]] : [],
      );
      assert.deepEqual(minted, [
        [50_000, 1],
        [50_000, 2],
        [50_000, 3],
      ]);
      assert.deepEqual(
        ends(lines).map(([, type]) => type),
        ["ok", "ok", "ok"],
      );
    });

    it("stay down until every fault that killed them has been mended", () => {
      const { proofs } = play(scenario, {
        actions: [
          { atUs: 10, action: { fault: 1, kind: "kill", node: "n1" } },
          { atUs: 20, action: { fault: 2, kind: "kill", node: "n1" } },
          { atUs: 30, action: { fault: 1, kind: "start", node: "n1" } },
          { atUs: 40, action: { fault: 2, kind: "start", node: "n1" } },
          { atUs: 50, action: { fault: 2, kind: "start", node: "n1" } },
        ],
      });
      assert.deepEqual(proofs, [
        "n1 refuses connections",
        "n1 refuses connections",
        "n1 is still held down by fault 2",
        "n1 answers, life 2",
        "n1 answers, life 2",
      ]);
    });

    it("cannot be paused while there are none", () => {
      const { proofs } = play(scenario, {
        actions: [
          { atUs: 10, action: { fault: 1, kind: "kill", node: "n1" } },
          { atUs: 20, action: { fault: 2, kind: "pause", node: "n1" } },
        ],
      });
      assert.deepEqual(proofs, ["n1 refuses connections", "n1 is down: nothing to pause!"]);
    });
  });

  describe("power loss", () => {
    const cutAll = ["n1", "n2", "n3"].flatMap((node) => [
      { atUs: 50_000, action: { fault: 1, kind: "cut-power", node } as const },
      { atUs: 60_000, action: { fault: 1, kind: "start", node } as const },
    ]);
    const operations = [write(1, "n1", "x"), read(2, "n2", "x", { atUs: 80_000 })];

    it("takes what was never synced, in some runs", () => {
      const keyspaces = [{ name: "k", n: 3, w: 3, r: 3, fsync: "never" }];
      const seen = Array.from({ length: 40 }, (_, seed) => {
        const [, last] = ends(play(scenarioWith({ operations, keyspaces, seed }), { actions: cutAll }).lines);
        return last?.[2];
      });
      assert.ok(seen.includes(null), "an acknowledged write is gone");
      assert.ok(seen.includes(1), "and sometimes the pages had reached the disk");
    });

    it("takes nothing that was synced, and a mere kill takes nothing at all", () => {
      const killAll = cutAll.map(({ atUs, action }) => {
        return { atUs, action: action.kind === "cut-power" ? { ...action, kind: "kill" as const } : action };
      });
      for (let seed = 0; seed < 40; seed += 1) {
        const synced = play(scenarioWith({ operations, seed }), { actions: cutAll });
        assert.deepEqual(ends(synced.lines)[1], [2, "ok", 1]);
        const keyspaces = [{ name: "k", n: 3, w: 3, r: 3, fsync: "never" }];
        const killed = play(scenarioWith({ operations, keyspaces, seed }), { actions: killAll });
        assert.deepEqual(ends(killed.lines)[1], [2, "ok", 1]);
      }
    });
  });

  it("fails what the store cannot do yet", () => {
    const { lines } = play(scenarioWith({ operations: [write(1, "n1", "x", { f: "increment", value: 1 })] }));
    assert.deepEqual(ends(lines), [[1, "fail", 1]]);
  });
});
