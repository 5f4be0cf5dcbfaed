import assert from "node:assert/strict";
import { orderViolation, runAtRandom } from "../testing/random-run.test-support.ts";

const periodMs = 50;
/** Chosen: with it every defect below is found, and the file takes a second. */
const seeds = 60;

/** What is wrong at rest, two periods after the last fault: replicas differ, or an acknowledged write is gone. */
function firstProblem(settings: object, skewUs: number, defect?: string): string | null {
  for (let seed = 0; seed < seeds; seed += 1) {
    const plan = {
      seed,
      nodes: 3,
      settings: { antiEntropyMs: periodMs, ...settings },
      skewUs,
      hasPowerLoss: true,
    };
    const { operations, world } = runAtRandom(defect === undefined ? plan : { ...plan, defect });
    world.route = () => 1_000;
    const startUs = world.nowUs;
    // Two whole periods of every node, and time for the last exchange.
    world.run(3 * periodMs * 1_000);
    const dumps = ["n1", "n2", "n3"].map((id) => world.node(id).dump("k"));
    const texts = new Set(dumps.map((dump) => JSON.stringify(dump)));
    if (texts.size > 1) return `seed ${seed}: ${[...texts].join(" and ")}`;
    const version = dumps[0]?.[0]?.values[0]?.version ?? null;
    const atRest = { f: "get" as const, startUs, endUs: world.nowUs, version, found: null, wrote: null };
    const lost = operations
      .map((operation) => orderViolation([operation, atRest]))
      .find((problem) => problem !== null);
    if (lost !== undefined) return `seed ${seed}: ${lost}`;
  }
  return null;
}

describe("replicas at rest", () => {
  for (const [name, settings] of [
    ["3/1/1", { w: 1, r: 1 }],
    ["3/2/2", {}],
    ["abd", { protocol: "abd" }],
  ] as const) {
    it(`all show the greatest acknowledged version at ${name}, whatever the clocks say`, () => {
      assert.equal(firstProblem(settings, 60_000), null);
    }).timeout(30_000);
  }

  for (const defect of [
    "tombstone-ignored-by-anti-entropy",
    "delete-without-tombstone",
    "older-write-overwrites",
    "recovery-forgets-tail",
  ]) {
    it(`do not with the defect ${defect}`, () => {
      assert.notEqual(firstProblem({ w: 1, r: 1 }, 60_000, defect), null);
    }).timeout(30_000);
  }
});
