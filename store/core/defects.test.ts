import assert from "node:assert/strict";
import { defects, policiesOf } from "./defects.ts";
import { MessageKind } from "./messages.ts";
import { standardPolicies } from "./policies.ts";
import { FakeWorld } from "./testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "./testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];
const keyspace = (settings: object): object[] => [{ name: "k", ...settings }];

describe("planted defects", () => {
  it("have names of their own and say what real bug they stand for", () => {
    const names = defects.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, standsFor } of defects) {
      assert.match(name, /^[a-z]+(-[a-z0-9]+)+$/);
      assert.match(standsFor, /^[A-Z].*\.$/);
    }
  });

  it("override policies that exist, and leave the others alone", () => {
    for (const { name, policies } of defects) {
      const overridden = Object.keys(policies);
      assert.ok(overridden.length > 0, name);
      const planted: Record<string, unknown> = { ...policiesOf(name) };
      const standard: Record<string, unknown> = { ...standardPolicies };
      assert.deepEqual(Object.keys(planted), Object.keys(standard));
      for (const policy of Object.keys(standard)) {
        assert.equal(
          planted[policy] === standard[policy],
          !overridden.includes(policy),
          `${name}: ${policy}`,
        );
      }
    }
  });

  it("are planted by name only", () => {
    assert.equal(policiesOf(undefined), standardPolicies);
    assert.throws(
      () => policiesOf("no-such"),
      /there is no defect "no-such"; the defects are write-acked-at/,
    );
  });

  it("of time-outs change what the client hears", () => {
    const late = (defect: string): FakeWorld => {
      const world = new FakeWorld(three, keyspace({}), defect);
      world.route = () => null;
      return world;
    };
    const success = late("timeout-answered-as-success");
    const answered = success.ask("n1", { f: "put", value: "a" });
    success.run();
    assert.deepEqual(valuesOf(answered), []);
    const failure = late("timeout-answered-as-failure");
    const failed = failure.ask("n1", { f: "put", value: "a" });
    failure.run();
    assert.equal(failureOf(failed).indeterminate, false);
  });

  it("of counting let one replica be a quorum", () => {
    const world = new FakeWorld(three, keyspace({ w: 3 }), "ack-counted-twice");
    world.route = (from, to) => (from === "n3" || to === "n3" ? null : 1_000);
    const put = world.ask("n1", { f: "put", value: "a" });
    world.run(5_000);
    assert.equal(put.length, 0);
    const ack = world.sent.find(({ message }) => message.kind === MessageKind.writeAck);
    assert.ok(ack);
    world.deliver("n2", "n1", ack.message);
    assert.deepEqual(valuesOf(put), []);
  });

  it("of request ids apply a repeated write again", () => {
    const world = new FakeWorld(three, keyspace({}), "repeated-request-applied");
    for (const value of ["a", "b"]) {
      world.ask("n1", { f: "put", value, requestId: value });
      world.run();
    }
    world.ask("n1", { f: "put", value: "a", requestId: "a" });
    world.run();
    const get = world.ask("n2", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["a"]);
  });

  it("of lives take the acknowledgement of an earlier one", () => {
    const world = new FakeWorld(three, keyspace({}), "late-answer-of-earlier-life");
    world.route = (_from, to, message) =>
      message.kind === MessageKind.writeAck ? 30_000 : to === "n2" ? 1_000 : null;
    world.ask("n1", { f: "put", value: "a" });
    world.run(5_000);
    world.cutPower("n1");
    world.start("n1");
    world.route = () => null;
    const put = world.ask("n1", { f: "put", value: "b" });
    world.run(40_000);
    assert.deepEqual(valuesOf(put), []);
  });

  it("of syncing show or acknowledge what the power may take", () => {
    for (const [defect, isAcked] of [
      ["shown-before-sync", 0],
      ["ack-before-sync", 1],
    ] as const) {
      const world = new FakeWorld(three, keyspace({ w: 1, r: 1 }), defect);
      const put = world.ask("n1", { f: "put", value: "a" });
      assert.equal(put.length, isAcked, defect);
      assert.deepEqual(valuesOf(world.ask("n1", { f: "get" })), ["a"], defect);
      world.cutPower("n1");
      world.start("n1");
      assert.deepEqual(valuesOf(world.ask("n1", { f: "get" })), [], defect);
    }
  });

  it("of incarnations mint a version twice", () => {
    const world = new FakeWorld(three, keyspace({ protocol: "abd" }), "version-without-incarnation");
    world.syncUs = 1_000_000;
    const minted = (): unknown => world.sent[world.sent.length - 1]?.message.state.entries[0]?.version;
    world.ask("n1", { f: "put", value: "a" });
    world.run(10_000);
    const first = minted();
    world.cutPower("n1");
    world.start("n1");
    world.ask("n1", { f: "put", value: "b" });
    world.run(10_000);
    assert.ok(first);
    assert.deepEqual(minted(), first);
  });

  it("of deletes forget the tombstone", () => {
    const world = new FakeWorld(three, keyspace({}), "delete-without-tombstone");
    world.ask("n1", { f: "put", value: "a" });
    world.run();
    world.ask("n1", { f: "delete" });
    world.run();
    assert.deepEqual(world.node("n2").dump("k"), []);
  });

  it("of stamps lose the order of close or of far writes", () => {
    const world = new FakeWorld(three, keyspace({}), "stamp-in-milliseconds");
    world.ask("n2", { f: "put", value: "first" });
    world.run(300);
    world.ask("n1", { f: "put", value: "second" });
    world.run();
    const get = world.ask("n3", { f: "get" });
    world.run();
    assert.deepEqual(valuesOf(get), ["first"]);
  });
});
