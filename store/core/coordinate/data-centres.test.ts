import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import type { FinishedRun, OperationName, RandomRun } from "../testing/random-run.test-support.ts";
import { runAtRandom, staleRead } from "../testing/random-run.test-support.ts";
import { failureOf, valuesOf } from "../testing/replies.test-support.ts";

/** Three replicas in each of two centres: n1, n2, n3 and n4, n5, n6; n7 is in a centre without any. */
const ids = ["n1", "n2", "n3", "n4", "n5", "n6"];
const dcOf = (id: string): string => (id < "n4" ? "d1" : id < "n7" ? "d2" : "d3");
const keyspace = { name: "k", replicas: { d1: 3, d2: 3 } };

function world(settings: object = {}, nodes: readonly string[] = ids): FakeWorld {
  return new FakeWorld(nodes, [{ ...keyspace, ...settings }], undefined, dcOf);
}

/** Lets messages through within a centre only. */
function cutLink(at: FakeWorld): void {
  at.route = (from, to) => (dcOf(from) === dcOf(to) ? 1_000 : null);
}

function told(replies: ReturnType<FakeWorld["ask"]>): string {
  const [reply] = replies;
  if (reply?.kind === "ok") return `ok ${reply.values.join()}`;
  return `${reply?.error} ${reply?.got}/${reply?.needed} ${reply?.indeterminate}`;
}

describe("two data centres", () => {
  it("each work on while the link is cut, with local quorums (M1)", () => {
    const at = world();
    cutLink(at);
    const consistency = "LOCAL_QUORUM";
    for (const [writer, reader, value] of [
      ["n1", "n3", "a"],
      ["n4", "n6", "b"],
    ] as const) {
      const put = at.ask(writer, { f: "put", value, consistency });
      at.run();
      const get = at.ask(reader, { f: "get", consistency });
      at.run();
      assert.deepEqual([told(put), told(get)], ["ok ", `ok ${value}`]);
    }
    const asked = at.sent.filter(({ message }) => message.kind === MessageKind.readRequest);
    assert.ok(asked.every(({ from, to }) => dcOf(from) === dcOf(to)));
  });

  it("do not see each other's writes in time (M2), but in the end", () => {
    const at = world();
    at.route = (from, to) => (dcOf(from) === dcOf(to) ? 1_000 : 40_000);
    at.ask("n1", { f: "put", value: "a", consistency: "LOCAL_QUORUM" });
    at.run(10_000);
    const stale = at.ask("n5", { f: "get", consistency: "LOCAL_ONE" });
    at.run(40_000);
    const later = at.ask("n5", { f: "get", consistency: "LOCAL_ONE" });
    at.run();
    assert.deepEqual([stale, later].map(told), ["ok ", "ok a"]);
  });

  it("see what was written to a quorum of each, and no such write succeeds over a cut (M3)", () => {
    const at = world();
    at.route = (from, to) => (dcOf(from) === dcOf(to) ? 1_000 : 20_000);
    const put = at.ask("n1", { f: "put", value: "a", consistency: "EACH_QUORUM" });
    at.run(39_000);
    assert.equal(put.length, 0);
    at.run(3_000);
    const get = at.ask("n5", { f: "get", consistency: "LOCAL_QUORUM" });
    at.run(5_000);
    assert.deepEqual([put, get].map(told), ["ok ", "ok a"]);
    cutLink(at);
    const requests = [
      at.ask("n1", { f: "put", value: "b", consistency: "EACH_QUORUM" }),
      at.ask("n1", { f: "get", consistency: "EACH_QUORUM" }),
      at.ask("n1", { f: "put", value: "b", consistency: "QUORUM" }),
    ];
    at.run();
    assert.deepEqual(requests.map(told), ["Timeout 2/4 true", "Timeout 2/4 false", "Timeout 3/4 true"]);
  });

  it("write back within the centre only, when a local read repairs", () => {
    const at = world({ read: "repair-blocking" });
    at.route = (_from, to, message) =>
      message.kind === MessageKind.writeRequest && to !== "n2" ? null : 1_000;
    const put = at.ask("n2", { f: "put", value: "a", consistency: "LOCAL_ONE" });
    at.run();
    assert.equal(told(put), "ok ");
    at.route = (_from, to) => (to === "n3" ? null : 1_000);
    const get = at.ask("n1", { f: "get", consistency: "LOCAL_QUORUM" });
    at.run();
    assert.equal(told(get), "ok a");
    const holders = ids.filter((id) => at.node(id).dump("k").length > 0);
    assert.deepEqual(holders, ["n1", "n2"]);
  });

  it("refuse a level that can never be met, saying why", () => {
    const at = world({}, [...ids, "n7"]);
    const local = failureOf(at.ask("n7", { f: "get", consistency: "LOCAL_QUORUM" }));
    assert.deepEqual([local.error, local.indeterminate], ["BadRequest", false]);
    assert.equal(local.message, 'LOCAL_QUORUM needs more replicas of keyspace "k" than there are in d3');
    const one = new FakeWorld(["n1"], [{ name: "k", n: 1 }]);
    const two = failureOf(one.ask("n1", { f: "put", value: "a", consistency: "TWO" }));
    assert.equal(two.message, 'TWO needs more replicas of keyspace "k" than there are');
    const none = failureOf(one.ask("n1", { f: "get", consistency: "THREE" }));
    assert.equal(
      none.message,
      'there is no consistency level "THREE"; the levels are ONE, TWO, QUORUM, ALL, LOCAL_ONE, LOCAL_QUORUM, EACH_QUORUM',
    );
    const anywhere = at.ask("n7", { f: "put", value: "a", consistency: "EACH_QUORUM" });
    at.run();
    assert.equal(told(anywhere), "ok ");
  });

  it("hold as many replicas as the keyspace says", () => {
    const at = world({ replicas: { d1: 1, d2: 2 } });
    for (const key of ["x", "y", "z"]) {
      at.ask("n1", { f: "put", key, value: key, consistency: "ALL" });
      at.run();
      const holders = ids.filter((id) =>
        at
          .node(id)
          .dump("k")
          .some((held) => held.key === key),
      );
      assert.deepEqual(holders.map(dcOf).sort(), ["d1", "d2", "d2"], key);
    }
  });
});

describe("reads between data centres, under loss, doubling and delay", () => {
  const levels =
    (write: string, read: string) =>
    (f: OperationName): string =>
      f === "get" ? read : write;
  const run = (seed: number, levelOf: (f: OperationName) => string): FinishedRun => {
    const { name: _, ...settings } = keyspace;
    const plan: RandomRun = { seed, nodes: 6, settings, skewUs: 0, hasPowerLoss: false, dcOf, levelOf };
    return runAtRandom(plan);
  };
  const seeds = [...Array(60).keys()];

  it("are never stale after writes to a quorum of each (M3)", () => {
    for (const seed of seeds) {
      const { operations, answered } = run(seed, levels("EACH_QUORUM", "LOCAL_QUORUM"));
      assert.ok(answered >= 15, `seed ${seed}: ${answered}`);
      assert.equal(staleRead(operations), null, `seed ${seed}`);
    }
  });

  it("are stale after local writes, but not among the clients of one centre (M1, M2)", () => {
    const stale = seeds.filter((seed) => {
      const { operations } = run(seed, levels("LOCAL_QUORUM", "LOCAL_QUORUM"));
      for (const dc of ["d1", "d2"]) {
        const local = operations.filter(({ node }) => dcOf(node) === dc);
        assert.equal(staleRead(local), null, `seed ${seed} in ${dc}`);
      }
      return staleRead(operations) !== null;
    });
    assert.ok(stale.length > 0);
  });
});

describe("a coordinator's own replica", () => {
  const own = (settings: object = {}): FakeWorld =>
    new FakeWorld(["n1", "n2", "n3", "n4"], [{ name: "k", w: 1, r: 1, answer: "own-replica", ...settings }]);

  it("answers alone, at once, and with what it has", () => {
    const at = own();
    at.route = (_from, to) => (to === "n1" ? 1_000 : null);
    at.ask("n1", { f: "put", value: "a" });
    at.run();
    const holders = ["n1", "n2", "n3", "n4"].filter((id) => at.node(id).dump("k").length > 0);
    at.sent.length = 0;
    const replies = ["n1", "n2", "n3", "n4"].map((id) => [id, at.ask(id, { f: "get" })] as const);
    const atOnce = replies.filter(([, reply]) => reply.length === 1).map(([id]) => id);
    assert.equal(atOnce.length, 3);
    for (const [id, reply] of replies) {
      if (atOnce.includes(id)) assert.deepEqual(valuesOf(reply), holders.includes(id) ? ["a"] : [], id);
    }
    // The one that is no replica asks those that are.
    assert.deepEqual([...new Set(at.sent.map(({ from }) => from))].length, 1);
    assert.equal(at.sent.length, 3);
  });

  it("never goes back, though clients that move do (G10)", () => {
    const mix = ["get", "get", "get", "put"] as const;
    const settings = { w: 1, r: 1, answer: "own-replica" };
    let movedBack = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      const plan: RandomRun = { seed, nodes: 3, settings, skewUs: 0, hasPowerLoss: seed % 2 === 0, mix };
      const { operations } = runAtRandom(plan);
      for (const id of ["n1", "n2", "n3"]) {
        const here = operations.filter(({ node, f }) => node === id && f === "get");
        assert.equal(goesBack(here), null, `seed ${seed} at ${id}`);
      }
      if (goesBack(operations.filter(({ f }) => f === "get")) !== null) movedBack += 1;
    }
    assert.ok(movedBack > 0);
  });

  /** A read that is older than an earlier one: each earlier read is taken for a write of what it saw. */
  function goesBack(reads: FinishedRun["operations"]): string | null {
    return staleRead([...reads, ...reads.map((read) => ({ ...read, f: "put" as const }))]);
  }
});
