import assert from "node:assert/strict";
import fc from "fast-check";
import type { OperationPlan, Scenario } from "../contracts/scenario.ts";
import { sourcesOf, withOperations } from "./edit-scenario.ts";
import { fakeRun, fakeScenario } from "./fake-world.test-support.ts";
import type { Shrunk } from "./shrink.ts";
import { shrink } from "./shrink.ts";
import { integersSpace, subsetSpace } from "./shrink-passes.ts";

const trial = { anomalies: ["stale read"], checkers: [] as never[] } as const;
const checker = { name: "fake", assumes: [], tasks: () => [], run: unused, combine: unused } as const;

function unused(): never {
  throw new Error("the made-up world asks no checker");
}

function shrinkWith(scenario: Scenario, fails: (scenario: Scenario) => boolean, maxRuns = 2_000): Shrunk {
  const run = fakeRun((tried) => (fails(tried) ? { anomaly: "stale read" } : null));
  return shrink(scenario, { trial: { ...trial, checkers: [checker] }, run, maxRuns, isStopped: () => false });
}

function idsOf({ operations, faults }: Scenario): { operations: number[]; faults: number[] } {
  return { operations: operations.map(({ id }) => id), faults: faults.map(({ id }) => id) };
}

function has(scenario: Scenario, operations: readonly number[], faults: readonly number[]): boolean {
  const ids = idsOf(scenario);
  return (
    operations.every((id) => ids.operations.includes(id)) && faults.every((id) => ids.faults.includes(id))
  );
}

describe("shrinking", () => {
  it("leaves exactly the operations and faults that the failure needs, under their own ids", () => {
    const { scenario, runs } = shrinkWith(fakeScenario(1), (tried) => has(tried, [3, 17], [2]));
    assert.deepEqual(idsOf(scenario), { operations: [3, 17], faults: [2] });
    assert(runs <= 2_000);
  });

  it("finds any planted set, however many operations surround it", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
        (needed) => {
          const { scenario, runs } = shrinkWith(fakeScenario(1, 60, 2), (tried) => has(tried, needed, []));
          assert.deepEqual(
            idsOf(scenario).operations,
            [...needed].sort((a, b) => a - b),
          );
          assert(runs <= 2_000);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("gives the same scenario every time", () => {
    const once = shrinkWith(fakeScenario(1), (tried) => has(tried, [3, 17], [2]));
    assert.deepEqual(
      shrinkWith(fakeScenario(1), (tried) => has(tried, [3, 17], [2])),
      once,
    );
  });

  it("takes out idle nodes, clients, long gaps and odd values", () => {
    const { scenario } = shrinkWith(fakeScenario(1), (tried) => has(tried, [3, 17], []));
    assert.deepEqual(
      scenario.operations.map(({ client, node, value, atUs }) => ({ client, node, value, atUs })),
      [
        { client: "c1", node: "n1", value: 1, atUs: 0 },
        { client: "c1", node: "n1", value: 2, atUs: 0 },
      ],
    );
    assert.deepEqual(scenario.network.latency, { kind: "constant", us: 1_000 });
    assert.equal(scenario.nodes.length, 3);
  });

  it("keeps what the failure hangs on: two clients, a gap, a node", () => {
    const needed = (tried: Scenario): boolean => {
      const [first, second] = tried.operations;
      if (first === undefined || second === undefined) return false;
      return (
        first.client !== second.client && second.atUs - first.atUs >= 1_100 && first.node !== second.node
      );
    };
    const { scenario } = shrinkWith(fakeScenario(1), needed);
    const [first, second] = scenario.operations;
    assert.equal(scenario.operations.length, 2);
    assert.deepEqual([first?.atUs, second?.atUs], [0, 1_100]);
    assert.notEqual(first?.node, second?.node);
  });

  it("shrinks the places of a fault", () => {
    const needed = ({ faults }: Scenario): boolean =>
      faults.some((fault) => fault.kind === "pause" && fault.nodes.includes("n2"));
    const { scenario } = shrinkWith(fakeScenario(1), needed);
    assert.deepEqual(scenario.faults, [{ id: 3, kind: "pause", nodes: ["n2"], atUs: 0, untilUs: null }]);
  });

  it("says by held messages what chance on the network did, where that fails under jitter too", () => {
    const byChance = ({ network }: Scenario): boolean => network.latency.kind === "exponential";
    const byHold = ({ faults }: Scenario): boolean =>
      faults.some((fault) => fault.kind === "hold" && fault.operation === 17 && fault.byUs >= 3_000);
    const { scenario } = shrinkWith(
      fakeScenario(1),
      (tried) => has(tried, [17], []) && (byChance(tried) || byHold(tried)),
    );
    assert.deepEqual(scenario.network.latency, { kind: "constant", us: 1_000 });
    assert.deepEqual(
      scenario.faults.map(
        (fault) => fault.kind === "hold" && [fault.operation, fault.links.length, fault.byUs],
      ),
      [[17, 1, 3_000]],
    );
    const onlyExactly = (tried: Scenario): boolean =>
      byChance(tried) || (byHold(tried) && tried.network.latency.kind === "constant");
    const kept = shrinkWith(fakeScenario(1), (tried) => has(tried, [17], []) && onlyExactly(tried)).scenario;
    assert.equal(kept.network.latency.kind, "exponential");
    assert.deepEqual(kept.faults, []);
  });

  it("stops at its budget with the smallest it has", () => {
    const { scenario, runs } = shrinkWith(fakeScenario(1, 60), (tried) => has(tried, [3, 17, 40], [2]), 25);
    assert.equal(runs, 25);
    assert(has(scenario, [3, 17, 40], [2]));
  });

  it("asks for the same kind of anomaly", () => {
    const run = fakeRun((tried) => ({ anomaly: has(tried, [5], []) ? "stale read" : "divergence" }));
    const anomalies = ["stale read", "divergence"] as const;
    const shrunk = shrink(fakeScenario(1), {
      trial: { anomalies, checkers: [checker] },
      run,
      maxRuns: 2_000,
      isStopped: () => false,
    });
    assert.equal(shrunk.kind, "stale read");
    assert.deepEqual(idsOf(shrunk.scenario).operations, [5]);
  });

  it("does not take a run for smaller that is unknown, and reports one that crashes", () => {
    const run = fakeRun((tried) => {
      if (tried.operations.length < 3) return { unknown: "too few" };
      if (tried.operations.length === 7) throw new Error("planted");
      return { anomaly: "stale read" };
    });
    const options = { trial: { ...trial, checkers: [checker] }, run, maxRuns: 2_000, isStopped: () => false };
    const { scenario, crash } = shrink(fakeScenario(1, 14), options);
    assert.equal(scenario.operations.length, 3);
    assert.equal(crash?.scenario.operations.length, 7);
  });

  it("leaves a scenario alone that does not fail", () => {
    const { scenario, kind, runs } = shrinkWith(fakeScenario(1), () => false);
    assert.deepEqual({ scenario, kind, runs }, { scenario: fakeScenario(1), kind: null, runs: 1 });
  });
});

describe("the plans that are shrunk", () => {
  it("can be shrunk by fast-check though it did not draw them", () => {
    const build = (): Scenario => fakeScenario(1);
    const subset = subsetSpace([4, 9, 11], 0, build);
    const integers = integersSpace([0, 7, 300], build);
    assert(subset.arbitrary.canShrinkWithoutContext(subset.current));
    assert(integers.arbitrary.canShrinkWithoutContext(integers.current));
  });
});

describe("taking operations out of a plan", () => {
  const chain = planOf(
    { id: 1 },
    { id: 2, after: [1] },
    { id: 3, after: [2], valueFrom: { op: 2, edit: { kind: "plus", amount: 1 } } },
    { id: 4, after: [2, 3] },
    { id: 5, contextFrom: 4 },
  );

  it("lets what came after a removed operation come after what that one came after", () => {
    const { operations } = withOperations(chain, new Set([1, 4]));
    assert.deepEqual(
      operations.map(({ id, after }) => [id, after]),
      [
        [1, undefined],
        [4, [1]],
      ],
    );
  });

  it("takes those along that have lost the source of their value or context", () => {
    assert.deepEqual(idsOf(withOperations(chain, new Set([1, 3, 5]))).operations, [1]);
  });

  it("never leaves a reference to an operation that is gone, and drops holds for them", () => {
    const held: Scenario = {
      ...chain,
      faults: [1, 4].map((operation) => ({
        id: operation,
        kind: "hold",
        operation,
        links: [],
        leg: "writeRequest",
        byUs: 1,
        atUs: 0,
        untilUs: null,
      })),
    };
    fc.assert(
      fc.property(fc.subarray([1, 2, 3, 4, 5]), (kept) => {
        const { operations, faults } = withOperations(held, new Set(kept));
        const ids = operations.map(({ id }) => id);
        for (const operation of operations) {
          for (const id of [...(operation.after ?? []), ...sourcesOf(operation)]) assert(ids.includes(id));
        }
        for (const fault of faults) assert(fault.kind === "hold" && ids.includes(fault.operation));
      }),
    );
  });
});

function planOf(...operations: readonly (Partial<OperationPlan> & { readonly id: number })[]): Scenario {
  const model = fakeScenario(1, 5, 0);
  return { ...model, operations: model.operations.map((base, place) => ({ ...base, ...operations[place] })) };
}
