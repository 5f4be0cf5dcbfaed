import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { headOf } from "../versions/version.ts";

const three = ["n1", "n2", "n3"];
const settings = (deletes: object): object[] => [
  { name: "k", n: 3, w: 2, r: 2, antiEntropyMs: 50, deletes: { kind: "grace", ...deletes } },
];

/** The value that each node shows, null where it holds a tombstone, "-" where it holds nothing. */
function shownBy(world: FakeWorld): readonly (string | null)[] {
  return three.map((id) => {
    const [dumped] = world.node(id).dump("k");
    return dumped === undefined ? "-" : (dumped.values[0]?.value ?? null);
  });
}

function collected(world: FakeWorld): readonly number[] {
  return three.map((id) => world.node(id).metrics.tombstonesCollected);
}

/** D3 and D4: n3 is away from the delete on, for so long. What all show when it has been back for a while. */
function afterOutage(deletes: object, outageMs: number, defect?: string): FakeWorld {
  const world = new FakeWorld(three, settings(deletes), defect);
  world.ask("n1", { f: "put", value: "a" });
  world.run(10_000);
  world.route = (from, to) => (from === "n3" || to === "n3" ? null : 1_000);
  world.ask("n1", { f: "delete" });
  world.run(outageMs * 1_000);
  world.route = () => 1_000;
  world.run(150_000);
  return world;
}

/** D4: n3 hears of the write 1 s late, when its tombstone has come and gone. */
function afterLateWrite(deletes: object, defect?: string): FakeWorld {
  const world = new FakeWorld(three, settings(deletes), defect);
  world.route = (_from, to, { kind, state }) =>
    to === "n3" && kind === MessageKind.writeRequest && headOf(state)?.value === "a" ? 1_000_000 : 1_000;
  world.ask("n1", { f: "put", value: "a" });
  world.run(10_000);
  world.ask("n1", { f: "delete" });
  world.run(800_000);
  assert.deepEqual(shownBy(world), ["-", "-", "-"]);
  world.run(400_000);
  return world;
}

describe("tombstones with a grace", () => {
  it("are collected once they are old, and the keys are gone for good", () => {
    const world = afterOutage({ graceMs: 400 }, 20);
    assert.deepEqual(shownBy(world), [null, null, null]);
    world.run(400_000);
    assert.deepEqual(shownBy(world), ["-", "-", "-"]);
    assert.deepEqual(
      three.map((id) => world.node(id).tombstones("k")),
      [0, 0, 0],
    );
    assert.ok(collected(world).every((count) => count >= 1));
    for (const id of three) {
      world.cutPower(id);
      world.start(id);
    }
    world.run(300_000);
    assert.deepEqual(shownBy(world), ["-", "-", "-"]);
  });

  it("bring data back where the outage is longer (D3)", () => {
    const world = afterOutage({ graceMs: 100 }, 400);
    assert.deepEqual(shownBy(world), ["a", "a", "a"]);
  });

  it("do not where every replica is repaired within the grace (D4)", () => {
    const world = afterOutage({ graceMs: 1_000 }, 400);
    assert.deepEqual(shownBy(world), [null, null, null]);
    world.run(1_500_000);
    assert.deepEqual(shownBy(world), ["-", "-", "-"]);
  });

  it("bring data back where a write is under way for longer, unless replicas refuse what is so old (D4)", () => {
    assert.deepEqual(shownBy(afterLateWrite({ graceMs: 400 })), ["a", "a", "a"]);
    const refusing = afterLateWrite({ graceMs: 400, refuseOlderMs: 200 });
    assert.deepEqual(shownBy(refusing), ["-", "-", "-"]);
    assert.equal(refusing.node("n3").metrics.oldWritesRefused, 1);
    assert.deepEqual(shownBy(afterLateWrite({ graceMs: 400, refuseOlderMs: 200 }, "refusal-skipped")), [
      "a",
      "a",
      "a",
    ]);
  });

  it("go too early where the grace is read in the wrong unit", () => {
    const world = afterOutage({ graceMs: 1_000 }, 400, "grace-read-as-microseconds");
    assert.deepEqual(shownBy(world), ["a", "a", "a"]);
  });

  it("are taken by a replica that holds something older, whatever it refuses", () => {
    const world = afterOutage({ graceMs: 5_000, refuseOlderMs: 100 }, 400);
    assert.deepEqual(shownBy(world), [null, null, null]);
  });

  it("do not take along a newer write that waits for the disk", () => {
    const world = new FakeWorld(
      ["n1"],
      [{ name: "k", n: 1, w: 1, r: 1, deletes: { kind: "grace", graceMs: 100 } }],
    );
    world.ask("n1", { f: "delete" });
    // The grace is over at the look after 125 ms.
    world.run(124_000);
    world.syncUs = 5_000;
    const put = world.ask("n1", { f: "put", value: "newer" });
    world.run(3_000);
    assert.equal(put.length, 0);
    assert.equal(world.node("n1").metrics.tombstonesCollected, 1);
    world.run(10_000);
    assert.equal(put[0]?.kind, "ok");
    world.cutPower("n1");
    world.start("n1");
    assert.equal(world.node("n1").dump("k")[0]?.values[0]?.value, "newer");
  });
});
