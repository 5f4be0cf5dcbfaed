import assert from "node:assert/strict";
import fc from "fast-check";
import type { FaultPlan, OperationPlan, Scenario } from "../contracts/scenario.ts";
import { paceForContainers } from "./pace-for-containers.ts";

function scenarioOf(
  operations: readonly number[],
  faults: readonly { readonly atUs: number; readonly untilUs: number | null }[],
): Scenario {
  const plans = operations.map(
    (atUs, index): OperationPlan => ({
      id: index + 1,
      client: `c${index}`,
      site: "s1",
      session: "s",
      node: "n1",
      keyspace: "k",
      key: "x",
      f: "read",
      atUs,
    }),
  );
  return {
    recount: "scenario",
    version: 1,
    seed: 1,
    nodes: [{ id: "n1", dc: "dc1" }],
    sites: [{ id: "s1", dc: "dc1" }],
    keyspaces: [{ name: "k" }],
    network: { latency: { kind: "constant", us: 1 }, clientLatency: { kind: "constant", us: 1 } },
    disk: { sync: { kind: "constant", us: 1 } },
    operations: plans,
    faults: faults.map((times, id): FaultPlan => ({ id, ...times, kind: "pause", nodes: ["n1"] })),
    restUs: 0,
    final: "none",
  };
}

const anyTime = fc.integer({ min: 0, max: 50 });
const anyFault = fc
  .tuple(anyTime, fc.option(fc.integer({ min: 1, max: 30 })))
  .map(([atUs, length]) => ({ atUs, untilUs: length === null ? null : atUs + length }));

describe("a plan paced for containers", () => {
  it("lets a fault take effect before an operation of the same time", () => {
    const { operations, faults } = paceForContainers(scenarioOf([0, 10], [{ atUs: 0, untilUs: null }]));
    assert.deepEqual(
      operations.map(({ atUs }) => atUs),
      [3_000_000, 3_000_010],
    );
    assert.deepEqual([faults[0]?.atUs, faults[0]?.untilUs], [0, null]);
  });

  it("gives a fault of no length the time to strike", () => {
    const { faults } = paceForContainers(scenarioOf([], [{ atUs: 100, untilUs: 100 }]));
    assert.deepEqual([faults[0]?.atUs, faults[0]?.untilUs], [100, 3_000_100]);
  });

  it("is the same plan where nothing breaks", () => {
    const calm = scenarioOf([0, 5, 5], []);
    assert.deepEqual(paceForContainers(calm), calm);
  });

  it("keeps the order of all that is planned, and puts three seconds after each turn", () => {
    fc.assert(
      fc.property(
        fc.array(anyTime, { minLength: 1 }),
        fc.array(anyFault, { minLength: 1 }),
        (times, faults) => {
          const paced = paceForContainers(scenarioOf(times, faults));
          for (const [index, { atUs: startUs, untilUs: endUs }] of faults.entries()) {
            for (const [place, us] of times.entries()) {
              const laterUs = paced.operations[place]?.atUs ?? 0;
              const fault = paced.faults[index];
              assert.equal(us >= startUs, laterUs >= (fault?.atUs ?? 0) + 3_000_000);
              assert.equal(
                endUs !== null && us >= endUs,
                laterUs >= (fault?.untilUs ?? Number.POSITIVE_INFINITY) + 3_000_000,
              );
            }
          }
        },
      ),
    );
  });
});
