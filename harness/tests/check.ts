import { spawnSync } from "node:child_process";

/** Everything that CI runs, cheapest first; stops at the first gate that fails. `npm test` prints the counts. */
const gates = ["format:check", "lint", "types", "imports", "dead"];

function npm(...words: readonly string[]): number {
  return spawnSync("npm", words, { stdio: "inherit" }).status ?? 1;
}

function main(): number {
  for (const gate of gates) {
    process.stdout.write(`\n── ${gate} ──\n`);
    if (npm("run", "--silent", gate) !== 0) {
      process.stdout.write(`the gate ${gate} failed; tests did not run\n0 passed, 1 failed\n`);
      return 1;
    }
  }
  return npm("--silent", "test");
}

process.exitCode = main();
