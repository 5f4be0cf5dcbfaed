import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];
const settings = (more: object): object[] => [{ name: "k", n: 3, w: 1, r: 1, antiEntropyMs: 100, ...more }];
const isExchange = (kind: number): boolean => kind >= MessageKind.digests;

/** Writes that stay on the node that took them, while only the exchange crosses the network. */
function exchangeOnly(world: FakeWorld): void {
  world.route = (_from, _to, message) => (isExchange(message.kind) ? 1_000 : null);
}

describe("anti-entropy", () => {
  it("brings every write to every replica within two periods", () => {
    const world = new FakeWorld(three, settings({}));
    exchangeOnly(world);
    three.forEach((id, index) => {
      world.ask(id, { f: "put", key: `only-on-${id}`, value: id });
      world.ask(id, { f: "put", key: "shared", value: `from ${id} at ${index}` });
      world.run(100);
    });
    world.run(200_000);
    const [first, ...others] = three.map((id) => world.node(id).dump("k"));
    assert.equal(first?.length, 4);
    for (const other of others) assert.deepEqual(other, first);
    assert.equal(first?.find(({ key }) => key === "shared")?.values[0]?.value, "from n3 at 2");
  });

  it("is silent about what both hold, apart from digests", () => {
    const world = new FakeWorld(three, settings({}));
    world.ask("n1", { f: "put", value: "a" });
    world.run(50_000);
    world.sent.length = 0;
    world.run(120_000);
    const kinds = world.sent.map(({ message }) => message.kind);
    assert.deepEqual(
      kinds,
      kinds.map(() => MessageKind.digests),
    );
    assert.equal(kinds.length, 6);
  });

  it("carries tombstones, so that a delete reaches a replica that was away", () => {
    const world = new FakeWorld(three, settings({}));
    world.ask("n1", { f: "put", value: "a" });
    world.run(10_000);
    exchangeOnly(world);
    world.ask("n1", { f: "delete" });
    world.run(200_000);
    for (const id of three) {
      assert.equal(world.node(id).tombstones("k"), 1, id);
      assert.deepEqual(valuesOf(world.ask(id, { f: "get" })), [], id);
    }
  });

  it("brings physically deleted data back from a replica that was away", () => {
    const world = new FakeWorld(three, settings({ deletes: { kind: "physical" } }));
    world.ask("n1", { f: "put", value: "a" });
    world.run(10_000);
    exchangeOnly(world);
    world.ask("n1", { f: "delete" });
    world.run(10_000);
    assert.deepEqual(world.node("n1").dump("k"), []);
    world.run(200_000);
    assert.deepEqual(valuesOf(world.ask("n1", { f: "get" })), ["a"]);
  });

  it("offers nothing that is not synced", () => {
    const world = new FakeWorld(three, settings({}));
    exchangeOnly(world);
    world.syncUs = 10_000_000;
    world.ask("n1", { f: "put", value: "a" });
    world.run(250_000);
    assert.equal(world.sent.filter(({ message }) => isExchange(message.kind)).length, 0);
  });

  it("splits what one message cannot hold, and gives each part a fate of its own", () => {
    const world = new FakeWorld(three, settings({}));
    world.route = () => null;
    for (let key = 0; key < 300; key += 1)
      world.ask("n1", { f: "put", key: `key-${key}`, value: "v".repeat(2_000) });
    world.run(10_000);
    exchangeOnly(world);
    world.run(250_000);
    assert.equal(world.node("n2").dump("k").length, 300);
    const toPeer = world.sent.filter(
      ({ from, to, message }) => from === "n1" && to === "n2" && isExchange(message.kind),
    );
    const names = toPeer.map(({ message }) => `${message.kind} ${message.cause} ${message.attempt}`);
    assert.equal(new Set(names).size, names.length);
    assert.ok(toPeer.filter(({ message }) => message.kind === MessageKind.entries).length > 2);
  });

  it("names its causes above those of operations", () => {
    const world = new FakeWorld(three, settings({}));
    world.ask("n1", { f: "put", value: "a" });
    world.run(250_000);
    const causes = world.sent
      .filter(({ message }) => isExchange(message.kind))
      .map(({ message }) => message.cause);
    assert.ok(causes.length > 0);
    assert.ok(causes.every((cause) => cause >= 0x2000_0000 && cause < 0x4000_0000));
  });

  it("is broken by a defect that leaves tombstones out", () => {
    const world = new FakeWorld(three, settings({}), "tombstone-ignored-by-anti-entropy");
    world.ask("n1", { f: "put", value: "a" });
    world.run(10_000);
    exchangeOnly(world);
    world.ask("n1", { f: "delete" });
    world.run(250_000);
    assert.equal(world.node("n2").dump("k")[0]?.values[0]?.value, "a");
  });
});
