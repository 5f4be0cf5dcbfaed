import { join } from "node:path";
import { exitStatus } from "../../base/errors.ts";
import { parseResults } from "../../contracts/results-schema.ts";
import { writeReport } from "../report-files.ts";
import { inFile, readJson } from "../scenario-file.ts";
import { print } from "../terminal.ts";

/** Draws the report of a results' folder again, from what stands in it. */
export function report(folder: string): number {
  const path = join(folder, "results.json");
  const json = readJson(path);
  const results = inFile(path, () => parseResults(json));
  print(writeReport(folder, results));
  return exitStatus.asExpected;
}
