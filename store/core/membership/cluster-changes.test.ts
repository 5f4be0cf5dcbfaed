import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { membersOf } from "../testing/change-run.test-support.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { movingKey } from "../testing/moving-key.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";
import type { ChangeResult } from "./membership-leader.ts";

const four = ["n1", "n2", "n3", "n4"];
const five = [...four, "n5"];
const three = ["n1", "n2", "n3"];

function worldOf(before: readonly string[], joining: readonly string[], settings: object = {}): FakeWorld {
  const world = new FakeWorld(before, [{ name: "k", ...settings }]);
  for (const id of joining) world.startJoining(id);
  return world;
}

/** Asks n1 for a change; the results are collected in the list that is returned. */
function change(
  world: FakeWorld,
  after: readonly string[],
  dead: readonly string[] = [],
  leader = "n1",
): ChangeResult[] {
  const results: ChangeResult[] = [];
  world.node(leader).changeMembership(membersOf(after), (result) => results.push(result), { dead });
  return results;
}

function put(world: FakeWorld, keys: readonly string[], value: string): void {
  for (const key of keys) {
    const reply = world.ask("n1", { f: "put", key, value });
    world.run(10_000);
    assert.deepEqual(valuesOf(reply), [], key);
  }
}

const keysOn = (world: FakeWorld, id: string): readonly string[] =>
  world
    .node(id)
    .dump("k")
    .map(({ key }) => key);

const manyKeys = Array.from({ length: 600 }, (_, number) => `key-${number}`);

describe("changes of members", () => {
  it("bring the joining node what it is to own, and nobody keeps what others own", () => {
    const world = worldOf(four, ["n5"]);
    put(world, manyKeys, "a");
    const results = change(world, five);
    world.run(1_000_000);
    assert.deepEqual(results, [{ ok: true }]);
    const copies = five.flatMap((id) => keysOn(world, id)).sort();
    assert.deepEqual(copies, manyKeys.flatMap((key) => [key, key, key]).sort());
    const joined = keysOn(world, "n5").length;
    assert.ok(joined > 280 && joined < 440, `${joined} of 1800 copies, a fifth would be 360`);
    assert.deepEqual(world.node("n5").membership, {
      epoch: 5,
      phase: "steady",
      members: membersOf(five),
      next: null,
      leader: null,
      dead: [],
    });
  });

  it("take everything away from a node that leaves, and it refuses requests from then on", () => {
    const world = worldOf(five, []);
    put(world, manyKeys.slice(0, 100), "a");
    const results = change(world, four, [], "n5");
    world.run(1_000_000);
    assert.deepEqual(results, [{ ok: true }]);
    assert.deepEqual(keysOn(world, "n5"), []);
    assert.equal(four.flatMap((id) => keysOn(world, id)).length, 300);
    const refusal = failureOf(world.ask("n5", { f: "get" }));
    assert.equal(refusal.error, "NotReady");
    assert.equal(refusal.message, "this node is no member of the cluster, or not yet; ask one that is");
  });

  it("outlive a restart of all, whatever members the nodes are started with", () => {
    const world = worldOf(four, ["n5"]);
    put(world, manyKeys.slice(0, 50), "a");
    change(world, five);
    world.run(1_000_000);
    for (const id of five) world.cutPower(id);
    for (const id of five) world.start(id);
    for (const id of five) assert.equal(world.node(id).membership.epoch, 5);
    const get = world.ask("n5", { f: "get", key: "key-7" });
    world.run();
    assert.deepEqual(valuesOf(get), ["a"]);
  });

  it("do not wait for a node that is declared dead, nor count what it asks later", () => {
    const world = worldOf(four, ["n5"]);
    put(world, manyKeys.slice(0, 100), "a");
    let isCutOff = true;
    world.route = (from, to) => (isCutOff && (from === "n4" || to === "n4") ? null : 1_000);
    const results = change(world, ["n1", "n2", "n3", "n5"], ["n4"]);
    world.run(2_000_000);
    assert.deepEqual(results, [{ ok: true }]);
    assert.equal(["n1", "n2", "n3", "n5"].flatMap((id) => keysOn(world, id)).length, 300);
    isCutOff = false;
    assert.equal(world.node("n4").membership.epoch, 1);
    const reply = world.ask("n4", { f: "put", value: "too late" });
    world.run();
    assert.equal(failureOf(reply).error, "QuorumNotMet");
    // It is told why.
    assert.equal(world.node("n4").membership.epoch, 5);
    assert.equal(failureOf(world.ask("n4", { f: "get" })).error, "NotReady");
    assert.deepEqual(keysOn(world, "n4"), []);
  });

  it("wait for a node that is away and not declared dead, and go on when it is back", () => {
    const world = worldOf(four, ["n5"]);
    world.cutPower("n3");
    const results = change(world, five);
    world.run(1_000_000);
    assert.deepEqual(results, []);
    assert.equal(world.node("n1").membership.phase, "write-both-read-old");
    world.start("n3");
    world.run(10_000_000);
    assert.deepEqual(results, [{ ok: true }]);
  });

  it("can be given up while reads still go to the old owners", () => {
    const world = worldOf(four, ["n5"]);
    put(world, manyKeys.slice(0, 100), "a");
    world.cutPower("n5");
    const first = change(world, five);
    world.run(1_000_000);
    const second = change(world, four);
    world.run(1_000_000);
    assert.deepEqual(first, [{ ok: false, message: "the change was given up" }]);
    assert.deepEqual(second, [{ ok: true }]);
    assert.deepEqual(world.node("n2").membership.members, membersOf(four));
    assert.equal(four.flatMap((id) => keysOn(world, id)).length, 300);
  });

  it("that begin at two nodes at once end as one", () => {
    const world = worldOf(four, ["n5", "n6"]);
    const first = change(world, five, [], "n1");
    const second = change(world, [...four, "n6"], [], "n2");
    world.run(2_000_000);
    const message = "another change came first; see what the members are now";
    assert.deepEqual(first, [{ ok: false, message }]);
    assert.deepEqual(second, [{ ok: true }]);
    for (const id of [...four, "n6"]) {
      assert.deepEqual(world.node(id).membership.members, membersOf([...four, "n6"]), id);
    }
    // Nobody waited for the node of the other change: it learns of it when it asks for something.
    const late = world.ask("n5", { f: "get" });
    world.run();
    assert.equal(failureOf(late).error, "QuorumNotMet");
    assert.equal(failureOf(world.ask("n5", { f: "get" })).error, "NotReady");
  });

  it("are refused where they cannot be, with what would be right", () => {
    const world = worldOf(three, ["n4"]);
    const refused = (after: readonly string[], dead: readonly string[] = [], leader = "n1"): string => {
      const [result] = change(world, after, dead, leader);
      assert.equal(result?.ok, false);
      return result.message;
    };
    assert.equal(refused([]), "there are no members; name at least one");
    assert.equal(refused(["n1", "n2", "n2"]), '"n2" is there twice; name it once');
    assert.equal(refused(three), "the members are these already; nothing changes");
    assert.equal(refused(["n1", "n2"]), 'keyspace "k".n: 3 replicas do not fit on 2 nodes; give at most 2');
    assert.equal(refused(four, ["n1"]), '"n1" is the node that is asked; it is not dead');
    assert.equal(refused(four, ["n9"]), '"n9" is no member; it need not be declared dead');
    assert.equal(
      refused(four, ["n2"]),
      '"n2" is declared dead, and is to be a member; leave it out of the members',
    );
    assert.equal(refused(four, [], "n4"), '"n4" is no member of the cluster; ask one that is');
    change(world, four);
    assert.equal(refused(four), "the last change is not known everywhere; wait until it has ended");
    world.run(1_000);
    assert.equal(
      refused(["n1", "n2", "n4"]),
      "a change led by n1 is under way, in the phase write-both-read-old; wait until it has ended",
    );
  });

  it("fail where the disk does, and nothing has changed", () => {
    const world = worldOf(three, ["n4"]);
    world.disk("n1").isBroken = true;
    const results = change(world, four);
    world.run();
    const message = "the disk of this node failed, so that the change could not be logged";
    assert.deepEqual(results, [{ ok: false, message }]);
    assert.equal(world.node("n1").membership.epoch, 1);
  });

  it("let each phase wait for the requests of the one before", () => {
    const world = worldOf(four, ["n5"]);
    world.route = (_from, _to, { kind }) => (kind === MessageKind.writeRequest ? 30_000 : 1_000);
    const reply = world.ask("n4", { f: "put", value: "slow" });
    change(world, five);
    world.run(25_000);
    assert.equal(world.node("n4").membership.phase, "write-both-read-old");
    assert.equal(world.node("n1").membership.phase, "write-both-read-old");
    world.run(1_000_000);
    assert.deepEqual(valuesOf(reply), []);
    assert.equal(world.node("n1").membership.phase, "steady");
  });

  it("reach clients that coordinate: what they ask by the old ring does not count", () => {
    const world = worldOf(four, ["n5"], { coordinate: "client" });
    world.startClient("c1");
    change(world, five);
    world.run(1_000_000);
    const first = world.ask("c1", { f: "put", value: "a" });
    world.run();
    assert.equal(failureOf(first).error, "QuorumNotMet");
    const second = world.ask("c1", { f: "put", value: "b" });
    world.run();
    assert.deepEqual(valuesOf(second), []);
  });

  it("keep a promise for a node that takes an acceptor's place", () => {
    const { key, from, to } = movingKey(four, five);
    const world = worldOf(four, ["n5"], { protocol: "caspaxos" });
    put(world, [key], "a");
    change(world, five);
    world.run(1_000_000);
    assert.deepEqual(keysOn(world, from), []);
    assert.deepEqual(keysOn(world, to), [key]);
    const cas = world.ask("n2", { f: "cas", key, expected: "a", value: "b" });
    world.run();
    assert.equal(cas[0]?.kind, "ok");
  });

  it("keep what old owners hold where nothing was streamed", () => {
    const { key, from, to } = movingKey(four, five);
    const world = worldOf(four, ["n5"], { ring: "naive" });
    put(world, [key], "a");
    change(world, five);
    world.run(1_000_000);
    assert.deepEqual(keysOn(world, from), [key]);
    assert.deepEqual(keysOn(world, to), []);
  });
});
