import { join } from "node:path";
import type { Evidence } from "../../reports/evidence.ts";
import { renderMarkdown } from "../../reports/markdown.ts";
import { renderReport } from "../../reports/report.ts";
import type { Counterexample, Results } from "../contracts/results.ts";
import type { Scenario } from "../contracts/scenario.ts";
import { parseScenario } from "../contracts/scenario-schema.ts";
import type { TraceEvent } from "../contracts/trace.ts";
import type { History } from "../history/history.ts";
import { parseHistory } from "../history/journal.ts";
import { failure, readText, writeText } from "./files.ts";
import { inFile, readJson } from "./scenario-file.ts";

/**
 * Draws the report of a results' folder into that folder, from the results and the files beside them, and
 * gives the path of the front page.
 *
 * @throws OperatingError `cannot-write`, or what is wrong with a file that was read
 */
export function writeReport(folder: string, results: Results): string {
  const evidence = new Map<string, Evidence>();
  for (const counterexample of counterexamplesOf(results)) {
    evidence.set(counterexample.name, readEvidence(folder, counterexample));
  }
  const typed = folder.replace(/(?<=.)\/+$/, "");
  for (const { path, text } of renderReport(results, evidence, { folder: typed })) {
    writeText(join(folder, path), text);
  }
  writeText(join(folder, "summary.md"), renderMarkdown(results));
  return join(folder, "index.html");
}

/** Every counterexample of the results, in the order of the rows. */
export function counterexamplesOf(results: Results): Counterexample[] {
  const cells = [...results.claims.flatMap((claim) => claim.cells), ...results.observed];
  return cells.flatMap(({ counterexample }) => counterexample ?? []);
}

function readEvidence(folder: string, counterexample: Counterexample): Evidence {
  const { scenario, original, history, trace } = counterexample;
  return {
    scenario: readPlan(join(folder, scenario)),
    original: readPlan(join(folder, original)),
    history: readHistory(join(folder, history)),
    trace: trace === null ? [] : readTrace(join(folder, trace)),
  };
}

function readPlan(path: string): Scenario {
  const json = readJson(path);
  return inFile(path, () => parseScenario(json));
}

function readHistory(path: string): History {
  const text = readText(path, "bad-history");
  return inFile(path, () => parseHistory(text));
}

function readTrace(path: string): TraceEvent[] {
  const lines = readText(path, "usage")
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as TraceEvent;
    } catch (cause) {
      throw failure("usage", `${path}: line ${index + 1} is not JSON`, cause);
    }
  });
}
