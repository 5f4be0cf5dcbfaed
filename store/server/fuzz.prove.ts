/** `npm run prove:fuzz [COUNT [SEED]]`: random requests and frames, after which nodes serve and data are intact. */
import { damageOf, dialsOf, fuzz, fuzzKeyspaces, fuzzLine, writeKept } from "./fuzz.test-support.ts";
import { LocalCluster } from "./local-cluster.test-support.ts";

const [count = 100_000, seed = 1] = process.argv.slice(2).map(Number);
/** Reported one by one, so that somebody sees that it goes on. */
const rounds = 10;

const cluster = await LocalCluster.prepare(3, fuzzKeyspaces);
try {
  await cluster.start(0, 1, 2);
  await writeKept(cluster);
  const dials = await dialsOf(cluster);
  for (let round = 0; round < rounds; round += 1) {
    const counts = await fuzz(cluster, count / rounds, seed + round);
    process.stdout.write(`${fuzzLine(counts)}\n`);
    const problems = [...counts.problems, ...(await damageOf(cluster))];
    if ((await dialsOf(cluster)) !== dials) problems.push("a link between two nodes has broken");
    if (problems.length > 0) throw new Error(`seed ${seed + round}:\n${problems.join("\n")}`);
  }
  for (const node of [0, 1, 2]) await cluster.kill(node);
  await cluster.start(0, 1, 2);
  const damage = await damageOf(cluster);
  if (damage.length > 0) throw new Error(`after a restart:\n${damage.join("\n")}`);
  process.stdout.write(
    `${count} requests and frames: all nodes serve, and no byte that was written is lost\n`,
  );
} finally {
  await cluster.close();
}
