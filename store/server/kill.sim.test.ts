import assert from "node:assert/strict";
import { KillRounds, killKeyspaces, killLine } from "./kill-rounds.test-support.ts";
import { LocalCluster } from "./local-cluster.test-support.ts";

/** A tenth of what `npm run prove:kill` does. */
const rounds = 2;

/** Rounds within which a store that loses writes must have lost one. */
const mostRounds = 6;

describe("a cluster of which every node is killed under load", function () {
  this.timeout(120_000);
  let cluster: LocalCluster;

  afterEach(() => cluster.close());

  it("has every write that was acknowledged", async () => {
    cluster = await LocalCluster.prepare(3, killKeyspaces);
    await cluster.start(0, 1, 2);
    const killing = new KillRounds(cluster);
    for (let round = 1; round <= rounds; round += 1) {
      await killing.round(800, round);
      assert.deepEqual(await killing.losses(), []);
    }
    process.stdout.write(`      ${killLine(killing.counts)}\n`);
    assert.ok(killing.counts.acknowledged >= 100, killLine(killing.counts));
  });

  it("is seen to lack some where nodes acknowledge before they sync", async () => {
    cluster = await LocalCluster.prepare(3, killKeyspaces, ["--defect", "ack-before-sync"]);
    await cluster.start(0, 1, 2);
    const killing = new KillRounds(cluster);
    let losses: readonly string[] = [];
    for (let round = 1; round <= mostRounds && losses.length === 0; round += 1) {
      await killing.round(400, round);
      losses = await killing.losses();
    }
    assert.match(losses.join("\n"), /acknowledged/);
  });
});
