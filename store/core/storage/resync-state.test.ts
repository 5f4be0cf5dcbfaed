import assert from "node:assert/strict";
import { FakeWorld } from "../testing/fake-world.test-support.ts";

/** A world in which n1 hears of nobody, so that it cannot resynchronise. */
function worldWithPut(policies: object | string = {}): FakeWorld {
  const world = new FakeWorld(["n1", "n2", "n3"], [{ name: "k", n: 3, w: 1, r: 1 }], policies);
  world.route = () => null;
  world.ask("n1", { f: "put", value: "a" });
  world.run();
  return world;
}

/** The node dies, the last record is damaged, and it starts. */
function tearAndStart(world: FakeWorld): void {
  world.kill("n1");
  world.disk("n1").tearLast();
  world.start("n1");
}

const needsResync = (world: FakeWorld): boolean => world.node("n1").needsResync;

describe("need of resynchronisation", () => {
  it("is not there after a crash, nor after lost power that tore nothing", () => {
    const world = worldWithPut();
    world.kill("n1");
    world.start("n1");
    assert.equal(needsResync(world), false);
    world.ask("n1", { f: "put", value: "b" });
    world.cutPower("n1", false);
    world.start("n1");
    assert.equal(needsResync(world), false);
  });

  it("is there once a torn record was dropped: it may have been an acknowledged one", () => {
    const flipped = worldWithPut();
    tearAndStart(flipped);
    assert.equal(needsResync(flipped), true);
    const torn = worldWithPut();
    torn.ask("n1", { f: "put", value: "b" });
    torn.cutPower("n1", true);
    torn.start("n1");
    assert.equal(needsResync(torn), true);
  });

  it("outlives further crashes, and lost power before it was written down", () => {
    for (const runUs of [0, 1_000]) {
      const world = worldWithPut();
      tearAndStart(world);
      world.run(runUs);
      world.cutPower("n1", false);
      world.start("n1");
      assert.equal(needsResync(world), true, `lost power after ${runUs}`);
      world.kill("n1");
      world.start("n1");
      assert.equal(needsResync(world), true);
    }
  });

  it("outlives snapshots", () => {
    const world = worldWithPut({ recordsBetweenSnapshots: () => 10 });
    tearAndStart(world);
    for (let turn = 0; turn < 25; turn += 1) world.ask("n1", { f: "put", value: `${turn}` });
    world.run();
    assert.ok(world.node("n1").metrics.snapshots > 0);
    world.kill("n1");
    world.start("n1");
    assert.equal(needsResync(world), true);
  });

  it("is overlooked by the defect resync-skipped", () => {
    const world = worldWithPut("resync-skipped");
    tearAndStart(world);
    assert.equal(needsResync(world), false);
    assert.deepEqual(world.node("n1").dump("k"), []);
  });
});
