/** `npm run prove:kill [ROUNDS]`: kill -9 of all three nodes under load; no acknowledged write is missing. */
import { KillRounds, killKeyspaces, killLine } from "./kill-rounds.test-support.ts";
import { LocalCluster } from "./local-cluster.test-support.ts";

const [rounds = 20] = process.argv.slice(2).map(Number);
/** How long clients write before the nodes die, in milliseconds; a little longer each round. */
const loadMs = 800;

const cluster = await LocalCluster.prepare(3, killKeyspaces);
try {
  await cluster.start(0, 1, 2);
  const killing = new KillRounds(cluster);
  for (let round = 1; round <= rounds; round += 1) {
    await killing.round(loadMs + 37 * round, round);
    const losses = await killing.losses();
    process.stdout.write(`round ${round}: ${killLine(killing.counts)} so far, ${losses.length} missing\n`);
    if (losses.length > 0) throw new Error(losses.join("\n"));
  }
  process.stdout.write(
    `${rounds} times all three nodes were killed: none of ${killing.counts.acknowledged} acknowledged writes is missing\n`,
  );
} finally {
  await cluster.close();
}
