import assert from "node:assert/strict";
import type { OperationPlan, Scenario } from "../contracts/scenario.ts";
import { atRealPace } from "./real-time.ts";

const operation = (id: number, atUs: number): OperationPlan => ({
  id,
  client: "a",
  site: "s1",
  session: "a",
  node: "n1",
  keyspace: "k",
  key: "x",
  f: "read",
  atUs,
  timeoutUs: 8_000,
});

const scenario = (lastUs: number): Scenario => ({
  recount: "scenario",
  version: 1,
  seed: 1,
  nodes: [{ id: "n1", dc: "dc1" }],
  sites: [{ id: "s1", dc: "dc1" }],
  keyspaces: [{ name: "k" }],
  network: { latency: { kind: "constant", us: 1 }, clientLatency: { kind: "constant", us: 1 } },
  disk: { sync: { kind: "constant", us: 1 } },
  operations: [operation(1, 0), { ...operation(2, lastUs), thinkUs: 10 }],
  faults: [
    { id: 1, kind: "kill", nodes: ["n1"], atUs: 15_000, untilUs: 40_000 },
    { id: 2, kind: "skew", nodes: ["n1"], offsetUs: 60_000_000, atUs: 0, untilUs: null },
  ],
  restUs: 90_000,
  final: "none",
});

describe("a virtual schedule at real pace", () => {
  it("is stretched by one factor, faults and time-outs too, but never the size of a skew", () => {
    const { scenario: slow, slowedBy } = atRealPace(scenario(90_000));
    assert.equal(slowedBy, 100);
    assert.deepEqual(
      slow.operations.map(({ atUs, thinkUs, timeoutUs }) => [atUs, thinkUs, timeoutUs]),
      [
        [0, undefined, 800_000],
        [9_000_000, 1_000, 800_000],
      ],
    );
    assert.deepEqual(
      slow.faults.map(({ atUs, untilUs }) => [atUs, untilUs]),
      [
        [1_500_000, 4_000_000],
        [0, null],
      ],
    );
    assert.equal(slow.faults[1]?.kind === "skew" ? slow.faults[1].offsetUs : 0, 60_000_000);
    assert.equal(slow.restUs, 3_000_000);
  });

  it("is stretched less when it is long, and not at all when it is as long as a real run", () => {
    assert.equal(atRealPace(scenario(1_000_000)).slowedBy, 20);
    const real = scenario(30_000_000);
    assert.deepEqual(atRealPace(real), { scenario: real, slowedBy: 1 });
  });
});
