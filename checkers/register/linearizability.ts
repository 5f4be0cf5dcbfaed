import type { Budget, Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { describeOperation, valueText } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { eventsOfKey, keyEvents, Trait } from "../key-events.ts";
import { searchOrder } from "../search/search.ts";
import { searchOperations } from "../search/search-operations.ts";
import { shrinkIllegal } from "../search/search-witness.ts";
import {
  anomalyOf,
  answeredOf,
  combineVerdicts,
  keyPath,
  tasksByKey,
  unfitForRegister,
  verdictOf,
} from "../verdicts.ts";
import { nameClash } from "./classify.ts";
import { deleteAnomaliesAt } from "./deletes.ts";
import { lostWritesAt } from "./lost-write.ts";
import { nameStaleRead, RegularSweep } from "./regular.ts";
import { nameUnwrittenReads } from "./unwritten-reads.ts";
import { checkZones } from "./zones.ts";

/** Most operations of a key that the search takes on. Chosen: a configuration stays within some 150 bytes. */
const mostSearched = 1_000;

/**
 * Linearizability of registers with reads, writes, deletes and cas. Keys with unique values go through the zone
 * check, at any size; keys with deletes, cas or repeated values through the search, within its budget.
 */
export const linearizability: Checker = {
  name: "linearizability",
  assumes: ["null is never written", "a cas refused without an error met another value than it expected"],
  tasks: tasksByKey,
  run: runLinearizability,
  combine: combineVerdicts,
};

function runLinearizability(history: History, { key }: CheckTask, budget: Budget): Verdict {
  const unfit = unfitForRegister(history, key);
  if (unfit !== null) return unfit;
  const traits = cell(keyEvents(history).traits, key);
  const hasDeletes = (traits & Trait.delete) !== 0;
  const hasCas = (traits & Trait.cas) !== 0;
  let reason = hasCas ? "it has compare-and-set" : "it has deletes";
  if (!hasCas) {
    const report = checkZones(history, key, hasDeletes);
    const clashes = report.clashes.map((rows) => nameClash(history, rows));
    const anomalies = [...clashes, ...nameUnwrittenReads(history, key, report.unwritten)];
    if (anomalies.length > 0) return verdictOf(withLosses(history, key, anomalies), 0);
    if (report.repeated === null && !hasDeletes) return verdictOf([], answeredOf(history, key));
    if (report.repeated !== null) {
      reason = `the value ${valueText(history.values[report.repeated] ?? null)} was written twice`;
    }
  }
  return searchKey(history, key, budget, reason);
}

function searchKey(history: History, key: number, budget: Budget, reason: string): Verdict {
  const rows = Array.from(eventsOfKey(keyEvents(history), key)).filter((event) => event >= 0);
  const operations = searchOperations(history, rows);
  const name = keyPath(history, key);
  if (operations.length > mostSearched) {
    const limit = `${operations.length} operations are more than the ${mostSearched} that can be searched`;
    return { word: "unknown", because: `${name} must be searched, because ${reason}, and its ${limit}` };
  }
  const answer = searchOrder(operations, budget);
  if (answer === "linearizable") return verdictOf([], answeredOf(history, key));
  if (answer === "undecided") {
    const spent = `the search of ${name} (${operations.length} operations; ${reason}) used up its budget`;
    return { word: "unknown", because: `${spent} of ${budget.steps} steps or ${budget.bytes} bytes` };
  }
  const sweep = new RegularSweep(history, key);
  const named = withLosses(history, key, [
    ...sweep.stale.map((found) => nameStaleRead(history, found)),
    ...nameUnwrittenReads(history, key, sweep.unwritten),
  ]);
  if (named.length > 0) return verdictOf(named, 0);
  const fewest = shrinkIllegal(operations, budget).map(({ row }) => row);
  const told = fewest.map((row) => describeOperation(history, row)).join("; ");
  const says = `no order of these ${fewest.length} operations explains what they were answered: ${told}`;
  return verdictOf([anomalyOf(history, "not linearizable", fewest, says)], 0);
}

/** What more can be said of a key that is known to be wrong: what it has lost for good. */
function withLosses(history: History, key: number, anomalies: readonly Anomaly[]): Anomaly[] {
  return [...anomalies, ...lostWritesAt(history, key), ...deleteAnomaliesAt(history, key)];
}
