import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];
const keyspace = (settings: object): object[] => [{ name: "k", n: 3, w: 2, r: 2, ...settings }];

describe("put and get coordinators", () => {
  it("store a value on all replicas and read it from any node", () => {
    const world = new FakeWorld([...three, "n4", "n5"], keyspace({}));
    const put = world.ask("n1", { f: "put", value: "a" });
    world.run();
    assert.equal(put.length, 1);
    assert.deepEqual(valuesOf(put), []);
    for (const id of [...three, "n4", "n5"]) {
      const get = world.ask(id, { f: "get" });
      world.run();
      assert.deepEqual(valuesOf(get), ["a"], id);
    }
    const holders = [...three, "n4", "n5"].filter((id) => world.node(id).dump("k").length > 0);
    assert.equal(holders.length, 3);
  });

  it("answer a write at the w-th acknowledgement, not before", () => {
    const world = new FakeWorld(three, keyspace({ w: 3 }));
    world.route = (_from, to, message) =>
      message.kind === MessageKind.writeRequest && to === "n3" ? 20_000 : 1_000;
    const put = world.ask("n1", { f: "put", value: "a" });
    world.run(20_000);
    assert.equal(put.length, 0);
    world.run(2_000);
    assert.deepEqual(valuesOf(put), []);
  });

  it("count a doubled acknowledgement once", () => {
    const world = new FakeWorld(three, keyspace({ w: 3 }));
    world.route = (from, to) => (from === "n3" || to === "n3" ? null : 1_000);
    const put = world.ask("n1", { f: "put", value: "a" });
    world.run(5_000);
    const ack = world.sent.find(({ message }) => message.kind === MessageKind.writeAck);
    assert.ok(ack);
    world.deliver("n2", "n1", ack.message);
    world.deliver("n2", "n1", ack.message);
    assert.equal(put.length, 0);
    world.run();
    const { error, got, indeterminate, needed } = failureOf(put);
    assert.deepEqual([error, needed, got, indeterminate], ["Timeout", 3, 2, true]);
  });

  it("fail a write early once too few replicas can still store it", () => {
    const world = new FakeWorld(three, keyspace({}));
    world.disk("n2").isBroken = true;
    world.disk("n3").isBroken = true;
    const put = world.ask("n1", { f: "put", value: "a" });
    world.run(10_000);
    const { error, got, indeterminate, needed } = failureOf(put);
    assert.deepEqual([error, needed, got, indeterminate], ["QuorumNotMet", 2, 1, true]);
    assert.deepEqual(
      three.map((id) => world.node(id).metrics.diskFailures),
      [0, 1, 1],
    );
  });

  it("call a read that found no quorum determinate", () => {
    const world = new FakeWorld(three, keyspace({}));
    world.route = () => null;
    const get = world.ask("n1", { f: "get" });
    world.run();
    const { error, indeterminate } = failureOf(get);
    assert.deepEqual([error, indeterminate], ["Timeout", false]);
  });

  it("ignore acknowledgements that an earlier life of the coordinator asked for", () => {
    const world = new FakeWorld(three, keyspace({ w: 2 }));
    world.route = (_from, to, message) =>
      message.kind === MessageKind.writeAck ? 30_000 : to === "n2" ? 1_000 : null;
    world.ask("n1", { f: "put", value: "a" });
    world.run(5_000);
    world.cutPower("n1");
    world.start("n1");
    world.route = () => null;
    const put = world.ask("n1", { f: "put", value: "b" });
    world.run(40_000);
    assert.equal(put.length, 0);
    assert.equal(world.node("n1").metrics.lateAnswers, 1);
    world.run();
    assert.equal(failureOf(put).error, "Timeout");
  });

  it("answer a repeated write once more and do not apply it again", () => {
    const world = new FakeWorld(three, keyspace({}));
    const first = world.ask("n1", { f: "put", value: "a", requestId: "same" });
    const meanwhile = world.ask("n1", { f: "put", value: "a", requestId: "same" });
    world.run();
    world.ask("n2", { f: "put", value: "b" });
    world.run();
    const later = world.ask("n1", { f: "put", value: "a", requestId: "same" });
    assert.equal(first[0], meanwhile[0]);
    assert.equal(first[0], later[0]);
    const get = world.ask("n3", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["b"]);
  });

  it("take w and r of the request before those of the keyspace", () => {
    const world = new FakeWorld(three, keyspace({}));
    world.route = () => null;
    const put = world.ask("n1", { f: "put", value: "a", w: 1 });
    const tooMany = world.ask("n1", { f: "put", value: "a", w: 4 });
    world.run(1_000);
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(valuesOf(world.ask("n1", { f: "get", r: 1 })), ["a"]);
    const { error, message } = failureOf(tooMany);
    assert.equal(error, "BadRequest");
    assert.equal(message, 'w is 4; keyspace "k" has n = 3, so give 1 to 3');
  });

  it("refuse what cannot be carried out, with what would be right", () => {
    const world = new FakeWorld(three, keyspace({}));
    const wrong = [
      { f: "get", keyspace: "other" },
      { f: "get", key: "" },
      { f: "get", key: "x".repeat(1_025) },
      { f: "put" },
      { f: "put", value: "x".repeat(1_048_577) },
      { f: "cas", value: "x" },
      { f: "get", timeoutUs: 0 },
      { f: "get", r: 0 },
      { f: "get", consistency: "MOST" },
      { f: "get", context: "abc" },
      { f: "put", value: "x", clientStampUs: 1 },
    ] as const;
    const replies = wrong.map((request) => failureOf(world.ask("n1", request)));
    assert.deepEqual(
      replies.map((reply) => reply.error),
      ["UnknownKeyspace", ...wrong.slice(1).map(() => "BadRequest")],
    );
    assert.ok(replies.every((reply) => !reply.indeterminate));
    assert.equal(world.sent.length, 0);
  });

  it("let the greater timestamp win, whatever came first", () => {
    const world = new FakeWorld(three, keyspace({}));
    world.skewUs.set("n2", 60_000_000);
    world.ask("n2", { f: "put", value: "fast" });
    world.run();
    world.ask("n1", { f: "put", value: "later" });
    world.run();
    const get = world.ask("n3", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["fast"]);
  });

  it("neither show nor acknowledge what is not synced", () => {
    const world = new FakeWorld(three, keyspace({ w: 1, r: 1 }));
    world.syncUs = 10_000;
    world.route = () => null;
    const put = world.ask("n1", { f: "put", value: "a" });
    world.run(9_000);
    assert.equal(put.length, 0);
    assert.deepEqual(valuesOf(world.ask("n1", { f: "get" })), []);
    assert.deepEqual(world.node("n1").dump("k"), []);
    world.run(2_000);
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(valuesOf(world.ask("n1", { f: "get" })), ["a"]);
  });

  it("acknowledge at once without fsync, and lose it with the power", () => {
    const world = new FakeWorld(three, keyspace({ w: 1, r: 1, fsync: "never" }));
    world.route = () => null;
    assert.deepEqual(valuesOf(world.ask("n1", { f: "put", value: "a" })), []);
    assert.deepEqual(valuesOf(world.ask("n1", { f: "get" })), ["a"]);
    world.cutPower("n1");
    world.start("n1");
    assert.deepEqual(valuesOf(world.ask("n1", { f: "get" })), []);
  });

  it("sync every so often where the keyspace says so", () => {
    const world = new FakeWorld(three, keyspace({ w: 1, r: 1, fsync: { everyMs: 10 } }));
    world.route = () => null;
    world.ask("n1", { f: "put", value: "a" });
    world.run(11_000);
    world.ask("n1", { f: "put", value: "b" });
    world.cutPower("n1");
    world.start("n1");
    assert.deepEqual(valuesOf(world.ask("n1", { f: "get" })), ["a"]);
  });

  it("find everything again after a restart", () => {
    const world = new FakeWorld(three, keyspace({}));
    world.ask("n1", { f: "put", value: "a" });
    world.run();
    world.ask("n2", { f: "put", value: "b" });
    world.run();
    const before = world.node("n3").dump("k");
    world.cutPower("n3");
    world.start("n3");
    assert.equal(before.length, 1);
    assert.deepEqual(world.node("n3").dump("k"), before);
  });

  it("refuse requests above the bound at once", () => {
    const world = new FakeWorld(three, keyspace({}));
    world.route = () => null;
    for (let count = 0; count < 10_000; count += 1) world.ask("n1", { f: "get" });
    const { error, indeterminate } = failureOf(world.ask("n1", { f: "get" }));
    assert.deepEqual([error, indeterminate], ["Overloaded", false]);
  });
});
