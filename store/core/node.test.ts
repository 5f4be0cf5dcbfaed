import assert from "node:assert/strict";
import type { Message, MessageLeg } from "./messages.ts";
import { carried, keyMessage, legOf, MessageKind, messageNames } from "./messages.ts";
import { StoreNode } from "./node.ts";
import { KeyspaceError } from "./options/keyspace-error.ts";
import { parseKeyspaces } from "./options/parse-keyspaces.ts";
import { standardPolicies } from "./policies.ts";
import type { Runtime } from "./runtime.ts";
import type { LogRecord } from "./storage/record.ts";
import { promiseRecord, stateRecord } from "./storage/record.ts";
import { RecoveryError } from "./storage/recovery.ts";
import { FakeWorld } from "./testing/fake-world.test-support.ts";
import { valuesOf } from "./testing/replies.test-support.ts";
import { nothing, only } from "./versions/version.ts";

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
  disk: {
    append: () => {},
    sync: () => {},
    rotate: () => {},
    snapshot: () => {},
    install: () => {},
    isFull: false,
    backlog: 0,
  },
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
  return stateRecord(keyspace, 1, key, only({ version, value: `${time}`, deleted: false }));
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

  it("keeps the promises that are in its log", () => {
    const promised = { time: 9, node: "n2", incarnation: "abcdef", sequence: 1 };
    const node = make([{ name: "k", protocol: "caspaxos" }], [promiseRecord("k", 1, "x", promised)], null);
    const prepare = (key: string): Message =>
      keyMessage(
        MessageKind.prepare,
        3,
        2,
        1,
        "ff",
        "k",
        1,
        key,
        "",
        nothing,
        { ...promised, time: 8 },
        null,
      );
    sent.length = 0;
    node.receive("n3", prepare("x"));
    node.receive("n3", prepare("y"));
    // The other key's promise waits for the disk, which never syncs here.
    assert.deepEqual(
      sent.map(({ message }) => [messageNames[message.kind], message.version]),
      [["prepareRefused", promised]],
    );
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
    const { writeRequest, readRequest, versionRequest, writeBack, prepare, accept, repair } = MessageKind;
    sent.length = 0;
    for (const kind of [writeRequest, readRequest, versionRequest, writeBack, prepare, accept, repair]) {
      node.receive("n2", keyMessage(kind, 3, 2, 1, "ff", "other", 1, "x", "", nothing, null, null));
    }
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
        ["n2", "prepareRefused", 3, 2, "ff"],
        ["n2", "acceptRefused", 3, 2, "ff"],
      ],
    );
  });

  it("keeps keyspaces apart", () => {
    const protocols = ["quorum", "abd", "caspaxos"];
    const world = new FakeWorld(
      three,
      protocols.map((protocol) => ({ name: `by-${protocol}`, protocol })),
    );
    for (const protocol of protocols) {
      world.ask("n1", { f: "put", keyspace: `by-${protocol}`, value: protocol });
    }
    world.run();
    const replies = protocols.map((protocol) => world.ask("n2", { f: "get", keyspace: `by-${protocol}` }));
    world.run();
    assert.deepEqual(
      replies.map(valuesOf),
      protocols.map((protocol) => [protocol]),
    );
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
  it("have a name for every kind, and a leg of four where they are part of a request", () => {
    assert.equal(messageNames[MessageKind.writeRequest], "writeRequest");
    assert.equal(messageNames[MessageKind.streamEnd], "streamEnd");
    const on = (leg: MessageLeg): readonly (string | undefined)[] =>
      Object.values(MessageKind)
        .filter((kind) => legOf(kind) === leg)
        .map((kind) => messageNames[kind]);
    assert.deepEqual(on("writeRequest"), ["writeRequest", "writeBack", "accept"]);
    assert.deepEqual(on("writeAck"), [
      "writeAck",
      "writeRefused",
      "writeBackAck",
      "writeBackRefused",
      "accepted",
      "acceptRefused",
    ]);
    assert.deepEqual(on("readRequest"), ["readRequest", "versionRequest", "prepare"]);
    assert.deepEqual(on("readAnswer"), [
      "readAnswer",
      "readRefused",
      "versionAnswer",
      "promise",
      "prepareRefused",
    ]);
    assert.ok(on("background").includes("forward"));
    assert.equal(legOf(9_999), "background");
  });

  it("show what they carry", () => {
    const { state } = record(1, "a", 5);
    const write = keyMessage(MessageKind.writeRequest, 1, 0, 1, "00", "k", 1, "a", "", state, null, null);
    assert.deepEqual(carried(write), { value: "5", version: "@5 n2#abcd.1", deleted: false });
    assert.equal(carried({ ...write, state: nothing }), null);
    const entries = [{ key: "a", state, promised: null }];
    assert.equal(carried({ ...write, state: nothing, entries })?.value, "5");
  });
});
