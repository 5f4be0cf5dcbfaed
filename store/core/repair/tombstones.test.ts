import assert from "node:assert/strict";
import type { NotedVersion } from "../runtime.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];
const settings = (kind: string, more: object = {}): object[] => [
  { name: "k", n: 3, w: 2, r: 2, deletes: { kind }, ...more },
];

/** S1's scenario: n3 is away during the delete, and a read with repair meets it afterwards. */
function deleteWithoutThird(kind: string): FakeWorld {
  const world = new FakeWorld(three, settings(kind, { read: "repair-async" }));
  world.ask("n1", { f: "put", value: "a" });
  world.run();
  world.route = (from, to) => (from === "n3" || to === "n3" ? null : 1_000);
  world.ask("n1", { f: "delete" });
  world.run();
  assert.deepEqual(valuesOf(world.ask("n1", { f: "get", r: 1 })), []);
  world.route = () => 1_000;
  world.ask("n3", { f: "get" });
  world.run();
  return world;
}

describe("deletes", () => {
  it("leave a tombstone that repairs a replica that was away", () => {
    const world = deleteWithoutThird("forever");
    for (const id of three) assert.equal(world.node(id).tombstones("k"), 1, id);
  });

  it("bring data back when they are physical", () => {
    const world = deleteWithoutThird("physical");
    for (const id of three) assert.deepEqual(valuesOf(world.ask(id, { f: "get", r: 1 })), ["a"], id);
  });

  it("erase on every replica when they are physical, and stay erased over a restart", () => {
    const world = new FakeWorld(three, settings("physical"));
    world.ask("n1", { f: "put", value: "a" });
    world.run();
    world.ask("n2", { f: "delete" });
    world.run();
    for (const id of three) {
      assert.deepEqual(world.node(id).dump("k"), [], id);
      world.cutPower(id);
      world.start(id);
      assert.deepEqual(world.node(id).dump("k"), [], id);
    }
  });

  it("do not erase a newer value", () => {
    const world = new FakeWorld(three, settings("physical"));
    world.skewUs.set("n1", 1_000_000);
    world.ask("n1", { f: "put", value: "fast" });
    world.run();
    world.ask("n2", { f: "delete" });
    world.run();
    const get = world.ask("n3", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["fast"]);
  });

  it("are told to the listener, each for what it is", () => {
    const heard: string[] = [];
    const world = new FakeWorld(three, settings("physical", { w: 1, r: 1 }));
    world.notes = {
      note(
        what: string,
        _keyspace: string,
        _key: string,
        subject: NotedVersion,
        holds: NotedVersion | null,
      ): void {
        const shown = subject.deleted ? "tombstone" : (subject.value ?? "nothing");
        heard.push(`${what} ${shown}, holds ${holds === null ? "-" : (holds.value ?? "nothing")}`);
      },
    };
    world.route = () => null;
    world.cutPower("n1");
    world.start("n1");
    world.ask("n1", { f: "put", value: "a" });
    world.run();
    world.ask("n1", { f: "delete" });
    world.run();
    world.ask("n1", { f: "get" });
    world.ask("n1", { f: "put", value: "b" });
    world.run();
    world.cutPower("n1");
    world.start("n1");
    assert.deepEqual(heard, [
      "minted a, holds -",
      "stored a, holds a",
      "minted tombstone, holds -",
      "erased tombstone, holds nothing",
      "answered nothing, holds -",
      "minted b, holds -",
      "stored b, holds b",
      "recovered b, holds b",
    ]);
  });
});
