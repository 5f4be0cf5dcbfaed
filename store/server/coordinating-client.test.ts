import assert from "node:assert/strict";
import { CoordinatingClient } from "../client/coordinating-client.ts";
import { dialPeer } from "../client/dial-peer.ts";
import { StoreError } from "../client/http-client.ts";
import { LocalCluster, testSecret } from "./local-cluster.test-support.ts";

const keyspaces = [
  { name: "plain", coordinate: "client" },
  { name: "blocking", coordinate: "client", read: "repair-blocking" },
  { name: "linear", coordinate: "client", protocol: "abd" },
  { name: "stamped", coordinate: "client", stamp: "client" },
  { name: "carts", coordinate: "client", versions: "or-cart" },
  { name: "by-nodes" },
];

function clientOf(cluster: LocalCluster, changes: { readonly id?: string; readonly secret?: string } = {}) {
  const nodes = cluster.peerPorts.map((port, index) => {
    return { id: `n${index}`, dc: "dc1", host: "127.0.0.1", port };
  });
  return new CoordinatingClient({ nodes, keyspaces, secret: testSecret, ...changes });
}

/** How a request failed. */
async function failureOf(request: Promise<unknown>): Promise<StoreError> {
  try {
    await request;
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("a coordinating client of real nodes", function () {
  this.timeout(30_000);
  let cluster: LocalCluster;
  let one: CoordinatingClient;
  let other: CoordinatingClient;

  before(async () => {
    cluster = await LocalCluster.prepare(3, keyspaces);
    await cluster.start(0, 1, 2);
    one = clientOf(cluster, { id: "c1" });
    other = clientOf(cluster, { id: "c2" });
    assert.ok((await one.ready(5_000)) && (await other.ready(5_000)));
  });
  after(async () => {
    one.close();
    other.close();
    await cluster.close();
  });

  for (const keyspace of ["plain", "blocking", "linear", "stamped"]) {
    it(`puts, gets and deletes in ${keyspace}, and other clients see it`, async () => {
      const put = await one.put(keyspace, "a key", { list: [1, "two", null] });
      assert.match(put.version ?? "", / c1#/);
      const got = await other.get(keyspace, "a key");
      assert.deepEqual([got.values, got.version], [[{ list: [1, "two", null] }], put.version]);
      await other.delete(keyspace, "a key");
      assert.deepEqual((await one.get(keyspace, "a key")).values, []);
    });
  }

  it("keeps a cart through a replica that it forwards to", async () => {
    await one.add("carts", "mine", "milk", { quantity: 2 });
    await one.add("carts", "mine", "eggs");
    // What a quorum read has seen can be removed; what one add returned need not cover the other.
    const { values, context } = await other.get("carts", "mine");
    assert.deepEqual(values, [{ eggs: 1, milk: 2 }]);
    await other.remove("carts", "mine", "milk", { context: context ?? "" });
    assert.deepEqual((await one.get("carts", "mine")).values, [{ eggs: 1 }]);
  });

  it("gives a retry the version of the first try, where clients stamp", async () => {
    const first = await one.put("stamped", "again", 1, { stampUs: 1_000 });
    const second = await one.put("stamped", "again", 1, { stampUs: 1_000 });
    assert.equal(first.version, "@1000 c1#.0");
    assert.equal(second.version, first.version);
  });

  it("writes what it read back to a node that missed it, before it answers", async () => {
    await cluster.kill(2);
    const put = await one.put("blocking", "missed", "late");
    await cluster.start(2);
    assert.ok(await one.ready(5_000));
    const held = async (): Promise<string | undefined> => {
      const keys = await cluster.client(2).dump("blocking");
      return keys.find(({ key }) => key === "missed")?.entries[0]?.version;
    };
    assert.equal(await held(), undefined);
    assert.deepEqual((await one.get("blocking", "missed", { r: 3 })).values, ["late"]);
    assert.equal(await held(), put.version);
  });

  it("goes on with two nodes of three, and says so when one is left", async () => {
    await cluster.kill(2);
    await one.put("linear", "quorum", 1);
    assert.deepEqual((await other.get("linear", "quorum")).values, [1]);
    await cluster.kill(1);
    const failure = await failureOf(one.put("plain", "quorum", 2, { deadlineMs: 300 }));
    assert.deepEqual(
      [failure.code, failure.needed, failure.got, failure.indeterminate],
      ["Timeout", 2, 1, true],
    );
    await cluster.start(1, 2);
    assert.ok(await one.ready(5_000));
  });

  it("leaves to nodes what nodes coordinate, as they leave to it what it does", async () => {
    assert.match((await failureOf(one.get("by-nodes", "x"))).message, /is coordinated by nodes/);
    const atNode = await failureOf(cluster.client(0).get("plain", "x"));
    assert.deepEqual([atNode.code, atNode.indeterminate], ["BadRequest", false]);
    assert.match(atNode.message, /is coordinated by clients/);
  });

  it("reaches nobody under a node's name, nor with another secret", async () => {
    assert.throws(() => clientOf(cluster, { id: "n1" }), /"n1" is a node/);
    const stranger = clientOf(cluster, { secret: "another secret" });
    try {
      assert.equal(await stranger.ready(300), false);
      assert.deepEqual(stranger.reached, []);
      const failure = await failureOf(stranger.get("plain", "x", { deadlineMs: 100 }));
      assert.equal(failure.code, "Timeout");
    } finally {
      stranger.close();
    }
  });

  it("is told apart from nodes by how it signs", async () => {
    const dial = (self: string, role: "asks" | "dials"): Promise<string> => {
      const port = cluster.peerPorts[0] ?? 0;
      const plan = { self, role, peer: "n0", host: "127.0.0.1", port, secret: testSecret, timeoutMs: 2_000 };
      return new Promise((resolve) => {
        dialPeer(plan, (result) => {
          if (!(result instanceof Error)) result.socket.destroy();
          resolve(result instanceof Error ? result.message : "welcome");
        });
      });
    };
    assert.equal(await dial("c3", "asks"), "welcome");
    assert.match(await dial("n1", "asks"), /n1 is the name of a node, not of a client/);
    assert.match(await dial("c3", "dials"), /c3 is not another member of this cluster/);
  });

  it("fails what is open when it is closed, without saying that it had no effect", async () => {
    const brief = clientOf(cluster);
    const open = failureOf(brief.put("plain", "x", 1));
    brief.close();
    assert.deepEqual([(await open).code, (await open).indeterminate], ["ClientClosed", true]);
  });
});
