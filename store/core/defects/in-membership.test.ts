import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { membersOf } from "../testing/change-run.test-support.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { movingKey } from "../testing/moving-key.test-support.ts";
import { valuesOf } from "../testing/replies.test-support.ts";

const four = ["n1", "n2", "n3", "n4"];
const five = [...four, "n5"];
/** A key that goes from one node to n5, while two keep it. */
const { key, from, to, staying } = movingKey(four, five);
const [near = "", far = ""] = staying;
const outside = four.find((id) => id !== from && !staying.includes(id)) ?? "";

function worldWith(defect?: string): FakeWorld {
  const world = new FakeWorld(four, [{ name: "k" }], defect);
  world.startJoining("n5");
  return world;
}

/** Writes of clients do not reach that node; all else arrives. */
function withoutWritesTo(world: FakeWorld, node: string, delayUs = 1_000): void {
  world.route = (_from, at, { kind }) =>
    kind === MessageKind.writeRequest && at === node
      ? null
      : kind === MessageKind.writeRequest
        ? delayUs
        : 500;
}

function change(world: FakeWorld, forUs = 1_000_000): void {
  world.node(outside).changeMembership(membersOf(five), () => {});
  world.run(forUs);
}

/** Reads the key where only the new owner and the one that missed the write can answer in time. */
function readWithout(world: FakeWorld, node: string): readonly string[] {
  world.route = (sender) => (sender === node ? 20_000 : 500);
  const get = world.ask(outside, { f: "get", key });
  world.run();
  return valuesOf(get);
}

describe("defects in changes of members, each in the one situation that shows it", () => {
  it("stream-from-one-owner: the first owner that answers lacks an acknowledged write", () => {
    const read = (defect?: string): readonly string[] => {
      const world = worldWith(defect);
      withoutWritesTo(world, far);
      const put = world.ask(outside, { f: "put", key, value: "a" });
      world.run();
      assert.deepEqual(valuesOf(put), []);
      // Of all that stream, the one that lacks the write is the quickest.
      world.route = (sender, at) => (at === to && sender !== far ? 5_000 : 500);
      change(world);
      return readWithout(world, near);
    };
    assert.deepEqual(read(), ["a"]);
    assert.deepEqual(read("stream-from-one-owner"), []);
  });

  it("stream-without-tombstones: an older value comes from the owner that missed the delete", () => {
    const read = (defect?: string): readonly string[] => {
      const world = worldWith(defect);
      world.ask(outside, { f: "put", key, value: "a" });
      world.run();
      withoutWritesTo(world, far);
      const removal = world.ask(outside, { f: "delete", key });
      world.run();
      assert.deepEqual(valuesOf(removal), []);
      world.route = () => 500;
      change(world);
      return readWithout(world, near);
    };
    assert.deepEqual(read(), []);
    assert.deepEqual(read("stream-without-tombstones"), ["a"]);
  });

  it("drain-skipped: a write to the old owners arrives when these have streamed", () => {
    const read = (defect?: string): readonly string[] => {
      const world = worldWith(defect);
      withoutWritesTo(world, far, 30_000);
      const put = world.ask(outside, { f: "put", key, value: "a" });
      change(world);
      assert.deepEqual(valuesOf(put), []);
      return readWithout(world, near);
    };
    assert.deepEqual(read(), ["a"]);
    assert.deepEqual(read("drain-skipped"), []);
  });

  it("phase-skipped: a node still reads the old owners while others write to the new ones alone", () => {
    const read = (defect?: string): readonly string[] => {
      const world = worldWith(defect);
      const first = world.ask(outside, { f: "put", key, value: "a" });
      world.run();
      assert.deepEqual(valuesOf(first), []);
      // The owner that loses the key does not hear of the phases in which others are read and written.
      const { membership } = MessageKind;
      world.route = (_from, at, { kind, ringEpoch }) => {
        if (kind === membership && at === from && ringEpoch > 3) return null;
        return kind === MessageKind.writeRequest && at === near ? null : 500;
      };
      change(world);
      const second = world.ask(outside, { f: "put", key, value: "b" });
      world.run();
      assert.deepEqual(valuesOf(second), []);
      const route = world.route;
      world.route = (sender, at, message) => (sender === far ? 20_000 : route(sender, at, message));
      const get = world.ask(from, { f: "get", key });
      world.run();
      return valuesOf(get);
    };
    assert.deepEqual(read(), ["b"]);
    assert.deepEqual(read("phase-skipped"), ["a"]);
  });
});
