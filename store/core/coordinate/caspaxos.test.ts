import assert from "node:assert/strict";
import type { Message } from "../messages.ts";
import { keyMessage, MessageKind, messageNames } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";
import type { State, Version } from "../versions/version.ts";
import { nothing, only } from "../versions/version.ts";
import { versionText } from "../versions/version-text.ts";

const three = ["n1", "n2", "n3"];
const caspaxos = [{ name: "k", protocol: "caspaxos" }];

function world(defect?: string): FakeWorld {
  return new FakeWorld(three, caspaxos, defect);
}

/** What each node has accepted, as `value version`. */
function accepted(at: FakeWorld): readonly (string | undefined)[] {
  return three.map((id) => {
    const entry = at.node(id).dump("k")[0]?.values[0];
    return entry && `${entry.value} ${entry.version}`;
  });
}

const ballotAt = (time: number, node = "n1"): Version => ({
  time,
  node,
  incarnation: "ff00",
  sequence: time,
});
const stateOf = (value: string, version: Version): State => only({ version, value, deleted: false });

/** A message of a proposer that nobody knows of. */
function ballotMessage(kind: 18 | 21, ballot: Version, state: State = nothing): Message {
  return keyMessage(kind, 7, 1, 99, "ff00", "k", 1, "x", "", state, ballot, null);
}

/** What a node answers to a proposer at n1: kind, ballot that stands, and value that was accepted. */
function answersFrom(at: FakeWorld, id: string): readonly string[] {
  return at.sent
    .filter(({ from, message }) => from === id && message.requestId === 99)
    .map(({ message: { kind, version, state } }) =>
      [
        messageNames[kind],
        version === null ? "-" : versionText(version),
        state.entries[0]?.value ?? "-",
      ].join(" "),
    );
}

const sentOf = (at: FakeWorld, kind: number): readonly Message[] =>
  at.sent.map(({ message }) => message).filter((message) => message.kind === kind);

describe("caspaxos", () => {
  it("puts, compares, deletes and reads from any node, a replica or not", () => {
    const five = ["n1", "n2", "n3", "n4", "n5"];
    const at = new FakeWorld(five, caspaxos);
    const steps: readonly (readonly [Parameters<FakeWorld["ask"]>[1], string])[] = [
      [{ f: "get" }, "[]"],
      [{ f: "cas", value: "a", expected: null }, "[]"],
      [{ f: "cas", value: "b", expected: "a" }, "[]"],
      [{ f: "cas", value: "c", expected: "a" }, "CasMismatch"],
      [{ f: "get" }, '["b"]'],
      [{ f: "put", value: "d" }, "[]"],
      [{ f: "get" }, '["d"]'],
      [{ f: "delete" }, "[]"],
      [{ f: "get" }, "[]"],
      [{ f: "cas", value: "e", expected: "d" }, "CasMismatch"],
      [{ f: "cas", value: "e" }, "[]"],
      [{ f: "get" }, '["e"]'],
    ];
    steps.forEach(([request, outcome], index) => {
      const replies = at.ask(five[index % 5] ?? "", request);
      at.run();
      const [reply] = replies;
      assert.equal(reply?.kind === "ok" ? JSON.stringify(reply.values) : reply?.error, outcome, `${index}`);
    });
    const { compareAndSets, casMismatches } = at.node("n4").metrics;
    assert.deepEqual([compareAndSets, casMismatches], [1, 1]);
  });

  it("says what a refused cas found, and that it had no effect", () => {
    const at = world();
    at.ask("n1", { f: "put", value: "a".repeat(50) });
    at.run();
    const cas = at.ask("n2", { f: "cas", value: "b", expected: null });
    at.run();
    const { error, indeterminate, message } = failureOf(cas);
    assert.deepEqual([error, indeterminate], ["CasMismatch", false]);
    assert.equal(message, `expected no value, but the key holds ${"a".repeat(40)}…; read it again`);
  });

  it("orders by ballots, whatever the clocks say", () => {
    const at = world();
    at.skewUs.set("n1", 60_000_000);
    for (const [id, value] of [
      ["n1", "first"],
      ["n2", "second"],
    ] as const) {
      at.ask(id, { f: "put", value });
      at.run();
    }
    assert.deepEqual(
      accepted(at),
      three.map(() => "second @2 n2#0002.1"),
    );
  });

  it("gives what a read has found the read's own ballot, so that it stays found", () => {
    const at = world();
    at.route = (_from, _to, message) => (message.kind === MessageKind.accept ? null : 1_000);
    const put = at.ask("n1", { f: "put", value: "a" });
    at.run();
    const { error, needed, got, indeterminate } = failureOf(put);
    assert.deepEqual([error, needed, got, indeterminate], ["Timeout", 2, 1, true]);
    at.route = (from, to) => (from === "n3" || to === "n3" ? null : 1_000);
    const get = at.ask("n2", { f: "get" });
    at.run();
    assert.deepEqual(valuesOf(get), ["a"]);
    assert.deepEqual(accepted(at), ["a @2 n2#0002.1", "a @2 n2#0002.1", undefined]);
  });

  it("gives nothing a ballot, too", () => {
    const at = world();
    const get = at.ask("n2", { f: "get" });
    at.run();
    assert.deepEqual(valuesOf(get), []);
    assert.deepEqual(
      accepted(at),
      three.map(() => "null @1 n2#0002.1"),
    );
  });

  it("has no effect as long as no accept was sent", () => {
    const at = world();
    at.route = () => null;
    const requests = [{ f: "put", value: "a" }, { f: "get" }, { f: "cas", value: "a" }] as const;
    const replies = requests.map((request) => at.ask("n1", request));
    at.run();
    assert.deepEqual(
      replies.map((reply) => {
        const { error, needed, got, indeterminate } = failureOf(reply);
        return [error, needed, got, indeterminate];
      }),
      // The first holds the promise of n1; the others were waiting for it when n1 had to refuse them.
      [
        ["Timeout", 2, 1, false],
        ["Timeout", 2, 0, false],
        ["Timeout", 2, 0, false],
      ],
    );
    assert.deepEqual(sentOf(at, MessageKind.accept), []);
  });

  it("cannot tell what became of a read, either, once it has sent an accept", () => {
    const at = world();
    at.route = (_from, _to, message) => (message.kind === MessageKind.accept ? null : 1_000);
    const get = at.ask("n1", { f: "get" });
    at.run();
    const { error, indeterminate } = failureOf(get);
    assert.deepEqual([error, indeterminate], ["Timeout", true]);
  });

  it("tries again after its prepare was refused, under another attempt and a greater ballot", () => {
    const at = world();
    for (const id of ["n2", "n3"]) at.deliver("n1", id, ballotMessage(MessageKind.prepare, ballotAt(7)));
    at.run(10_000);
    const put = at.ask("n1", { f: "put", value: "a" });
    at.run();
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(
      sentOf(at, MessageKind.prepare).map(({ attempt, version }) => [attempt, version?.time]),
      [
        [1, 1],
        [1, 1],
        [2, 8],
        [2, 8],
      ],
    );
    assert.deepEqual(
      sentOf(at, MessageKind.accept).map(({ attempt }) => attempt),
      [2, 2],
    );
    assert.equal(at.node("n1").metrics.ballotRetries, 1);
  });

  it("tries again in time when its prepares are lost", () => {
    const at = world();
    let lost = 0;
    at.route = (_from, _to, { kind }) => {
      if (kind !== MessageKind.prepare || lost === 2) return 1_000;
      lost += 1;
      return null;
    };
    const put = at.ask("n1", { f: "put", value: "a", timeoutUs: 50_000 });
    at.run(24_000);
    assert.deepEqual([lost, put.length], [2, 0]);
    at.run(26_000);
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(
      sentOf(at, MessageKind.prepare).map(({ attempt }) => attempt),
      [1, 1, 2, 2],
    );
  });

  it("gives up, without effect, when its prepares are refused until the deadline", () => {
    const at = world();
    at.route = (_from, _to, message) => {
      // A proposer that is always ahead.
      const { kind, version } = message;
      if (kind !== MessageKind.prepare) return 100;
      const ballot = ballotAt((version?.time ?? 0) + 1);
      const ahead = ballotMessage(MessageKind.accept, ballot, stateOf("b", ballot));
      for (const id of ["n2", "n3"]) at.deliver("n1", id, ahead);
      return 300;
    };
    const put = at.ask("n1", { f: "put", value: "a" });
    at.run();
    const { error, indeterminate } = failureOf(put);
    assert.deepEqual([error, indeterminate], ["Contention", false]);
    assert.deepEqual(sentOf(at, MessageKind.accept), []);
    assert.equal(at.node("n1").metrics.contentions, 1);
  });

  const overtaken = (defect?: string): readonly [FakeWorld, ReturnType<FakeWorld["ask"]>] => {
    const at = world(defect);
    at.route = (_from, _to, message) => (message.kind === MessageKind.accept ? 20_000 : 1_000);
    const put = at.ask("n1", { f: "put", value: "a" });
    at.run(10_000);
    for (const id of ["n2", "n3"]) at.deliver("n1", id, ballotMessage(MessageKind.prepare, ballotAt(7)));
    at.run();
    return [at, put];
  };

  it("does not try again after an accept: it may have been taken", () => {
    const [at, put] = overtaken();
    const { error, indeterminate, message } = failureOf(put);
    assert.deepEqual([error, indeterminate], ["Contention", true]);
    assert.match(message, /this one may have taken effect; try again later$/);
    assert.equal(sentOf(at, MessageKind.prepare).length, 2);

    const [broken, twice] = overtaken("paxos-retries-after-accept");
    assert.deepEqual(valuesOf(twice), []);
    assert.equal(sentOf(broken, MessageKind.prepare).length, 4);
  });

  it("ignores answers to an earlier round", () => {
    const at = world();
    at.route = (_from, _to, { kind }) => (kind === MessageKind.prepareRefused ? 500 : 1_000);
    for (const id of ["n2", "n3"]) at.deliver("n1", id, ballotMessage(MessageKind.prepare, ballotAt(7)));
    at.run(10_000);
    const put = at.ask("n1", { f: "put", value: "a" });
    at.run(1_700);
    at.route = () => null;
    // Promises of the first round, as if they had been on their way for long.
    const [asked] = sentOf(at, MessageKind.prepare);
    assert.ok(asked);
    at.run(10_000);
    for (const id of ["n2", "n3"]) at.deliver(id, "n1", { ...asked, kind: MessageKind.promise });
    at.run();
    assert.deepEqual([failureOf(put).indeterminate, sentOf(at, MessageKind.accept).length], [false, 0]);
  });

  it("is proposed by clients as well, which learn from refusals how far the ballots are", () => {
    const at = new FakeWorld(three, [{ name: "k", protocol: "caspaxos", coordinate: "client" }]);
    for (const id of ["c1", "c2"]) at.startClient(id);
    const steps = [
      ["c1", { f: "put", value: "a" }],
      ["c2", { f: "cas", value: "b", expected: "a" }],
      ["c1", { f: "get" }],
    ] as const;
    const outcomes = steps.map(([id, request]) => {
      const replies = at.ask(id, request);
      at.run();
      return valuesOf(replies);
    });
    assert.deepEqual(outcomes, [[], [], ["b"]]);
    assert.match(String(accepted(at)[0]), /^b @2 c1#/);
  });

  it("refuses requests whose quorums might not meet", () => {
    const at = world();
    const messages = [
      { f: "get", r: 1 },
      { f: "put", value: "a", w: 1 },
      { f: "put", value: "a", consistency: "ALL" },
    ] as const;
    assert.deepEqual(
      messages.map((request) => failureOf(at.ask("n1", request)).message),
      [
        'r is 1; keyspace "k" decides by ballots, so give 2 to 3',
        'w is 1; keyspace "k" decides by ballots, so give 2 to 3',
        'keyspace "k" decides by ballots, whose quorums must meet; leave the consistency level out',
      ],
    );
    const put = at.ask("n1", { f: "put", value: "a", w: 3, r: 3 });
    at.run();
    assert.deepEqual(valuesOf(put), []);
  });
});

describe("acceptors", () => {
  it("promise only what is above, and accept nothing that is below", () => {
    const at = world();
    const tell = (kind: 18 | 21, ballot: Version, state?: State): void => {
      at.deliver("n1", "n2", ballotMessage(kind, ballot, state));
      at.run(10_000);
    };
    tell(MessageKind.prepare, ballotAt(5));
    tell(MessageKind.accept, ballotAt(5), stateOf("a", ballotAt(5)));
    tell(MessageKind.prepare, ballotAt(8));
    tell(MessageKind.prepare, ballotAt(7));
    tell(MessageKind.accept, ballotAt(5), stateOf("b", ballotAt(5)));
    tell(MessageKind.accept, ballotAt(9), stateOf("c", ballotAt(9)));
    tell(MessageKind.prepare, ballotAt(8, "n3"));
    assert.deepEqual(answersFrom(at, "n2"), [
      "promise - -",
      "accepted - -",
      "promise - a",
      "prepareRefused @8 n1#ff00.8 -",
      "acceptRefused @8 n1#ff00.8 -",
      "accepted - -",
      "prepareRefused @9 n1#ff00.9 -",
    ]);
    assert.deepEqual(accepted(at)[1], "c @9 n1#ff00.9");
  });

  it("answer a doubled prepare alike", () => {
    const at = world();
    for (let count = 0; count < 2; count += 1)
      at.deliver("n1", "n2", ballotMessage(MessageKind.prepare, ballotAt(5)));
    at.run();
    assert.deepEqual(answersFrom(at, "n2"), ["promise - -", "promise - -"]);
  });

  it("let a proposer finish before they promise a greater ballot, for a while", () => {
    const at = world();
    at.deliver("n1", "n2", ballotMessage(MessageKind.prepare, ballotAt(5)));
    at.run(1_000);
    at.deliver("n1", "n2", ballotMessage(MessageKind.prepare, ballotAt(6)));
    at.run(3_000);
    at.deliver("n1", "n2", ballotMessage(MessageKind.prepare, ballotAt(7)));
    at.run(1_000);
    assert.deepEqual(answersFrom(at, "n2"), ["promise - -", "prepareRefused @5 n1#ff00.5 -", "promise - -"]);
  });

  it("promise when that is durable, and tell what was accepted before, durable by then", () => {
    const at = world();
    at.syncUs = 10_000;
    at.deliver("n1", "n2", ballotMessage(MessageKind.accept, ballotAt(5), stateOf("a", ballotAt(5))));
    at.run(5_000);
    at.deliver("n1", "n2", ballotMessage(MessageKind.prepare, ballotAt(6)));
    at.run(9_000);
    assert.deepEqual(answersFrom(at, "n2"), ["accepted - -"]);
    at.run(2_000);
    assert.deepEqual(answersFrom(at, "n2"), ["accepted - -", "promise - a"]);
  });

  const afterPowerLoss = (defect?: string): FakeWorld => {
    const at = world(defect);
    at.deliver("n1", "n2", ballotMessage(MessageKind.prepare, ballotAt(6)));
    at.run(50_000);
    at.cutPower("n2");
    at.start("n2");
    at.deliver("n1", "n2", ballotMessage(MessageKind.accept, ballotAt(5), stateOf("a", ballotAt(5))));
    at.run();
    return at;
  };

  it("keep their promises when the power fails, unless those were not synced", () => {
    assert.deepEqual(answersFrom(afterPowerLoss(), "n2"), ["promise - -", "acceptRefused @6 n1#ff00.6 -"]);
    const broken = afterPowerLoss("paxos-promise-not-synced");
    assert.deepEqual(answersFrom(broken, "n2"), ["promise - -", "accepted - -"]);
  });

  it("refuse for want of a disk, and name no ballot then", () => {
    const at = world();
    at.disk("n2").isBroken = true;
    at.disk("n3").isBroken = true;
    const put = at.ask("n1", { f: "put", value: "a" });
    at.run();
    const { error, got, indeterminate } = failureOf(put);
    assert.deepEqual([error, got, indeterminate], ["QuorumNotMet", 1, false]);
  });

  it("are there for keyspaces that have ballots only", () => {
    const at = new FakeWorld(three, [{ name: "k" }]);
    at.deliver("n1", "n2", ballotMessage(MessageKind.prepare, ballotAt(6)));
    at.deliver("n1", "n2", ballotMessage(MessageKind.accept, ballotAt(6), stateOf("a", ballotAt(6))));
    assert.deepEqual(answersFrom(at, "n2"), ["prepareRefused - -", "acceptRefused - -"]);
  });
});
