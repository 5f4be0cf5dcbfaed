import assert from "node:assert/strict";
import { damageOf, dialsOf, fuzz, fuzzKeyspaces, fuzzLine, writeKept } from "./fuzz.test-support.ts";
import { LocalCluster } from "./local-cluster.test-support.ts";

/** A tenth of what `npm run prove:fuzz` sends. */
const count = 10_000;

describe("a cluster that is sent garbage", function () {
  this.timeout(180_000);
  let cluster: LocalCluster;

  before(async () => {
    cluster = await LocalCluster.prepare(3, fuzzKeyspaces);
    await cluster.start(0, 1, 2);
    await writeKept(cluster);
  });
  after(() => cluster.close());

  it("goes on serving, and keeps its data through that and a kill -9", async () => {
    const lives = await Promise.all(cluster.clients.map((client) => client.clock()));
    const dials = await dialsOf(cluster);
    const counts = await fuzz(cluster, count, 1);
    process.stdout.write(`      ${fuzzLine(counts)}\n`);
    assert.deepEqual(counts.problems, []);
    assert.ok(counts.requests + counts.rawRequests + counts.strangers + counts.frames >= count);
    assert.equal(await dialsOf(cluster), dials);
    const after = await Promise.all(cluster.clients.map((client) => client.clock()));
    assert.deepEqual(
      after.map(({ incarnation }) => incarnation),
      lives.map(({ incarnation }) => incarnation),
    );
    assert.deepEqual(await damageOf(cluster), []);
    for (const node of [0, 1, 2]) await cluster.kill(node);
    await cluster.start(0, 1, 2);
    assert.deepEqual(await damageOf(cluster), []);
  });
});
