import assert from "node:assert/strict";
import { heartbeatPeriods } from "./heartbeats.ts";
import { MessageKind } from "./messages.ts";
import { parseKeyspaces } from "./options/parse-keyspaces.ts";
import { FakeWorld } from "./testing/fake-world.test-support.ts";

const three = ["n1", "n2", "n3"];
const sloppy = { heartbeatMs: 10, suspectAfterMs: 35 };

function suspected(world: FakeWorld): readonly number[] {
  return three.map((id) => world.node(id).metrics.suspectedPeers);
}

describe("heartbeats", () => {
  it("come as often as the most impatient keyspace asks, and only where one asks", () => {
    const periods = (...settings: readonly object[]): unknown =>
      heartbeatPeriods(parseKeyspaces(settings.map((one, place) => ({ name: `k${place}`, ...one }))));
    assert.equal(periods({}), null);
    assert.deepEqual(periods({ hints: {} }), { heartbeatMs: 200, suspectAfterMs: 1_000 });
    assert.deepEqual(periods({}, { sloppy: true }), { heartbeatMs: 200, suspectAfterMs: 1_000 });
    assert.deepEqual(periods({ sloppy }, { sloppy: { heartbeatMs: 5, suspectAfterMs: 90 } }, { hints: {} }), {
      heartbeatMs: 5,
      suspectAfterMs: 35,
    });
  });

  it("go to every other node, one a period, each with a fate of its own", () => {
    const world = new FakeWorld(three, [{ name: "k", sloppy }]);
    world.run(105_000);
    const beats = world.sent.filter(({ message }) => message.kind === MessageKind.heartbeat);
    assert.equal(beats.length, 3 * 2 * 10);
    const fates = beats.map(({ from, to, message }) => `${from} ${to} ${message.cause} ${message.attempt}`);
    assert.equal(new Set(fates).size, fates.length);
    assert.deepEqual(suspected(world), [0, 0, 0]);
  });

  it("are missed by those who cannot hear them, and by nobody else", () => {
    const world = new FakeWorld(three, [{ name: "k", sloppy }]);
    world.route = (from, to) => (from === "n1" && to === "n2" ? null : 1_000);
    world.run(60_000);
    assert.deepEqual(suspected(world), [0, 1, 0]);
    world.route = () => 1_000;
    world.run(20_000);
    assert.deepEqual(suspected(world), [0, 0, 0]);
  });

  it("need not be heard where anything else is", () => {
    const world = new FakeWorld(three, [{ name: "k", w: 3, sloppy }]);
    world.route = (_from, _to, { kind }) => (kind === MessageKind.heartbeat ? null : 1_000);
    for (let time = 0; time < 20; time += 1) {
      world.ask("n1", { f: "put", value: "a" });
      world.run(10_000);
    }
    // The owners hear the coordinator, and it hears them; they do not hear each other.
    assert.deepEqual(suspected(world), [0, 1, 1]);
  });

  it("do not make a node suspect those whom its last life heard", () => {
    const world = new FakeWorld(three, [{ name: "k", sloppy }]);
    world.run(50_000);
    world.cutPower("n1");
    world.run(500_000);
    assert.deepEqual(suspected(world).slice(1), [1, 1]);
    world.start("n1");
    world.run(15_000);
    assert.deepEqual(suspected(world), [0, 0, 0]);
  });
});
