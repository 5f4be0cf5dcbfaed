import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];
const five = [...three, "n4", "n5"];
/** A minute, in microseconds. */
const minuteUs = 60_000_000;

function put(world: FakeWorld, id: string, value: string): void {
  assert.deepEqual(valuesOf(askAndWait(world, id, value)), []);
}

function askAndWait(world: FakeWorld, id: string, value: string): ReturnType<FakeWorld["ask"]> {
  const replies = world.ask(id, { f: "put", value });
  world.run();
  return replies;
}

function read(world: FakeWorld, id: string): readonly string[] {
  const replies = world.ask(id, { f: "get" });
  world.run();
  return valuesOf(replies);
}

/** A node that is fast writes first, a node that is right writes then. */
function lastOfTwo(world: FakeWorld, fast: string, right: string, between: () => void = () => {}): string {
  world.skewUs.set(fast, minuteUs);
  put(world, fast, "first");
  between();
  put(world, right, "second");
  return read(world, three[2] ?? "")[0] ?? "";
}

describe("a wall clock", () => {
  it("that is a minute fast loses a later write (C3)", () => {
    const world = new FakeWorld(three, [{ name: "k", w: 3, r: 3 }]);
    assert.equal(lastOfTwo(world, "n1", "n2"), "first");
  });

  it("rounded to its unit gives writes of one tick equal times, and unique versions", () => {
    const world = new FakeWorld(three, [{ name: "k", stampUnitUs: 1_000 }]);
    world.ask("n1", { f: "put", value: "a" });
    world.run(200);
    world.ask("n1", { f: "put", value: "b" });
    world.run();
    assert.deepEqual(read(world, "n2"), ["b"]);
    assert.match(world.node("n3").dump("k")[0]?.values[0]?.version ?? "", /^@1000000 n1#0001\.2$/);
  });

  it("without a sequence in the version loses the second write of a tick", () => {
    const world = new FakeWorld(three, [{ name: "k" }], "stamp-reused-in-one-tick");
    world.ask("n1", { f: "put", value: "a" });
    world.run(200);
    const second = world.ask("n1", { f: "put", value: "b" });
    world.run();
    assert.deepEqual(valuesOf(second), []);
    assert.deepEqual(read(world, "n2"), ["a"]);
  });
});

describe("a hybrid clock", () => {
  it("of a replica is above every write that all replicas have acknowledged (C7)", () => {
    const world = new FakeWorld(three, [{ name: "k", versions: "hlc", w: 3, r: 3 }]);
    assert.equal(lastOfTwo(world, "n1", "n2"), "second");
  });

  it("is so again after a restart, since what was acknowledged is in the log", () => {
    const restartAll = (world: FakeWorld): void => {
      for (const id of three) world.cutPower(id);
      for (const id of three) world.start(id);
    };
    const settings = [{ name: "k", versions: "hlc", w: 3, r: 3 }];
    const right = new FakeWorld(three, settings);
    assert.equal(
      lastOfTwo(right, "n1", "n2", () => restartAll(right)),
      "second",
    );
    const wrong = new FakeWorld(three, settings, "hybrid-clock-restarts-from-zero");
    assert.equal(
      lastOfTwo(wrong, "n1", "n2", () => restartAll(wrong)),
      "first",
    );
  });

  it("of a node that has seen nothing of a write may be below it (C6, C7b)", () => {
    const world = new FakeWorld(five, [{ name: "k", versions: "hlc", w: 3, r: 3 }]);
    read(world, "n1");
    const asked = world.sent.filter(({ message }) => message.kind === MessageKind.readRequest);
    const homes = new Set(asked.map(({ to }) => to));
    const outside = five.filter((id) => id !== "n1" && !homes.has(id))[0];
    assert.ok(outside);
    assert.equal(lastOfTwo(world, "n1", outside), "first");
  });

  it("is not driven by the times of another keyspace, which are a client's or counters", () => {
    const settings = [
      { name: "k", versions: "hlc", w: 3, r: 3 },
      { name: "stamped", stamp: "client", w: 3 },
    ];
    const world = new FakeWorld(three, settings);
    const far = { clientStampUs: 9_000_000_000_000_000, clientId: "c1" };
    world.ask("n1", { f: "put", keyspace: "stamped", value: "far", ...far });
    world.run();
    put(world, "n2", "now");
    const entries = three.map((id) => world.node(id).dump("k")[0]?.values[0]);
    const times = entries.map((entry) => Number(/^@(\d+) /.exec(entry?.version ?? "")?.[1]));
    for (const time of times) assert.ok(time > 0 && time <= world.nowUs + 1_000_000, `${time}`);
  });

  it("hears of a write by reading it", () => {
    const world = new FakeWorld(three, [{ name: "k", versions: "hlc", w: 1, r: 3 }]);
    world.route = (_from, _to, { kind }) => (kind === MessageKind.writeRequest ? null : 1_000);
    world.skewUs.set("n1", minuteUs);
    put(world, "n1", "first");
    assert.deepEqual(read(world, "n2"), ["first"]);
    put(world, "n2", "second");
    assert.deepEqual(read(world, "n3"), ["second"]);
  });
});

describe("two writes of one tick through two nodes", () => {
  const shownEverywhere = (tieBreak: string): readonly string[] => {
    const keyspace = { name: "k", tieBreak, stampUnitUs: 1_000, w: 1, r: 1, answer: "own-replica" };
    const world = new FakeWorld(three, [{ antiEntropyMs: 20, ...keyspace }]);
    world.ask("n1", { f: "put", value: "b" });
    world.ask("n2", { f: "put", value: "a" });
    world.run(500_000);
    return three.map((id) => read(world, id)[0] ?? "");
  };

  it("leave each replica its own where ties are not broken, for ever (C2b)", () => {
    assert.deepEqual(shownEverywhere("none").slice(0, 2), ["b", "a"]);
  });

  it("leave the same everywhere where node and sequence break ties, or the value does (C22)", () => {
    assert.deepEqual(shownEverywhere("unique"), ["a", "a", "a"]);
    assert.deepEqual(shownEverywhere("value"), ["b", "b", "b"]);
  });
});
