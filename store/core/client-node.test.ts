import assert from "node:assert/strict";
import { MessageKind } from "./messages.ts";
import { KeyspaceError } from "./options/keyspace-error.ts";
import { FakeWorld } from "./testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "./testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];

function worldOf(settings: Record<string, unknown> = {}): FakeWorld {
  const world = new FakeWorld(three, [{ name: "k", n: 3, w: 2, r: 2, coordinate: "client", ...settings }]);
  world.startClient("c1");
  world.startClient("c2");
  return world;
}

const versionAt = (world: FakeWorld, id: string): string | undefined =>
  world.node(id).dump("k")[0]?.values[0]?.version;

describe("a client that coordinates", () => {
  it("writes to all replicas in parallel under its own name and clock", () => {
    const world = worldOf();
    world.skewUs.set("c1", 500);
    const put = world.ask("c1", { f: "put", value: "a" });
    world.run();
    assert.equal(put[0]?.kind, "ok");
    const writes = world.sent.filter(({ message }) => message.kind === MessageKind.writeRequest);
    assert.deepEqual(
      writes.map(({ from, to }) => `${from}→${to}`),
      ["c1→n1", "c1→n2", "c1→n3"],
    );
    assert.deepEqual(
      three.map((id) => versionAt(world, id)),
      three.map(() => "@1000500 c1#0004.1"),
    );
    const get = world.ask("c2", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["a"]);
  });

  it("picks the newest answer and repairs the others before it answers", () => {
    const world = worldOf({ read: "repair-blocking" });
    world.route = (_from, to, { kind }) => (kind === MessageKind.writeRequest && to !== "n1" ? null : 1_000);
    const put = world.ask("c1", { f: "put", value: "a" });
    world.run();
    assert.equal(failureOf(put).indeterminate, true);
    world.route = (from, to) => (from === "n3" || to === "n3" ? null : 1_000);
    const get = world.ask("c2", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["a"]);
    assert.equal(versionAt(world, "n2"), versionAt(world, "n1"));
    assert.equal(versionAt(world, "n3"), undefined);
  });

  it("deletes, and takes versions from a quorum under abd", () => {
    const world = worldOf({ protocol: "abd" });
    world.skewUs.set("c1", 60_000_000);
    world.ask("c1", { f: "put", value: "a" });
    world.run();
    world.ask("c2", { f: "delete" });
    world.run();
    const get = world.ask("c1", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), []);
    assert.deepEqual(
      three.map((id) => versionAt(world, id)),
      three.map(() => "@2 c2#0005.1"),
    );
  });

  it("takes stamps from its user where clients stamp", () => {
    const world = worldOf({ stamp: "client" });
    world.ask("c1", { f: "put", value: "a", clientStampUs: 7, clientId: "u1" });
    world.run();
    assert.equal(versionAt(world, "n1"), "@7 u1#.0");
  });

  it("tells with how many of those needed a request failed, and counts no answer of an earlier request", () => {
    const world = worldOf();
    world.route = (_from, to) => (to === "n1" ? 1_000 : to === "c1" ? 60_000 : null);
    const put = world.ask("c1", { f: "put", value: "a", timeoutUs: 20_000 });
    world.run(20_000);
    const { error, needed, got } = failureOf(put);
    assert.deepEqual([error, needed, got], ["Timeout", 2, 0]);
    const client = world.ask("c1", { f: "get", timeoutUs: 20_000 });
    world.run();
    assert.deepEqual(failureOf(client).got, 0);
  });

  it("refuses what nodes coordinate, and nodes refuse what clients do", () => {
    const world = new FakeWorld(three, [
      { name: "mine", coordinate: "client" },
      { name: "theirs", coordinate: "node" },
    ]);
    world.startClient("c1");
    const atNode = failureOf(world.ask("n1", { f: "get", keyspace: "mine" }));
    assert.deepEqual([atNode.error, atNode.indeterminate], ["BadRequest", false]);
    assert.match(atNode.message, /^keyspace "mine" is coordinated by clients/);
    const atClient = failureOf(world.ask("c1", { f: "get", keyspace: "theirs" }));
    assert.match(atClient.message, /^keyspace "theirs" is coordinated by nodes/);
    assert.equal(failureOf(world.ask("c1", { f: "get", keyspace: "none" })).error, "UnknownKeyspace");
    const wrong = failureOf(world.ask("c1", { f: "get", keyspace: "mine", r: 9 }));
    assert.match(wrong.message, /^r is 9/);
  });

  it("learns from the nodes that it asks who the members are now", () => {
    const world = worldOf();
    world.startJoining("n4");
    const members = [...three, "n4"].map((id) => ({ id, dc: "dc1" }));
    world.node("n1").changeMembership(members, () => {});
    world.run(5_000_000);
    const keys = Array.from({ length: 20 }, (_, index) => `key${index}`);
    const tried = keys.map((key) => world.ask("c1", { f: "put", key, value: "a" }));
    world.run();
    const again = keys.map((key) => world.ask("c1", { f: "put", key, value: "b" }));
    world.run();
    assert.ok(tried.every(([reply]) => reply !== undefined));
    assert.ok(again.every(([reply]) => reply?.kind === "ok"));
    const asked = world.sent.filter(({ from, to }) => from === "c1" && to === "n4");
    assert.ok(asked.length > 0);
    const gets = keys.map((key) => world.ask("c1", { f: "get", key }));
    world.run();
    assert.ok(gets.every((replies) => valuesOf(replies)[0] === "b"));
  });

  it("is no node, nor called like one", () => {
    assert.throws(() => worldOf().startClient("n2"), KeyspaceError);
  });

  it("is refused above ten thousand open requests, and goes on", () => {
    const world = worldOf();
    for (let count = 0; count < 10_000; count += 1) world.ask("c1", { f: "get", key: `${count}` });
    assert.equal(failureOf(world.ask("c1", { f: "get" })).error, "Overloaded");
  });
});
