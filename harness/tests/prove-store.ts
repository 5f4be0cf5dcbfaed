import { mkdirSync, writeFileSync } from "node:fs";
import { storeProofs } from "../../workloads/store-proofs.ts";
import { countProof } from "./store-proof-runs.ts";

/**
 * `npm run prove:store [RUNS [NAME …]]`: every mechanism of the store under every fault at once, RUNS seeds each
 * (10,000 unless given). Prints what was run and found; exit status 1 when anything was found.
 */
function main(): void {
  const [given, ...names] = process.argv.slice(2);
  const runs = given === undefined ? 10_000 : Number(given);
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError(`"${given}" is not a number of runs`);
  let failed = 0;
  for (const proof of storeProofs) {
    if (names.length > 0 && !names.includes(proof.name)) continue;
    const startedMs = Date.now();
    const count = countProof(proof, runs);
    const seconds = (Date.now() - startedMs) / 1_000;
    const answered = ((100 * count.answered) / count.operations).toFixed(1);
    say(
      `${proof.name.padEnd(16)} ${count.runs} runs, ${count.unknown} unknown, ${count.operations} operations, ` +
        `${answered}% answered, ${count.readsBesideWrites} reads beside a write, ${seconds.toFixed(0)} s: ` +
        (count.found === null ? "clean" : `${count.found.anomaly.kind} in run ${count.found.index}`),
    );
    if (count.found === null) continue;
    failed += 1;
    mkdirSync("out", { recursive: true });
    const path = `out/store-proof-${proof.name}.json`;
    writeFileSync(path, JSON.stringify(count.found.scenario, null, 2));
    say(`  ${count.found.anomaly.says}\n  Replay: npm start -- replay ${path}`);
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main();
