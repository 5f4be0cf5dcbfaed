import assert from "node:assert/strict";
import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

const two = [{ name: "k", n: 2, w: 2, r: 1 }];

/** A write request of n1, as n2 gets it. */
function writeRequest(world: FakeWorld): Message {
  world.ask("n1", { f: "put", value: "a" });
  const sent = world.sent.find(({ message }) => message.kind === MessageKind.writeRequest);
  assert.ok(sent);
  return sent.message;
}

const kindsFrom = (world: FakeWorld, id: string): number[] =>
  world.sent.filter(({ from }) => from === id).map(({ message }) => message.kind);

describe("a replica whose disk is slow", () => {
  it("lets a bounded number of writes wait, and refuses the others at once", () => {
    const world = new FakeWorld(["n1", "n2"], two);
    world.route = () => null;
    world.syncUs = 60_000_000;
    const request = writeRequest(world);
    for (let turn = 0; turn < 10_050; turn += 1) {
      world.deliver("n1", "n2", { ...request, requestId: turn + 10, key: `key${turn}` });
    }
    const refused = kindsFrom(world, "n2");
    assert.deepEqual([refused.length, new Set(refused)], [50, new Set([MessageKind.writeRefused])]);
    assert.equal(world.disk("n2").size, 10_000);
    assert.equal(world.node("n2").metrics.overloadedWrites, 50);
    world.run(60_000_000);
    assert.equal(kindsFrom(world, "n2").filter((kind) => kind === MessageKind.writeAck).length, 10_000);
  });

  it("refuses at once what would come on top of a long backlog, and takes it once that is written", () => {
    const world = new FakeWorld(["n1", "n2"], two);
    world.route = () => null;
    world.disk("n2").backlog = 64 * 1_024 * 1_024 + 1;
    const request = writeRequest(world);
    world.deliver("n1", "n2", request);
    assert.deepEqual(kindsFrom(world, "n2"), [MessageKind.writeRefused]);
    world.disk("n2").backlog = 0;
    world.deliver("n1", "n2", request);
    world.run(1_000);
    assert.deepEqual(kindsFrom(world, "n2"), [MessageKind.writeRefused, MessageKind.writeAck]);
  });
});

describe("a node whose disk is full", () => {
  it("serves reads and refuses writes, until there is room", () => {
    const world = new FakeWorld(["n1"], [{ name: "k", n: 1, w: 1, r: 1 }]);
    world.ask("n1", { f: "put", value: "a" });
    world.run();
    world.disk("n1").isFull = true;
    assert.equal(failureOf(world.ask("n1", { f: "put", value: "b" })).error, "DiskFull");
    assert.deepEqual(valuesOf(world.ask("n1", { f: "get" })), ["a"]);
    world.disk("n1").isFull = false;
    const put = world.ask("n1", { f: "put", value: "c" });
    world.run();
    assert.deepEqual([valuesOf(put), valuesOf(world.ask("n1", { f: "get" }))], [[], ["c"]]);
  });
});
