import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import type { ClientReply } from "../request.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];

/** A world in which every node has the value "0". */
function world(settings: object, defect?: string): FakeWorld {
  const at = new FakeWorld(three, [{ name: "k", ...settings }], defect);
  at.ask("n1", { f: "put", value: "0" });
  at.run();
  return at;
}

const outcomes = (all: readonly (readonly ClientReply[])[]): readonly string[] =>
  all.map(([reply]) => (reply?.kind === "error" ? reply.error : String(reply?.kind)));

describe("compare-and-set by quorum", () => {
  it("writes where it finds what it expects, and nothing where it does not", () => {
    for (const settings of [{ cas: "quorum" }, { cas: "quorum", protocol: "abd" }]) {
      const at = world(settings);
      const won = at.ask("n2", { f: "cas", value: "1", expected: "0" });
      at.run();
      const lost = at.ask("n3", { f: "cas", value: "2", expected: "0" });
      const none = at.ask("n3", { f: "cas", value: "2", expected: null });
      at.run();
      assert.deepEqual(outcomes([won, lost, none]), ["ok", "CasMismatch", "CasMismatch"]);
      assert.equal(failureOf(lost).message, "expected 0, but the key holds 1; read it again");
      assert.equal(failureOf(lost).indeterminate, false);
      const get = at.ask("n1", { f: "get" });
      at.run();
      assert.deepEqual(valuesOf(get), ["1"]);
    }
  });

  it("has two winners when both read before either writes (C16)", () => {
    for (const settings of [{ cas: "quorum" }, { cas: "quorum", protocol: "abd" }]) {
      const at = world(settings);
      const both = [
        at.ask("n1", { f: "cas", value: "1", expected: "0" }),
        at.ask("n2", { f: "cas", value: "2", expected: "0" }),
      ];
      at.run();
      assert.deepEqual(outcomes(both), ["ok", "ok"]);
    }
  });

  it("has no effect when too few answer its read", () => {
    const at = world({ cas: "quorum" });
    at.route = () => null;
    const cas = at.ask("n1", { f: "cas", value: "1", expected: "0" });
    at.run();
    const { error, got, indeterminate } = failureOf(cas);
    assert.deepEqual([error, got, indeterminate], ["Timeout", 1, false]);
  });

  it("may have had an effect when too few acknowledge its write", () => {
    const at = world({ cas: "quorum" });
    at.route = (_from, _to, message) => (message.kind === MessageKind.writeRequest ? null : 1_000);
    const cas = at.ask("n1", { f: "cas", value: "1", expected: "0" });
    at.run();
    const { error, got, indeterminate } = failureOf(cas);
    assert.deepEqual([error, got, indeterminate], ["Timeout", 1, true]);
  });

  it("compares with what one replica happens to hold, with the defect", () => {
    for (const [defect, outcome] of [
      [undefined, "CasMismatch"],
      ["cas-compares-before-quorum", "ok"],
    ] as const) {
      const at = world({ cas: "quorum" }, defect);
      at.route = (from, to) => (from === "n3" || to === "n3" ? null : 1_000);
      at.ask("n1", { f: "put", value: "1" });
      at.run();
      at.route = () => 1_000;
      const cas = at.ask("n3", { f: "cas", value: "2", expected: "0" });
      at.run();
      assert.deepEqual(outcomes([cas]), [outcome]);
    }
  });

  it("is not there unless the keyspace says so", () => {
    const { error, message } = failureOf(world({}).ask("n1", { f: "cas", value: "1" }));
    assert.deepEqual([error, message], ["BadRequest", 'keyspace "k" has no compare-and-set; use put']);
  });
});

describe("compare-and-set by ballots over lww", () => {
  it("has one winner of two", () => {
    const at = world({ cas: "caspaxos" });
    const both = [
      at.ask("n1", { f: "cas", value: "1", expected: "0" }),
      at.ask("n2", { f: "cas", value: "2", expected: "0" }),
    ];
    at.run();
    assert.deepEqual([...outcomes(both)].sort(), ["CasMismatch", "ok"]);
  });

  it("stamps above what it replaces, however far ahead that is", () => {
    const at = new FakeWorld(three, [{ name: "k", cas: "caspaxos" }]);
    at.skewUs.set("n1", 60_000_000);
    at.ask("n1", { f: "put", value: "0" });
    at.run();
    const cas = at.ask("n2", { f: "cas", value: "1", expected: "0" });
    at.run();
    assert.deepEqual(outcomes([cas]), ["ok"]);
    const get = at.ask("n3", { f: "get" });
    at.run();
    assert.deepEqual(valuesOf(get), ["1"]);
  });

  it("replaces a plain write that it never saw (C21)", () => {
    const at = world({ cas: "caspaxos" });
    // The write is under way to n2 and n3 while these two decide without n1.
    at.route = (_from, to, { kind }) =>
      kind === MessageKind.writeRequest ? 20_000 : to === "n1" ? 20_000 : 1_000;
    const put = at.ask("n1", { f: "put", value: "plain" });
    at.run(500);
    const cas = at.ask("n2", { f: "cas", value: "1", expected: "0" });
    at.run();
    assert.deepEqual(outcomes([put, cas]), ["ok", "ok"]);
    at.route = () => 1_000;
    const get = at.ask("n3", { f: "get" });
    at.run();
    assert.deepEqual(valuesOf(get), ["1"]);
  });
});
