import assert from "node:assert/strict";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];
const byClient = (settings: object = {}): FakeWorld =>
  new FakeWorld(three, [{ name: "k", stamp: "client", ...settings }]);

const versionAt = (at: FakeWorld, id: string): string | undefined =>
  at.node(id).dump("k")[0]?.values[0]?.version;

describe("clients' timestamps", () => {
  it("make a write that is tried again on another node the same write (C20)", () => {
    const at = byClient();
    const stamped = { f: "put", value: "a", clientStampUs: 5, clientId: "c1" } as const;
    at.route = () => null;
    const first = at.ask("n1", stamped);
    at.run();
    assert.equal(failureOf(first).indeterminate, true);
    at.route = () => 1_000;
    at.ask("n2", { f: "put", value: "b", clientStampUs: 6, clientId: "c2" });
    at.run();
    const again = at.ask("n3", stamped);
    at.run();
    assert.equal(again[0]?.kind === "ok" ? again[0].version : "", "@5 c1#.0");
    const get = at.ask("n3", { f: "get" });
    at.run();
    assert.deepEqual(valuesOf(get), ["b"]);
    assert.deepEqual(
      three.map((id) => versionAt(at, id)),
      three.map(() => "@6 c2#.0"),
    );
  });

  it("win by themselves, whatever the coordinator's clock says, and by the client's id on a tie", () => {
    const at = byClient();
    at.skewUs.set("n1", 60_000_000);
    for (const [id, value, clientStampUs, clientId] of [
      ["n1", "a", 7, "c1"],
      ["n2", "b", 7, "c2"],
      ["n3", "c", 6, "c3"],
    ] as const) {
      at.ask(id, { f: "put", value, clientStampUs, clientId });
      at.run();
    }
    assert.equal(versionAt(at, "n1"), "@7 c2#.0");
  });

  it("are wanted of every write, and of no read", () => {
    const at = byClient();
    const messages = [
      { f: "put", value: "a", clientId: "c1" },
      { f: "delete", clientStampUs: 1.5, clientId: "c1" },
      { f: "put", value: "a", clientStampUs: 1 },
      { f: "put", value: "a", clientStampUs: 1, clientId: "c 1" },
    ] as const;
    const stamp = 'keyspace "k" wants the client\'s timestamp, in microseconds, as a whole number above 0';
    const id = 'keyspace "k" wants the client\'s id: 1 to 32 letters, digits, -, _ or .';
    assert.deepEqual(
      messages.map((request) => failureOf(at.ask("n1", request)).message),
      [stamp, stamp, id, id],
    );
    const get = at.ask("n1", { f: "get" });
    at.run();
    assert.deepEqual(valuesOf(get), []);
  });

  it("are refused where the coordinator stamps", () => {
    const at = new FakeWorld(three, [{ name: "k" }]);
    const { message } = failureOf(at.ask("n1", { f: "put", value: "a", clientStampUs: 1, clientId: "c1" }));
    assert.equal(message, 'keyspace "k" takes no timestamps from clients; leave stamp and client id out');
  });
});

describe("coordinators' timestamps", () => {
  it("are rounded down to the keyspace's unit", () => {
    const at = new FakeWorld(["n1"], [{ name: "k", n: 1, stampUnitUs: 1_000 }]);
    at.run(1_500);
    at.ask("n1", { f: "put", value: "a" });
    at.run();
    assert.equal(versionAt(at, "n1"), "@1001000 n1#0001.1");
  });
});
