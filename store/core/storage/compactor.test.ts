import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { valuesOf } from "../testing/replies.test-support.ts";

const alone = [{ name: "k", n: 1, w: 1, r: 1 }];
const often = (count: number): object => ({ recordsBetweenSnapshots: () => count });

/** A world of one node that has stored so many keys. */
function worldWith(keys: number, policies: object): FakeWorld {
  const world = new FakeWorld(["n1"], alone, policies);
  for (let key = 0; key < keys; key += 1) world.ask("n1", { f: "put", key: `key${key}`, value: "old" });
  world.run(150);
  return world;
}

function foundBy(world: FakeWorld, key: string): string | undefined {
  return valuesOf(world.ask("n1", { f: "get", key }))[0];
}

/** Crashes in the middle of a snapshot and checks every key. Whether the snapshot had been installed by then. */
function crashAt(atUs: number, isPowerLoss: boolean): boolean {
  // The 601st record is due; three chunks of the 600 keys follow, a millisecond apart.
  const world = worldWith(600, often(601));
  const acked = new Map<string, string>();
  const write = (turn: number): void => {
    const key = `key${(turn * 37) % 620}`;
    world.ask("n1", { f: "put", key, value: `${turn}` }, () => acked.set(key, `${turn}`));
    world.later(40, () => write(turn + 1));
  };
  write(0);
  world.run(atUs);
  const isInstalled = snapshots(world) > 0;
  if (isPowerLoss) world.cutPower("n1", true);
  else world.kill("n1");
  world.start("n1");
  for (let key = 0; key < 600; key += 1) {
    const found = foundBy(world, `key${key}`);
    const known = acked.get(`key${key}`) ?? "old";
    // What was written later, and not acknowledged, may have been kept as well.
    const isKept = found === known || Number(found) > (Number(known) || -1);
    assert.ok(isKept, `key${key} is ${found} after ${atUs}, acknowledged ${known}`);
  }
  return isInstalled;
}

/** A node, and what was written and acknowledged. */
class RememberedRun {
  readonly #world = new FakeWorld(["n1"], alone, often(5));
  /** What was written to each key, in order; undefined for deletes. */
  readonly #written = new Map<string, (string | undefined)[]>();
  /** How many of those are sure to be there. */
  readonly #acked = new Map<string, number>();
  #turn = 0;

  write(f: "put" | "delete", key: string, waitUs: number): void {
    this.#turn += 1;
    const value = f === "put" ? `${this.#turn}` : undefined;
    const written = this.#written.get(key) ?? [undefined];
    written.push(value);
    this.#written.set(key, written);
    const count = written.length;
    this.#world.ask("n1", { f, key, value: value ?? null }, (reply) => {
      if (reply.kind === "ok") this.#acked.set(key, count);
    });
    this.#world.run(waitUs);
  }

  crash(isPowerLoss: boolean): void {
    if (isPowerLoss) this.#world.cutPower("n1", true);
    else this.#world.kill("n1");
    this.#world.start("n1");
    for (const [key, written] of this.#written) {
      const found = foundBy(this.#world, key);
      const allowed = written.slice((this.#acked.get(key) ?? 1) - 1);
      assert.ok(allowed.includes(found), `${key} is ${found}, not one of ${allowed.join(", ")}`);
    }
  }
}

const snapshots = (world: FakeWorld): number => world.node("n1").metrics.snapshots;

describe("compactor", () => {
  it("keeps the log of a long-running node bounded, and what it is recovered to", () => {
    const world = new FakeWorld(["n1"], alone);
    const expected = new Map<string, string>();
    let largest = 0;
    for (let turn = 0; turn < 40_000; turn += 1) {
      const key = `key${(turn * 7) % 100}`;
      world.ask("n1", { f: "put", key, value: `v${turn}`, timeoutUs: 1_000 });
      expected.set(key, `v${turn}`);
      if (turn % 10 === 0) world.run(150);
      largest = Math.max(largest, world.disk("n1").size);
    }
    world.run();
    assert.equal(snapshots(world), 4);
    assert.ok(largest < 8_192 + 300, `${largest} records`);
    world.cutPower("n1");
    world.start("n1");
    for (const [key, value] of expected) assert.equal(foundBy(world, key), value);
  });

  it("costs a short-lived node nothing", () => {
    const world = worldWith(2_000, {});
    world.run();
    assert.deepEqual([snapshots(world), world.disk("n1").size], [0, 2_000]);
  });

  it("takes over where an earlier life has left much behind", () => {
    const world = new FakeWorld(["n1"], alone, often(100));
    for (let life = 0; life < 30; life += 1) {
      for (let turn = 0; turn < 40; turn += 1)
        world.ask("n1", { f: "put", key: `key${turn % 4}`, value: `${life}` });
      world.run();
      assert.ok(world.disk("n1").size <= 200, `${world.disk("n1").size} records in life ${life}`);
      world.kill("n1");
      world.start("n1");
    }
    assert.equal(foundBy(world, "key3"), "29");
  });

  for (const isPowerLoss of [false, true]) {
    const what = isPowerLoss ? "lost power" : "crash";
    it(`recovers everything acknowledged from a ${what} at any point of a snapshot in several chunks`, () => {
      const installed = Array.from({ length: 41 }, (_, point) => crashAt(100 * point, isPowerLoss)).filter(
        Boolean,
      );
      assert.ok(
        installed.length > 3 && installed.length < 30,
        "crashes before and after the end of the snapshot",
      );
    });
  }

  it("drops nothing while the disk fails, and tries again", () => {
    const world = worldWith(50, often(51));
    world.ask("n1", { f: "put", key: "key1", value: "new" });
    world.run(500);
    world.disk("n1").isFull = true;
    world.run(5_000_000);
    assert.deepEqual([snapshots(world), world.disk("n1").size], [0, 51]);
    world.disk("n1").isFull = false;
    world.run(10_000_000);
    assert.deepEqual([snapshots(world), world.disk("n1").size], [1, 50]);
    world.cutPower("n1");
    world.start("n1");
    assert.deepEqual([foundBy(world, "key1"), foundBy(world, "key2")], ["new", "old"]);
  });

  it("waits while the disk is far behind", () => {
    const world = worldWith(50, often(51));
    world.disk("n1").backlog = 5 * 1_024 * 1_024;
    world.ask("n1", { f: "put", key: "key1", value: "new" });
    world.run(1_000_000);
    assert.equal(snapshots(world), 0);
    world.disk("n1").backlog = 0;
    world.run(5_000);
    assert.equal(snapshots(world), 1);
  });

  it("forgets nothing over random work, snapshots, crashes and lost power", () => {
    const crash = fc.constantFrom(null, null, null, null, null, null, "kill" as const, "power" as const);
    const f = fc.constantFrom("put" as const, "put" as const, "delete" as const);
    const step = fc.record({ f, key: fc.constantFrom("a", "b", "c"), waitUs: fc.nat(400), crash });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const run = new RememberedRun();
        for (const { f: what, key, waitUs, crash: how } of steps) {
          run.write(what, key, waitUs);
          if (how !== null) run.crash(how === "power");
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});

describe("planted defects of snapshots", () => {
  it("bring deleted data back where tombstones are left out", () => {
    const world = new FakeWorld(["n1"], alone, "snapshot-forgets-tombstones");
    world.ask("n1", { f: "delete" });
    for (let turn = 0; turn < 6; turn += 1) world.ask("n1", { f: "put", key: `key${turn}`, value: "v" });
    world.run();
    assert.equal(world.node("n1").tombstones("k"), 1);
    world.kill("n1");
    world.start("n1");
    assert.equal(world.node("n1").tombstones("k"), 0);
  });

  for (const defect of ["snapshot-before-sync", "log-truncated-too-early"]) {
    it(`lose acknowledged writes (${defect})`, () => {
      const world = new FakeWorld(["n1"], alone, defect);
      const puts = Array.from({ length: 9 }, (_, turn) =>
        world.ask("n1", { f: "put", key: `key${turn}`, value: "v" }),
      );
      world.run();
      for (const put of puts) assert.deepEqual(valuesOf(put), []);
      assert.equal(world.node("n1").dump("k").length, 9);
      world.kill("n1");
      world.start("n1");
      assert.ok(world.node("n1").dump("k").length < 9);
    });
  }
});
