import assert from "node:assert/strict";
import { MessageKind, mostAttempts } from "../messages.ts";
import type { Route } from "../testing/fake-world.test-support.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { headOf } from "../versions/version.ts";

const three = ["n1", "n2", "n3"];
const purges: readonly number[] = [
  MessageKind.tombstoneQuery,
  MessageKind.tombstoneKnown,
  MessageKind.tombstonePurge,
  MessageKind.tombstonePurged,
];

const settings = (deletes: object, more: object): object[] => [
  { name: "k", n: 3, w: 2, r: 2, antiEntropyMs: 50, deletes: { kind: "purge", ...deletes }, ...more },
];

/** The value that each node shows, null where it holds a tombstone, "-" where it holds nothing. */
function shownBy(world: FakeWorld): readonly (string | null)[] {
  return three.map((id) => {
    const [dumped] = world.node(id).dump("k");
    return dumped === undefined ? "-" : (dumped.values[0]?.value ?? null);
  });
}

const away =
  (id: string): Route =>
  (from, to) =>
    from === id || to === id ? null : 1_000;

function deleted(deletes: object, defect?: string, more: object = {}): FakeWorld {
  const world = new FakeWorld(three, settings(deletes, more), defect);
  world.ask("n1", { f: "put", value: "a" });
  world.run(10_000);
  world.ask("n1", { f: "delete" });
  return world;
}

/** D5: a replica is away from the delete on, for so long. */
function afterOutage(id: string, deletes: object, outageMs: number, defect?: string): FakeWorld {
  const world = new FakeWorld(three, settings(deletes, {}), defect);
  world.ask("n1", { f: "put", value: "a" });
  world.run(10_000);
  world.route = away(id);
  world.ask(id === "n1" ? "n2" : "n1", { f: "delete" });
  world.run(outageMs * 1_000);
  return world;
}

/** D5 and D5b: n3 hears of the write so late that its tombstone has come and perhaps gone. */
function afterLateWrite(deletes: object, lateMs: number, defect?: string): FakeWorld {
  const world = new FakeWorld(three, settings(deletes, {}), defect);
  world.route = (_from, to, { kind, state }) =>
    to === "n3" && kind === MessageKind.writeRequest && headOf(state)?.value === "a" ? lateMs * 1_000 : 1_000;
  world.ask("n1", { f: "put", value: "a" });
  world.run(10_000);
  world.ask("n1", { f: "delete" });
  world.run(lateMs * 1_000 + 400_000);
  return world;
}

describe("tombstones that are purged", () => {
  for (const deletes of [{}, { refuseOlderMs: 200 }]) {
    it(`are gone from all replicas soon after all have them, with ${JSON.stringify(deletes)}`, () => {
      const world = deleted(deletes);
      world.run(30_000);
      assert.deepEqual(shownBy(world), [null, null, null]);
      world.run(400_000);
      assert.deepEqual(shownBy(world), ["-", "-", "-"]);
      assert.deepEqual(
        three.map((id) => world.node(id).metrics.tombstonesPurged),
        [1, 1, 1],
      );
      world.sent.length = 0;
      world.run(1_000_000);
      assert.deepEqual(shownBy(world), ["-", "-", "-"]);
      assert.ok(world.sent.every(({ message }) => !purges.includes(message.kind)));
    });
  }

  for (const id of three) {
    it(`stay while ${id} is away, however long, and go when it is back (D5)`, () => {
      const world = afterOutage(id, { refuseOlderMs: 200 }, 1_000);
      assert.deepEqual(
        three.map((node) => (node === id ? "away" : world.node(node).tombstones("k"))),
        three.map((node) => (node === id ? "away" : 1)),
      );
      world.route = () => 1_000;
      world.run(400_000);
      assert.deepEqual(shownBy(world), ["-", "-", "-"]);
    });
  }

  it("do not bring back what was under way for long, because it is refused (D5)", () => {
    const world = afterLateWrite({ refuseOlderMs: 200 }, 1_000);
    assert.deepEqual(shownBy(world), ["-", "-", "-"]);
    assert.equal(world.node("n3").metrics.oldWritesRefused, 1);
  });

  it("bring it back where they are purged at once and nothing is refused (D5b)", () => {
    assert.deepEqual(shownBy(afterLateWrite({}, 1_000)), ["a", "a", "a"]);
  });

  it("are not purged where a newer value came meanwhile", () => {
    const world = deleted({ refuseOlderMs: 200 });
    world.run(150_000);
    world.ask("n2", { f: "put", value: "b" });
    world.run(1_000_000);
    assert.deepEqual(shownBy(world), ["b", "b", "b"]);
  });

  it("are purged although messages are lost and doubled, and nodes lose their power", () => {
    const world = new FakeWorld(three, settings({ refuseOlderMs: 200 }, {}));
    for (let key = 0; key < 20; key += 1) world.ask("n1", { f: "put", key: `key-${key}`, value: "a" });
    world.run(10_000);
    for (let key = 0; key < 20; key += 1) world.ask("n2", { f: "delete", key: `key-${key}` });
    let draws = 0;
    world.route = (from, to, message) => {
      draws += 1;
      if (draws % 3 === 0) return null;
      if (draws % 4 === 0) world.later(30_000, () => world.deliver(from, to, message));
      return 500 + (draws % 7) * 2_000;
    };
    for (const id of [...three, ...three]) {
      world.run(130_000);
      world.cutPower(id);
      world.run(20_000);
      world.start(id);
    }
    world.run(2_000_000);
    for (const id of three) assert.deepEqual(world.node(id).dump("k"), [], id);
    assert.ok(world.sent.every(({ message }) => message.attempt < mostAttempts));
  });

  it("are purged again where a power loss brings one back, and not taken by those who purged them", () => {
    for (const id of three) {
      const world = deleted({ refuseOlderMs: 200 });
      world.run(50_000);
      // What is forgotten is forgotten without a sync, so the power loss undoes it.
      while (shownBy(world).some((shown) => shown !== "-")) world.run(1_000);
      world.cutPower(id);
      world.start(id);
      assert.equal(world.node(id).tombstones("k"), 1);
      const others = three.filter((other) => other !== id);
      for (let step = 0; step < 20; step += 1) {
        world.run(10_000);
        for (const other of others) assert.deepEqual(world.node(other).dump("k"), [], other);
      }
      world.run(2_000_000);
      assert.deepEqual(shownBy(world), ["-", "-", "-"]);
    }
  });

  it("give each message a fate of its own", () => {
    const world = new FakeWorld(three, settings({ refuseOlderMs: 100 }, {}));
    for (let key = 0; key < 300; key += 1) world.ask("n1", { f: "put", key: `key-${key}`, value: "a" });
    world.run(10_000);
    for (let key = 0; key < 300; key += 1) world.ask("n1", { f: "delete", key: `key-${key}` });
    world.run(20_000);
    world.sent.length = 0;
    world.run(500_000);
    for (const id of three) assert.deepEqual(world.node(id).dump("k"), [], id);
    const names = world.sent
      .filter(({ message }) => purges.includes(message.kind))
      .map(({ from, to, message: { kind, cause, attempt } }) => `${from} ${to} ${kind} ${cause} ${attempt}`);
    assert.ok(names.length >= 300 * 8);
    assert.equal(new Set(names).size, names.length);
  });

  it("bring data back with the planted defects", () => {
    assert.deepEqual(shownBy(afterLateWrite({ refuseOlderMs: 1_000 }, 500)), [null, null, null]);
    assert.deepEqual(shownBy(afterLateWrite({ refuseOlderMs: 1_000 }, 500, "purge-at-once")), [
      "a",
      "a",
      "a",
    ]);
    assert.deepEqual(shownBy(afterLateWrite({ refuseOlderMs: 200 }, 1_000, "refusal-skipped")), [
      "a",
      "a",
      "a",
    ]);
    const partial = afterOutage("n3", {}, 1_000, "purge-without-all-replicas");
    partial.route = () => 1_000;
    partial.run(400_000);
    assert.deepEqual(shownBy(partial), ["a", "a", "a"]);
  });

  for (const [defect, shown] of [
    [undefined, "-"],
    ["purge-before-peer-synced", "a"],
  ] as const) {
    it(`show ${shown} after a disk that did not take them, with ${defect ?? "no defect"}`, () => {
      const world = new FakeWorld(three, settings({}, {}), defect);
      world.ask("n1", { f: "put", value: "a" });
      world.run(10_000);
      world.disk("n3").isBroken = true;
      world.ask("n1", { f: "delete" });
      world.run(400_000);
      world.cutPower("n3");
      world.disk("n3").isBroken = false;
      world.start("n3");
      world.run(600_000);
      assert.deepEqual(shownBy(world), [shown, shown, shown]);
    });
  }
});
