import assert from "node:assert/strict";
import { Purpose } from "../base/draw.ts";
import type { OperationPlan } from "../contracts/scenario.ts";
import type { TraceEvent } from "../contracts/trace.ts";
import { play, read, scenarioWith, write } from "./played-scenario.test-support.ts";

const keyspaces = (settings: Record<string, unknown>) => [{ name: "k", n: 3, w: 2, r: 2, ...settings }];
const byClients = keyspaces({ coordinate: "client" });

type Line = {
  readonly type?: string;
  readonly value?: unknown;
  readonly process?: unknown;
  readonly error?: string;
};

/** `[type, value]` of each completion, in order. */
function ends(lines: readonly string[]): unknown[][] {
  const parsed = lines.map((line) => JSON.parse(line) as Line);
  return parsed
    .filter(({ type, process }) => process !== undefined && type !== "invoke")
    .map(({ type, value }) => [type, value]);
}

const kind = <Kind extends TraceEvent["kind"]>(trace: readonly TraceEvent[], wanted: Kind) =>
  trace.filter((event): event is Extract<TraceEvent, { kind: Kind }> => event.kind === wanted);

const afterOf = (op: number, changes: Partial<OperationPlan> = {}) => ({ after: [op], ...changes });

describe("clients that coordinate", () => {
  it("talk to the replicas from their site, and ask no node", () => {
    const operations = [write(1, "n1", "x"), read(2, "n1", "x", afterOf(1))];
    const { lines, trace } = play(scenarioWith({ keyspaces: byClients, operations }));
    assert.deepEqual(ends(lines), [
      ["ok", 1],
      ["ok", 1],
    ]);
    assert.deepEqual(kind(trace, "client"), []);
    const sent = kind(trace, "message").filter(({ message }) => message === "writeRequest");
    assert.deepEqual(sent.map(({ from, to, cause }) => `${from}→${to} ${cause}`).sort(), [
      "s1→n1 1",
      "s1→n2 1",
      "s1→n3 1",
    ]);
    const minted = kind(trace, "note").filter(({ what }) => what === "minted");
    assert.deepEqual(
      minted.map(({ node, version }) => [node, version.split("#")[0]]),
      [["s1", "@100000000 s1"]],
    );
  });

  it("outlive the node that a plan names, and suffer from their own links", () => {
    const operations = [
      write(1, "n1", "x", { atUs: 10_000 }),
      read(2, "n1", "x", afterOf(1)),
      write(3, "n1", "x", { atUs: 100_000, timeoutUs: 50_000 }),
    ];
    const links = ["n2", "n3"].map((to) => ({ from: "s1", to }));
    const { lines } = play(scenarioWith({ keyspaces: byClients, operations }), {
      actions: [
        { atUs: 0, action: { fault: 1, kind: "kill", node: "n1" } },
        { atUs: 90_000, action: { fault: 2, kind: "cut", mode: "black-hole", links } },
      ],
    });
    assert.deepEqual(ends(lines), [
      ["ok", 1],
      ["ok", 1],
      ["info", 3],
    ]);
  });

  it("repair what they find stale, and leave one another's keyspaces alone", () => {
    const operations = [
      write(1, "n1", "x", { timeoutUs: 20_000 }),
      read(2, "n1", "x", afterOf(1, { atUs: 60_000 })),
      write(3, "n1", "x", { keyspace: "by-nodes" }),
    ];
    const both = [...keyspaces({ coordinate: "client", read: "repair-blocking" }), { name: "by-nodes" }];
    const links = ["n2", "n3"].map((to) => ({ from: "s1", to }));
    const { lines, trace } = play(scenarioWith({ keyspaces: both, operations }), {
      actions: [
        { atUs: 0, action: { fault: 1, kind: "cut", mode: "black-hole", links } },
        { atUs: 40_000, action: { fault: 1, kind: "restore", links } },
        // One of two answers must be that of the only replica that has the write.
        { atUs: 40_000, action: { fault: 2, kind: "cut", mode: "black-hole", links: links.slice(1) } },
      ],
    });
    assert.deepEqual(ends(lines), [
      ["ok", 3],
      ["info", 1],
      ["ok", 1],
    ]);
    const repaired = kind(trace, "note").filter(({ what }) => what === "repaired");
    assert.deepEqual(
      repaired.map(({ node, value }) => [node, value]),
      [["n2", 1]],
    );
    assert.equal(kind(trace, "client").filter(({ op }) => op === 3).length, 2);
  });
});

describe("a client that tries again", () => {
  const retried = write(1, "n1", "x", { timeoutUs: 20_000, retry: { times: 1, node: "n2" } });
  /** The first try's answer never comes. */
  const silenced = {
    actions: [
      {
        atUs: 0,
        action: { fault: 1, kind: "cut", mode: "black-hole", links: [{ from: "n1", to: "s1" }] },
      },
    ],
  } as const;
  const mintedBy = (settings: Record<string, unknown>): string[] => {
    const scenario = scenarioWith({ keyspaces: keyspaces(settings), operations: [retried] });
    const { lines, trace } = play(scenario, silenced);
    assert.deepEqual(ends(lines), [["ok", 1]]);
    const minted = kind(trace, "note").filter(({ what, cause }) => what === "minted" && cause === 1);
    return minted.map(({ version }) => version);
  };

  it("makes another version where coordinators stamp", () => {
    const versions = mintedBy({});
    assert.equal(versions.length, 2);
    assert.match(versions[0] ?? "", /^@100000\d{3} n1#/);
    assert.match(versions[1] ?? "", /^@100020\d{3} n2#/);
  });

  it("makes the same version again where it stamps", () => {
    assert.deepEqual(mintedBy({ stamp: "client" }), ["@100000000 c1#.0", "@100000000 c1#.0"]);
  });

  it("has other luck the second time, on the same node too", () => {
    const operations = [{ ...retried, retry: { times: 1 } }];
    const drawn = new Map<number, Set<string>>();
    play(scenarioWith({ operations }), {
      ...silenced,
      onDraw: (purpose, cause, leg, attempt) => {
        if (purpose === Purpose.diskLatency) return;
        const causes = drawn.get(cause) ?? new Set();
        assert.ok(!causes.has(`${purpose} ${leg} ${attempt}`), `${purpose} twice`);
        drawn.set(cause, causes.add(`${purpose} ${leg} ${attempt}`));
      },
    });
    assert.ok(drawn.size >= 2);
  });

  it("stamps writes of one site later and later, and reads not at all", () => {
    const operations = [write(1, "n1", "x"), write(2, "n2", "x"), read(3, "n3", "x", { after: [1, 2] })];
    const scenario = scenarioWith({ keyspaces: keyspaces({ stamp: "client" }), operations });
    const { lines, trace } = play(scenario);
    const minted = kind(trace, "note").filter(({ what }) => what === "minted");
    assert.deepEqual(minted.map(({ version }) => version).sort(), ["@100000000 c1#.0", "@100000001 c2#.0"]);
    assert.deepEqual(ends(lines).at(-1), ["ok", 2]);
  });
});
