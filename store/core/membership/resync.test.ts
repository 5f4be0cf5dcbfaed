import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];

/** A world in which n1 and n2 have a value of x, n3 lacks it, and the last record of n1 was damaged. */
function tornWorld(settings: object = {}, defect?: string): FakeWorld {
  const world = new FakeWorld(three, [{ name: "k", ...settings }], defect);
  world.route = (_from, to) => (to === "n3" ? null : 1_000);
  const reply = world.ask("n1", { f: "put", value: "a" });
  world.run();
  assert.deepEqual(valuesOf(reply), []);
  world.kill("n1");
  world.disk("n1").tearLast();
  return world;
}

describe("resynchronisation", () => {
  it("lets a node that dropped a torn record answer no read before it has it back", () => {
    const world = tornWorld();
    world.route = (from, to) => (from === "n2" || to === "n2" ? null : 1_000);
    world.start("n1");
    world.run(1_000_000);
    assert.equal(world.node("n1").needsResync, true);
    assert.deepEqual(world.node("n1").dump("k"), []);
    const early = world.ask("n3", { f: "get" });
    world.run();
    assert.equal(failureOf(early).error, "Timeout");
    const write = world.ask("n3", { f: "put", key: "y", value: "b" });
    world.run();
    assert.deepEqual(valuesOf(write), []);
    world.route = () => 1_000;
    world.run(10_000_000);
    assert.equal(world.node("n1").needsResync, false);
    assert.equal(world.node("n1").metrics.resyncs, 1);
    world.route = (from, to) => (from === "n2" || to === "n2" ? null : 1_000);
    const get = world.ask("n3", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["a"]);
  });

  it("answers stale with the defect resync-answers-early", () => {
    const world = tornWorld({}, "resync-answers-early");
    world.route = (from, to) => (from === "n2" || to === "n2" ? null : 1_000);
    world.start("n1");
    const get = world.ask("n3", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), []);
  });

  for (const settings of [{}, { protocol: "abd" }, { protocol: "caspaxos" }]) {
    const name = JSON.stringify(settings);
    it(`is over by itself where all nodes lost power at once and all logs are torn: ${name}`, () => {
      const world = new FakeWorld(three, [{ name: "k", ...settings }]);
      for (const value of ["a", "b", "c"]) {
        world.ask("n1", { f: "put", value });
        world.run();
      }
      world.syncUs = 1_000_000;
      for (const id of three) world.ask(id, { f: "put", key: "y", value: "under way" });
      world.run(5_000);
      world.syncUs = 100;
      for (const id of three) world.cutPower(id, true);
      for (const id of three) world.start(id);
      const needing = (): readonly boolean[] => three.map((id) => world.node(id).needsResync);
      assert.deepEqual(needing(), [true, true, true]);
      world.run(2_000_000);
      assert.deepEqual(needing(), [false, false, false]);
      const get = world.ask("n2", { f: "get" });
      world.run();
      assert.deepEqual(valuesOf(get), ["c"]);
    });
  }

  it("brings everything back to a node that has lost its disk, when an operator asks for it", () => {
    const world = new FakeWorld(three, [{ name: "k" }]);
    const keys = Array.from({ length: 700 }, (_, number) => `key-${number}`);
    for (const key of keys) world.ask("n1", { f: "put", key, value: key });
    world.run();
    world.ask("n2", { f: "delete", key: "key-3" });
    world.run();
    world.kill("n3");
    world.startJoining("n3");
    assert.deepEqual(world.node("n3").dump("k"), []);
    world.node("n3").resync();
    world.node("n3").resync();
    assert.equal(world.node("n3").needsResync, true);
    world.run(1_000_000);
    assert.equal(world.node("n3").needsResync, false);
    assert.deepEqual(world.node("n3").dump("k"), world.node("n1").dump("k"));
  });

  it("begins again in the next life of a node that died in between", () => {
    const world = tornWorld();
    world.route = (from, to) => (from === "n2" || to === "n2" ? null : 1_000);
    world.start("n1");
    world.run(10_000);
    world.cutPower("n1");
    world.route = () => 1_000;
    world.start("n1");
    assert.equal(world.node("n1").needsResync, true);
    world.run(1_000_000);
    assert.equal(world.node("n1").needsResync, false);
    assert.deepEqual(world.node("n1").dump("k"), world.node("n2").dump("k"));
  });

  it("can do without those who cannot have more copies", () => {
    const five = [...three, "n4", "n5"];
    const world = new FakeWorld(five, [{ name: "k", n: 5, w: 3, r: 3 }]);
    const reply = world.ask("n1", { f: "put", value: "a" });
    world.run();
    assert.deepEqual(valuesOf(reply), []);
    world.kill("n1");
    world.disk("n1").tearLast();
    world.kill("n5");
    world.start("n1");
    world.run(1_000_000);
    assert.equal(world.node("n1").needsResync, false);
    world.kill("n1");
    world.disk("n1").tearLast();
    world.kill("n4");
    world.start("n1");
    world.run(1_000_000);
    assert.equal(world.node("n1").needsResync, true);
  });

  it("gets back what an acceptor has promised", () => {
    const world = new FakeWorld(three, [{ name: "k", protocol: "caspaxos" }]);
    // A proposer that prepares everywhere and then is gone.
    world.route = (_from, _to, { kind }) => (kind === MessageKind.promise ? null : 1_000);
    world.ask("n1", { f: "put", value: "a" });
    world.run(10_000);
    const promised = world.sent.find(({ message }) => message.kind === MessageKind.prepare)?.message.version;
    assert.ok(promised);
    for (const id of ["n1", "n3"]) world.kill(id);
    world.disk("n3").tearLast();
    world.route = () => 1_000;
    for (const id of ["n1", "n3"]) world.start(id);
    world.run(1_000_000);
    assert.equal(world.node("n3").needsResync, false);
    const lower = { ...promised, time: promised.time - 1 };
    const prepare = world.sent.find(({ message }) => message.kind === MessageKind.prepare)?.message;
    assert.ok(prepare);
    world.sent.length = 0;
    world.deliver("n1", "n3", { ...prepare, version: lower });
    world.run();
    assert.deepEqual(
      world.sent.map(({ message }) => [message.kind, message.version]),
      [[MessageKind.prepareRefused, promised]],
    );
  });
});
