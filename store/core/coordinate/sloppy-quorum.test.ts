import assert from "node:assert/strict";
import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import type { ClientReply } from "../request.ts";
import { cutWorld, halves, holds, only } from "../testing/cut-world.test-support.ts";
import type { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

/** Long enough for heartbeats to be missed. */
const suspicionUs = 60_000;

/** Writes that were sent because of the last request, as `to` or `to for home`. */
function writes(world: FakeWorld, cause: number): readonly string[] {
  return world.sent
    .filter(({ message }) => message.kind === MessageKind.writeRequest && message.cause === cause)
    .map(({ to, message }) => (message.home === "" ? to : `${to} for ${message.home}`));
}

/** All sets of one to three nodes that a node is in. */
function sides(everybody: readonly string[], node: string): readonly (readonly string[])[] {
  const rest = everybody.filter((id) => id !== node);
  return [
    [node],
    ...rest.map((mate) => [node, mate]),
    ...rest.flatMap((mate, place) => rest.slice(place + 1).map((third) => [node, mate, third])),
  ];
}

/** A write at the first node of a side with no heartbeats: whoever is suspected stays so until it answers. */
function writeAmong(side: readonly string[], past: "nothing" | "the cut" | "a cut before"): ClientReply[] {
  const { world } = cutWorld({ w: side.length });
  world.route = only(...(past === "a cut before" ? side.slice(0, 1) : side));
  if (past !== "nothing") world.run(suspicionUs);
  const isReached = only(...side);
  world.route = (from, to, message) =>
    message.kind === MessageKind.heartbeat ? null : isReached(from, to, message);
  const put = world.ask(side[0] ?? "", { f: "put", value: "a" });
  world.run();
  return put;
}

describe("a sloppy quorum", () => {
  it("is a strict one while everybody is there", () => {
    const { world, owners } = cutWorld({});
    world.run(suspicionUs);
    const put = world.ask(owners[0] ?? "", { f: "put", value: "a", cause: 77 });
    world.run();
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(writes(world, 77), owners.slice(1));
    assert.deepEqual(
      owners.map((id) => holds(world, id)),
      ["a", "a", "a"],
    );
  });

  it("puts the next nodes of the walk in the place of owners that are suspected", () => {
    const { world, owners, others } = cutWorld({ w: 3 });
    const [first = "", second, third] = owners;
    world.route = only(first, ...others);
    world.run(suspicionUs);
    const put = world.ask(first, { f: "put", value: "a", cause: 77 });
    world.run(10_000);
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(writes(world, 77), [`${others[0]} for ${second}`, `${others[1]} for ${third}`]);
    assert.deepEqual(
      others.map((id) => world.node(id).dump("k")),
      [[], []],
    );
    assert.deepEqual(
      others.map((id) => world.node(id).metrics.hintsKept),
      [1, 1],
    );
  });

  const known = ["nothing", "the cut", "a cut before"] as const;
  for (const past of known) {
    it(`takes writes wherever any w nodes are reached, where the coordinator knows ${past}`, () => {
      const { owners, others } = cutWorld({});
      const everybody = [...owners, ...others];
      for (const side of everybody.flatMap((node) => sides(everybody, node))) {
        const put = writeAmong(side, past);
        assert.deepEqual(valuesOf(put), [], side.join());
      }
    });
  }

  it("asks those again that it took for dead, and are there", () => {
    const { world, owners, others } = cutWorld({});
    const [coordinator = ""] = others;
    world.route = only(coordinator);
    world.run(suspicionUs);
    // Requests pass now, heartbeats do not, so that suspicion stays.
    const [home = ""] = owners;
    world.route = (from, to, { kind }) =>
      [from, to].every((id) => id === coordinator || id === home) && kind !== MessageKind.heartbeat
        ? 1_000
        : null;
    const put = world.ask(coordinator, { f: "put", value: "a" });
    world.run();
    assert.deepEqual(valuesOf(put), []);
    assert.equal(holds(world, home), "a");
  });

  it("fails where fewer are reached", () => {
    const { world, others } = cutWorld({});
    const [coordinator = ""] = others;
    world.route = only(coordinator);
    const put = world.ask(coordinator, { f: "put", value: "a" });
    world.run();
    const { error, got, needed, indeterminate } = failureOf(put);
    assert.deepEqual([error, got, needed, indeterminate], ["Timeout", 1, 2, true]);
  });

  it("counts an owner and the node that stands in for it once", () => {
    const { world, owners, others } = cutWorld({ w: 3 });
    const [first = "", second = "", third = ""] = owners;
    // The second owner is slow: both it and its stand-in acknowledge. The third and its stand-in are away.
    const [standIn = ""] = others;
    world.route = (from, to) => {
      if ([from, to].some((id) => id === third || id === others[1])) return null;
      return from === second ? 20_000 : 1_000;
    };
    const put = world.ask(first, { f: "put", value: "a", cause: 77 });
    world.run();
    assert.ok(writes(world, 77).includes(`${standIn} for ${second}`));
    const toStandIn = writes(world, 77).filter((text) => text.startsWith(standIn));
    // Freed when the owner it stood in for has answered itself, it counts for the one that is away.
    assert.deepEqual(toStandIn, [`${standIn} for ${second}`, `${standIn} for ${third}`]);
    assert.deepEqual(valuesOf(put), []);
    assert.equal(holds(world, third), undefined);
  });

  it("counts neither a doubled acknowledgement nor that of an owner beside its stand-in's", () => {
    const { world, owners, others } = cutWorld({ w: 3 });
    const [first = "", second = "", third = ""] = owners;
    const [standIn = ""] = others;
    const isThere = only(first, second, standIn);
    const isDoubled = (from: string, { home }: Message): boolean => from === standIn && home === second;
    world.route = (from, to, message) => {
      if (isDoubled(from, message)) world.later(2_000, () => world.deliver(from, to, message));
      const delayUs = message.home === third ? null : isThere(from, to, message);
      return delayUs === null || from !== second ? delayUs : 20_000;
    };
    const put = world.ask(first, { f: "put", value: "a" });
    world.run();
    const { error, got, needed } = failureOf(put);
    assert.deepEqual([error, got, needed], ["Timeout", 2, 3]);
  });

  it("reads from those who stand in what was written to them", () => {
    const { world, owners, others } = cutWorld({});
    const [away = "", ...there] = owners;
    world.route = only(...there, ...others);
    world.run(suspicionUs);
    const [coordinator = ""] = others;
    // Only the coordinator, which owns nothing, and one other stand-in: all that is left.
    world.route = only(...others);
    world.run(suspicionUs);
    const put = world.ask(coordinator, { f: "put", value: "a" });
    world.run();
    assert.deepEqual(valuesOf(put), []);
    assert.equal(holds(world, away), undefined);
    const get = world.ask(others[1] ?? "", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["a"]);
    const other = world.ask(coordinator, { f: "get", key: "y" });
    world.run();
    assert.deepEqual(valuesOf(other), []);
  });

  it("writes back to those who stand in, and to the client what they acknowledge", () => {
    const { world, owners, others } = cutWorld({ read: "repair-blocking", writeBackTo: "w" });
    const [first = ""] = owners;
    const put = world.ask(first, { f: "put", value: "a" });
    world.run();
    assert.deepEqual(valuesOf(put), []);
    world.route = only(first, ...others);
    world.run(suspicionUs);
    const get = world.ask(first, { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["a"]);
    assert.deepEqual(
      others.map((id) => world.node(id).metrics.hintsKept),
      [1, 1],
    );
  });

  it("gives up that reads see the latest write", () => {
    const { world, owners, others } = cutWorld({});
    const [first = "", ...rest] = owners;
    const old = world.ask(first, { f: "put", value: "old" });
    world.run();
    assert.deepEqual(valuesOf(old), []);
    world.route = halves([first, ...others]);
    world.run(suspicionUs);
    const put = world.ask(first, { f: "put", value: "new" });
    const get = world.ask(rest[0] ?? "", { f: "get", timeoutUs: 100_000 });
    world.run();
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(valuesOf(get), ["old"]);
  });

  it("is broken by the defect that is planted in its counting", () => {
    const { world, owners, others } = cutWorld({}, "stand-in-counts-for-two-homes");
    const [coordinator = "", deaf = ""] = others;
    world.route = only(...others);
    world.run(suspicionUs);
    world.route = only(coordinator);
    const put = world.ask(coordinator, { f: "put", value: "a" });
    world.run(10_000);
    assert.deepEqual(valuesOf(put), []);
    assert.equal(world.node(deaf).metrics.hintsKept, 0);
    assert.deepEqual(
      owners.map((id) => holds(world, id)),
      [undefined, undefined, undefined],
    );
  });
});
