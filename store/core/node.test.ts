import assert from "node:assert/strict";
import type { Message } from "./messages.ts";
import { carried, keyMessage, legOf, MessageKind, messageNames } from "./messages.ts";
import { StoreNode } from "./node.ts";
import { KeyspaceError } from "./options/keyspace-error.ts";
import { parseKeyspaces } from "./options/parse-keyspaces.ts";
import { standardPolicies } from "./policies.ts";
import type { Runtime } from "./runtime.ts";
import type { LogRecord } from "./storage/record.ts";
import { RecordKind } from "./storage/record.ts";
import { RecoveryError } from "./storage/recovery.ts";
import { FakeWorld } from "./testing/fake-world.test-support.ts";
import { valuesOf } from "./testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];
const sent: { to: string; message: Message }[] = [];
/** A world in which nothing ever happens, for nodes that only have to be made. */
const stillWorld: Runtime = {
  incarnation: "00",
  wallClockUs: () => 1,
  monotonicUs: () => 1,
  draw: () => 0,
  send: (to, message) => sent.push({ to, message }),
  after: () => null,
  cancel: () => {},
  disk: { append: () => {}, sync: () => {} },
  notes: null,
};

function make(
  keyspaces: unknown,
  records: readonly LogRecord[],
  dropped: "torn" | "corrupt" | null,
): StoreNode {
  const members = three.map((id) => ({ id, dc: "dc1" }));
  const config = { id: "n1", members, keyspaces: parseKeyspaces(keyspaces), policies: standardPolicies };
  return new StoreNode(config, stillWorld, { records, dropped: dropped && { kind: dropped, at: 99 } });
}

function record(sequence: number, key: string, time: number, keyspace = "k"): LogRecord {
  const version = { time, node: "n2", incarnation: "abcdef", sequence };
  const state = [{ version, value: `${time}`, deleted: false }];
  return { sequence, kind: RecordKind.state, keyspace, ringEpoch: 1, key, state };
}

describe("store node", () => {
  it("rebuilds each key's newest version from its log, and dumps sorted by key", () => {
    const records = [record(1, "b", 5), record(2, "a", 7), record(3, "b", 4), record(4, "c", 1)];
    const node = make([{ name: "k" }], records, "torn");
    assert.deepEqual(node.dump("k"), [
      { key: "a", values: [{ value: "7", version: "@7 n2#abcd.2", deleted: false }] },
      { key: "b", values: [{ value: "5", version: "@5 n2#abcd.1", deleted: false }] },
      { key: "c", values: [{ value: "1", version: "@1 n2#abcd.4", deleted: false }] },
    ]);
    assert.deepEqual(node.dump("no such"), []);
  });

  it("refuses a log that is damaged in the middle, or that it has no keyspace for", () => {
    assert.throws(
      () => make([{ name: "k" }], [], "corrupt"),
      (error: unknown) => {
        assert.ok(error instanceof RecoveryError);
        return error.message.startsWith("the log is damaged at 99 and goes on behind it; restore the file");
      },
    );
    assert.throws(
      () => make([{ name: "k" }], [record(1, "a", 1, "other")], null),
      /writes of keyspace "other", which is not configured/,
    );
  });

  it("refuses more replicas than there are nodes", () => {
    assert.throws(
      () => make([{ name: "a" }, { name: "k", n: 4 }], [], null),
      (error: unknown) => {
        assert.ok(error instanceof KeyspaceError);
        return error.message === "keyspaces[1].n: 4 replicas do not fit on 3 nodes; give at most 3";
      },
    );
  });

  it("tells a coordinator at once that it does not know the keyspace", () => {
    const node = make([{ name: "k" }], [], null);
    const ask = (kind: 1 | 4 | 7 | 9 | 12): Message =>
      keyMessage(kind, 3, 2, 1, "ff", "other", 1, "x", [], null);
    sent.length = 0;
    for (const kind of [1, 4, 7, 9, 12] as const) node.receive("n2", ask(kind));
    assert.deepEqual(
      sent.map(({ to, message }) => [
        to,
        messageNames[message.kind],
        message.cause,
        message.attempt,
        message.incarnation,
      ]),
      [
        ["n2", "writeRefused", 3, 2, "ff"],
        ["n2", "readRefused", 3, 2, "ff"],
        ["n2", "readRefused", 3, 2, "ff"],
        ["n2", "writeBackRefused", 3, 2, "ff"],
      ],
    );
  });

  it("keeps keyspaces apart", () => {
    const world = new FakeWorld(three, [{ name: "one" }, { name: "two", protocol: "abd" }]);
    world.ask("n1", { f: "put", keyspace: "one", value: "a" });
    world.ask("n1", { f: "put", keyspace: "two", value: "b" });
    world.run();
    const replies = ["one", "two"].map((keyspace) => world.ask("n2", { f: "get", keyspace }));
    world.run();
    assert.deepEqual(replies.map(valuesOf), [["a"], ["b"]]);
  });

  it("gives every message of a request its cause", () => {
    const world = new FakeWorld(three, [{ name: "k", protocol: "abd" }]);
    world.ask("n1", { f: "put", value: "a", cause: 77 });
    world.ask("n2", { f: "get", key: "y", cause: 78 });
    world.run();
    assert.deepEqual([...new Set(world.sent.map(({ message }) => message.cause))].sort(), [77, 78]);
    assert.equal(world.sent.length, 12);
  });
});

describe("messages", () => {
  it("have a name and a leg for every kind", () => {
    assert.equal(messageNames[MessageKind.writeRequest], "writeRequest");
    assert.equal(messageNames[MessageKind.entries], "entries");
    const legs = Object.values(MessageKind).map((kind) => `${messageNames[kind]} ${legOf(kind)}`);
    assert.deepEqual(legs, [
      "writeRequest writeRequest",
      "writeAck writeAck",
      "writeRefused writeAck",
      "readRequest readRequest",
      "readAnswer readAnswer",
      "readRefused readAnswer",
      "versionRequest readRequest",
      "versionAnswer readAnswer",
      "writeBack writeRequest",
      "writeBackAck writeAck",
      "writeBackRefused writeAck",
      "repair background",
      "digests background",
      "differences background",
      "entries background",
    ]);
  });

  it("show what they carry", () => {
    const { state } = record(1, "a", 5);
    const write = keyMessage(MessageKind.writeRequest, 1, 0, 1, "00", "k", 1, "a", state, null);
    assert.deepEqual(carried(write), { value: "5", version: "@5 n2#abcd.1", deleted: false });
    assert.equal(carried({ ...write, state: [] }), null);
    assert.equal(carried({ ...write, state: [], entries: [{ key: "a", state }] })?.value, "5");
  });
});
