import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { equivalentMutants } from "./equivalent-mutants.ts";
import type { Survivor, Tally } from "./mutation-tally.ts";
import { tallyOf } from "./mutation-tally.ts";

/**
 * Changes the checkers in one small way after the other and runs their suites: at least nine in ten changes must
 * make a suite fail. `npm run mutate` takes all of checkers/, `npm run mutate -- FILE…` those files with the
 * suites of their folders. Exit 1 below nine in ten, or where a survivor that is listed with a reason is killed.
 */

/** What must be killed of all that can be killed. */
const leastKilled = 0.9;
/** A mutant that runs this much longer than its tests did has hung. */
const hangsAfterMs = 3_000;

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "checkers"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file.endsWith(".ts"));

// Properties and differential proofs kill more, but take seconds for each mutant: what they alone find is not counted.
const isSuite = (file: string): boolean => /(?<!\.property)\.test\.ts$/.test(file);
const isMutated = (file: string): boolean =>
  !/\.(test|bench|prove|test-support)\.ts$/.test(file) &&
  !file.startsWith("checkers/proof/") &&
  !file.startsWith("checkers/wasm/assembly/") &&
  !file.endsWith("/search-bytes.ts");

const asked = process.argv.slice(2);
const mutate = (asked.length > 0 ? asked : tracked).filter(isMutated);
const folders = new Set(mutate.map((file) => dirname(file)));
const suites = tracked.filter(
  (file) =>
    isSuite(file) &&
    !file.startsWith("checkers/proof/") &&
    (asked.length === 0 || folders.has(dirname(file)) || file === "checkers/every-checker.test.ts"),
);

process.env["RECOUNT_MUTATION_SUITES"] = JSON.stringify(suites);
// Every process that Stryker starts must read TypeScript.
process.env["NODE_OPTIONS"] = "--import tsx";

const results = await new Stryker({
  mutate: [...mutate],
  testRunner: "mocha-here",
  plugins: [resolve("harness/tests/mutation/mocha-plugin.ts")],
  coverageAnalysis: "perTest",
  concurrency: Number(process.env["RECOUNT_MUTATION_WORKERS"] ?? 2),
  timeoutMS: hangsAfterMs,
  timeoutFactor: 2,
  reporters: process.stdout.isTTY ? ["progress"] : [],
  ignorePatterns: ["out", "dist", "docker", "store/server", "reports", ".git"],
  // One folder a process: whoever ends first clears its own.
  tempDirName: `out/.mutation-${process.pid}`,
  disableTypeChecks: false,
  checkers: [],
  fileLogLevel: "off" as never,
  logLevel: (process.env["RECOUNT_MUTATION_LOG"] ?? "warn") as never,
}).runMutationTest();

const tally = tallyOf(results.map(asSurvivor), equivalentMutants);
show(tally);
mkdirSync("out", { recursive: true });
writeFileSync("out/mutation.json", `${JSON.stringify(tally, null, 1)}\n`);
// Stryker leaves handles open.
process.exit(tally.share >= leastKilled && tally.wronglyListed.length === 0 ? 0 : 1);

function asSurvivor({ fileName, status, location, mutatorName, replacement }: MutantResult): Survivor {
  const file = fileName.slice(fileName.indexOf("checkers/"));
  return { file, line: location.start.line, status, mutator: mutatorName, replacement: replacement ?? "" };
}

function show({ files, share, survivors, wronglyListed }: Tally): void {
  for (const { file, killed, all, excused } of files) {
    const note = excused > 0 ? `, ${excused} equivalent` : "";
    say(
      `${((100 * killed) / Math.max(1, all)).toFixed(1).padStart(5)}%  ${killed} of ${all}${note}  ${file}`,
    );
  }
  for (const { file, line, status, mutator, replacement } of survivors) {
    say(`${status}: ${file}:${line} ${mutator} → ${replacement.replaceAll(/\s+/g, " ").slice(0, 90)}`);
  }
  for (const { file, replacement } of wronglyListed) say(`listed, but killed: ${file} ${replacement}`);
  say(`${(100 * share).toFixed(1)}% of mutants killed`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
