import assert from "node:assert/strict";
import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];
const keyspace = (settings: object): object[] => [{ name: "k", n: 3, w: 2, r: 2, ...settings }];
const isTo =
  (...nodes: readonly string[]) =>
  (_from: string, to: string): number | null =>
    nodes.includes(to) ? 1_000 : null;

/** What a node holds of the only key: values, a tombstone as null, nothing as undefined. */
function holds(world: FakeWorld, id: string): string | null | undefined {
  return world.node(id).dump("k")[0]?.values[0]?.value;
}

/** A world in which `a` is everywhere and `b` on n1 alone. */
function halfWritten(settings: object, defect?: string): FakeWorld {
  const world = new FakeWorld(three, keyspace(settings), defect);
  world.ask("n1", { f: "put", value: "a" });
  world.run();
  world.route = () => null;
  world.ask("n1", { f: "put", value: "b" });
  world.run();
  assert.deepEqual([holds(world, "n1"), holds(world, "n2"), holds(world, "n3")], ["b", "a", "a"]);
  return world;
}

describe("plain reads", () => {
  it("repair nothing", () => {
    const world = halfWritten({ read: "plain" });
    world.route = isTo("n1", "n2");
    const get = world.ask("n1", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["b"]);
    assert.equal(holds(world, "n2"), "a");
  });
});

describe("background read repair", () => {
  it("answers first and repairs every replica that was behind, late ones too", () => {
    const world = halfWritten({ read: "repair-async" });
    world.route = (from) => (from === "n3" ? 10_000 : 1_000);
    const get = world.ask("n1", { f: "get" });
    world.run(2_500);
    assert.deepEqual(valuesOf(get), ["b"]);
    assert.deepEqual([holds(world, "n2"), holds(world, "n3")], ["a", "a"]);
    world.run();
    assert.deepEqual([holds(world, "n2"), holds(world, "n3")], ["b", "b"]);
    assert.equal(get.length, 1);
    assert.equal(world.node("n1").metrics.readRepairs, 2);
  });

  it("repairs with what a late answer brings", () => {
    const world = halfWritten({ read: "repair-async" });
    world.route = (from) => (from === "n1" ? 10_000 : 1_000);
    const get = world.ask("n2", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["a"]);
    assert.deepEqual([holds(world, "n2"), holds(world, "n3")], ["b", "b"]);
  });
});

describe("blocking read repair", () => {
  it("answers only when r replicas durably have the value", () => {
    const world = halfWritten({ read: "repair-blocking" });
    world.syncUs = 5_000;
    world.route = isTo("n1", "n2");
    const get = world.ask("n1", { f: "get" });
    world.run(7_500);
    assert.equal(get.length, 0);
    world.run(2_000);
    assert.deepEqual(valuesOf(get), ["b"]);
    assert.equal(holds(world, "n2"), "b");
  });

  it("fails, perhaps with effect, when the write-back is not acknowledged", () => {
    const world = halfWritten({ read: "repair-blocking" });
    world.route = (_from, to, message) =>
      to !== "n3" && message.kind !== MessageKind.writeBackAck ? 1_000 : null;
    const get = world.ask("n1", { f: "get" });
    world.run();
    const { error, got, indeterminate, needed } = failureOf(get);
    assert.deepEqual([error, needed, got, indeterminate], ["Timeout", 2, 1, true]);
    assert.equal(holds(world, "n2"), "b");
  });

  it("writes nothing back when the answers agree", () => {
    const world = new FakeWorld(three, keyspace({ read: "repair-blocking" }));
    world.ask("n1", { f: "put", value: "a" });
    world.run();
    const get = world.ask("n2", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["a"]);
    assert.equal(world.sent.filter(({ message }) => message.kind === MessageKind.writeBack).length, 0);
  });

  it("counts a late answer that has the value as a copy", () => {
    const world = halfWritten({ read: "repair-blocking" });
    world.route = isTo("n1", "n3");
    world.ask("n3", { f: "get" });
    world.run();
    assert.equal(holds(world, "n3"), "b");
    const isBackToN2 = ({ kind }: Message): boolean => kind === MessageKind.writeBack;
    world.route = (from, to, message) =>
      to === "n2" && isBackToN2(message) ? null : from === "n3" ? 10_000 : 1_000;
    const get = world.ask("n1", { f: "get" });
    world.run(8_000);
    assert.equal(get.length, 0);
    world.run(4_000);
    assert.deepEqual(valuesOf(get), ["b"]);
  });

  it("leaves replicas alone that were not contacted, unless it writes back to w", () => {
    const settings = { w: 3, r: 1, read: "repair-blocking" };
    const contacted = halfWritten(settings);
    contacted.route = () => 1_000;
    const first = contacted.ask("n1", { f: "get" });
    contacted.run();
    assert.deepEqual(valuesOf(first), ["b"]);
    assert.equal(holds(contacted, "n2"), "a");

    const toAll = halfWritten({ ...settings, writeBackTo: "w" });
    toAll.route = () => 1_000;
    const second = toAll.ask("n1", { f: "get" });
    toAll.run(1_500);
    assert.equal(second.length, 0);
    toAll.run();
    assert.deepEqual(valuesOf(second), ["b"]);
    assert.deepEqual([holds(toAll, "n2"), holds(toAll, "n3")], ["b", "b"]);
  });

  it("is broken by the defects that are planted in it", () => {
    for (const defect of [
      "blocking-answers-unacked",
      "read-without-write-back",
      "repair-writes-older",
      "write-back-to-one",
    ]) {
      const world = halfWritten({ read: "repair-blocking" }, defect);
      world.route = (_from, to, message) =>
        to !== "n3" && (message.kind !== MessageKind.writeBack || defect === "repair-writes-older")
          ? 1_000
          : null;
      const get = world.ask("n1", { f: "get" });
      world.run();
      assert.deepEqual(valuesOf(get), ["b"], defect);
      assert.equal(holds(world, "n2"), "a", defect);
    }
  });
});
