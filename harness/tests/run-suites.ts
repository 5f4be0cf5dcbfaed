import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs the suites named on the command line (all of them without a name), one after the other, and ends
 * with one line that sums their counts. A later suite runs even when an earlier one failed.
 */

const everywhere = "{store,harness,checkers,nemesis,workloads,reports,docker}/**";
/** Unit suites share nothing and run in two processes: CI machines have two cores. The others need the machine. */
const suites = {
  unit: [
    `${everywhere}/*.test.ts`,
    "--ignore",
    `${everywhere}/*.{sim,docker}.test.ts`,
    "--parallel",
    "--jobs",
    "2",
  ],
  sim: [`${everywhere}/*.sim.test.ts`, "--timeout", "300000"],
  docker: [`${everywhere}/*.docker.test.ts`, "--timeout", "180000"],
} as const;

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

function isSuite(name: string): name is keyof typeof suites {
  return Object.hasOwn(suites, name);
}

/** Counts of one suite; a mocha that died before it could count is one failure. */
async function runSuite(name: keyof typeof suites, tallyFile: string): Promise<Tally> {
  process.stdout.write(`\n── ${name} ──\n`);
  const ended = await ending(
    ["node_modules/mocha/bin/mocha.js", ...suites[name], "--reporter", "harness/tests/tally-reporter.cjs"],
    { ...process.env, RECOUNT_TALLY: tallyFile },
  );
  const tally = readTally(tallyFile);
  if (tally === null || (ended !== 0 && tally.failed === 0)) {
    process.stdout.write(`mocha ended with ${ended} without saying which test failed\n`);
    return { passed: tally?.passed ?? 0, failed: 1, skipped: tally?.skipped ?? 0 };
  }
  return tally;
}

/** Exit status of a Node process, or the signal that ended it. It shares this terminal, and so its Ctrl-C. */
function ending(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number | string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: "inherit", env });
    child.on("error", reject);
    child.on("exit", (status, signal) => resolve(status ?? signal ?? "nothing"));
  });
}

function readTally(file: string): Tally | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Tally;
  } catch {
    return null;
  }
}

function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

async function main(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !isSuite(name));
  if (unknown.length > 0) {
    process.stderr.write(`no suite ${unknown.join(", ")}: there are ${Object.keys(suites).join(", ")}\n`);
    return 64;
  }
  const names = (asked.length > 0 ? asked : Object.keys(suites)).filter(isSuite);
  const total: Tally = { passed: 0, failed: 0, skipped: 0 };
  const folder = mkdtempSync(join(tmpdir(), "recount-tally-"));
  for (const name of names) {
    if (interrupted) break;
    const tally = await runSuite(name, join(folder, name));
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  rmSync(folder, { recursive: true });
  process.stdout.write(`${closingLine(total)}\n`);
  if (interrupted) return 130;
  return total.failed > 0 ? 1 : 0;
}

// A suite that is interrupted takes away what it has built, and is waited for.
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
  });
}

process.exitCode = await main(process.argv.slice(2));
