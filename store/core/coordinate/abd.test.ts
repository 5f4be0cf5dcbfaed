import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];
const abd = [{ name: "k", n: 3, w: 2, r: 2, protocol: "abd" }];

function world(defect?: string): FakeWorld {
  return new FakeWorld(three, abd, defect);
}

const versionAt = (at: FakeWorld, id: string): string | undefined =>
  at.node(id).dump("k")[0]?.values[0]?.version;

describe("abd", () => {
  it("orders writes by a counter that a quorum knows, whatever the clocks say", () => {
    const at = world();
    at.skewUs.set("n1", 60_000_000);
    at.ask("n1", { f: "put", value: "fast" });
    at.run();
    at.ask("n2", { f: "put", value: "later" });
    at.run();
    const get = at.ask("n3", { f: "get" });
    at.run();
    assert.deepEqual(valuesOf(get), ["later"]);
    assert.deepEqual(
      three.map((id) => versionAt(at, id)),
      three.map(() => "@2 n2#0002.1"),
    );
  });

  it("deletes with a version", () => {
    const at = world();
    at.ask("n1", { f: "put", value: "a" });
    at.run();
    at.ask("n2", { f: "delete" });
    at.run();
    const get = at.ask("n3", { f: "get" });
    at.run();
    assert.deepEqual(valuesOf(get), []);
    assert.deepEqual(at.node("n1").dump("k")[0]?.values, [
      { value: null, version: "@2 n2#0002.1", deleted: true },
    ]);
  });

  it("writes an unfinished write back to w replicas before it answers", () => {
    const at = world();
    at.route = (_from, _to, message) => (message.kind === MessageKind.writeRequest ? null : 1_000);
    const put = at.ask("n1", { f: "put", value: "a" });
    at.run();
    assert.equal(failureOf(put).indeterminate, true);
    at.syncUs = 5_000;
    at.route = (from, to) => (from === "n3" || to === "n3" ? null : 1_000);
    const get = at.ask("n2", { f: "get" });
    at.run(6_500);
    assert.equal(get.length, 0);
    at.run(1_000);
    assert.deepEqual(valuesOf(get), ["a"]);
    assert.equal(versionAt(at, "n2"), versionAt(at, "n1"));
  });

  it("answers nothing when the write-back is not acknowledged", () => {
    const at = world();
    at.route = (_from, _to, message) => (message.kind === MessageKind.writeRequest ? null : 1_000);
    at.ask("n1", { f: "put", value: "a" });
    at.run();
    at.route = (_from, _to, message) => (message.kind === MessageKind.writeBack ? null : 1_000);
    const get = at.ask("n1", { f: "get" });
    at.run();
    const { error, got, indeterminate, needed } = failureOf(get);
    assert.deepEqual([error, needed, got, indeterminate], ["Timeout", 2, 1, true]);
  });

  it("calls a write indeterminate that found no quorum for its version", () => {
    const at = world();
    at.route = () => null;
    const put = at.ask("n1", { f: "put", value: "a" });
    at.run();
    const { error, got, indeterminate, needed } = failureOf(put);
    assert.deepEqual([error, needed, got, indeterminate], ["Timeout", 2, 1, true]);
  });

  it("never mints a version twice, not after a restart either", () => {
    const at = world();
    at.route = () => null;
    at.route = (_from, to) => (to === "n3" ? null : 1_000);
    at.syncUs = 1_000_000;
    at.ask("n1", { f: "put", value: "a" });
    at.run(10_000);
    at.cutPower("n1");
    at.start("n1");
    at.ask("n1", { f: "put", value: "b" });
    at.run(10_000);
    const minted = at.sent
      .filter(({ message }) => message.kind === MessageKind.writeRequest)
      .map(({ message }) => message.state.entries[0]?.version);
    const [first] = minted;
    const last = minted[minted.length - 1];
    assert.equal(first?.time, last?.time);
    assert.notEqual(first?.incarnation, last?.incarnation);
  });

  it("is broken by the defects that are planted in its versions", () => {
    for (const defect of ["abd-sequence-reset", "abd-clock-version"]) {
      const at = world(defect);
      at.skewUs.set("n1", 60_000_000);
      at.ask("n1", { f: "put", value: "one" });
      at.run();
      at.ask("n1", { f: "put", value: "two" });
      at.run();
      at.ask("n2", { f: "put", value: "three" });
      at.run();
      const get = at.ask("n3", { f: "get" });
      at.run();
      assert.deepEqual(valuesOf(get), ["two"], defect);
    }
  });
});
