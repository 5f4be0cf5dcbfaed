import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

const five = ["n1", "n2", "n3", "n4", "n5"];

/** A world of five nodes, and one of them that holds no replica of the key. */
function worldOf(settings: object, client?: string): { readonly world: FakeWorld; readonly outside: string } {
  const world = new FakeWorld(five, [{ name: "k", versions: "pn-counter", ...settings }]);
  if (client !== undefined) {
    world.startClient(client);
    return { world, outside: client };
  }
  const homes = new Set(homesOf(world));
  const outside = five.find((id) => !homes.has(id));
  assert.ok(outside);
  world.sent.length = 0;
  return { world, outside };
}

/** The replicas of the key: those that a read by somebody asks, and the one that asks if it is one. */
function homesOf(world: FakeWorld): readonly string[] {
  for (const id of five) world.ask(id, { f: "get" });
  world.run();
  const asked = world.sent.filter(({ message }) => message.kind === MessageKind.readRequest);
  return [...new Set(asked.map(({ to }) => to))].sort();
}

function sentOf(world: FakeWorld, kind: number): readonly string[] {
  return world.sent.filter(({ message }) => message.kind === kind).map(({ to }) => to);
}

/** Where the request itself went. */
function handed(world: FakeWorld): readonly string[] {
  return world.sent.filter(({ message }) => message.extra?.kind === "request").map(({ to }) => to);
}

describe("a node that is no replica", () => {
  it("asks the replicas who is ready, hands the request to one, and answers with its reply", () => {
    const { world, outside } = worldOf({});
    const reply = world.ask(outside, { f: "increment", value: "5" });
    world.run();
    assert.deepEqual(valuesOf(reply), []);
    assert.equal(handed(world).length, 1);
    assert.equal(sentOf(world, MessageKind.forward).length, 4);
    assert.deepEqual(valuesOf(readBy(world, outside)), ["5"]);
  });

  it("hands it to one that is there when others are not", () => {
    const { world, outside } = worldOf({});
    const [first = "", ...rest] = homesOf(world).filter((id) => id !== outside);
    world.kill(first);
    world.route = (_from, to) => (to === first ? null : 1_000);
    assert.deepEqual(valuesOf(increment(world, outside)), []);
    assert.ok(rest.includes(handed(world)[0] ?? ""));
  });

  it("counts a request once that the network doubles on its way", () => {
    const { world, outside } = worldOf({});
    world.route = (from, to, message) => {
      world.later(5_000, () => world.deliver(from, to, message));
      return 1_000;
    };
    assert.deepEqual(valuesOf(increment(world, outside)), []);
    assert.deepEqual(valuesOf(readBy(world, outside)), ["1"]);
  });

  it("counts it once when the copy meets a later life of the replica", () => {
    const { world, outside } = worldOf({});
    const reply = increment(world, outside);
    const copy = world.sent.find(({ message }) => message.extra?.kind === "request");
    assert.ok(copy);
    world.cutPower(copy.to);
    world.start(copy.to);
    world.deliver(copy.from, copy.to, copy.message);
    world.run();
    assert.deepEqual(valuesOf(reply), []);
    assert.deepEqual(valuesOf(readBy(world, outside)), ["1"]);
    const last = world.sent.filter(({ message }) => message.extra?.kind === "reply").pop()?.message.extra;
    assert.ok(last?.kind === "reply" && last.reply.kind === "error");
    assert.deepEqual([last.reply.error, last.reply.indeterminate], ["NotReady", true]);
  });

  it("does not hand it to a second replica when the first is silent, and says that it may be done", () => {
    const { world, outside } = worldOf({});
    world.route = (_from, _to, { extra }) => (extra?.kind === "reply" ? null : 1_000);
    const failure = failureOf(increment(world, outside));
    assert.deepEqual([failure.error, failure.indeterminate], ["Timeout", true]);
    assert.equal(handed(world).length, 1);
    assert.deepEqual(valuesOf(readBy(world, outside)), ["1"]);
  });

  it("says that nothing was done when no replica answers", () => {
    const { world, outside } = worldOf({});
    world.route = () => null;
    const failure = failureOf(increment(world, outside));
    assert.deepEqual([failure.error, failure.indeterminate], ["Timeout", false]);
    assert.match(failure.message, /the request was not sent to any/);
  });

  it("passes a replica's refusal on", () => {
    const { world, outside } = worldOf({ w: 3 });
    for (const id of five) world.disk(id).isBroken = true;
    const failure = failureOf(increment(world, outside));
    assert.deepEqual([failure.error, failure.indeterminate], ["DiskFailed", true]);
  });

  it("may be a client, where clients coordinate", () => {
    const { world } = worldOf({ coordinate: "client" }, "c1");
    assert.deepEqual(valuesOf(increment(world, "c1")), []);
    assert.equal(handed(world).length, 1);
    assert.deepEqual(valuesOf(readBy(world, "c1")), ["1"]);
  });

  it("asks itself for reads", () => {
    const { world, outside } = worldOf({});
    assert.deepEqual(valuesOf(readBy(world, outside)), []);
    assert.deepEqual(sentOf(world, MessageKind.forward), []);
  });
});

function increment(world: FakeWorld, id: string): ReturnType<FakeWorld["ask"]> {
  const replies = world.ask(id, { f: "increment", value: "1" });
  world.run();
  return replies;
}

function readBy(world: FakeWorld, id: string): ReturnType<FakeWorld["ask"]> {
  const replies = world.ask(id, { f: "get" });
  world.run();
  return replies;
}
