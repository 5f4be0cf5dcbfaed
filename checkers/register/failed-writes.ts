import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { describeOperation, outcomeText, processText } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, tasksByKey, unfitForRegister, verdictOf } from "../verdicts.ts";
import { isAnsweredRead } from "./register-operations.ts";

/**
 * Finds writes whose client was told that they failed (`fail`, or an error such as "quorum not met") and that a
 * later read returns all the same. An error means *unknown*, so a correct store may do this: only rows that
 * ask whether a failed write is undone use this checker.
 */
export const failedWrites: Checker = {
  name: "failed-writes",
  assumes: ["null is never written"],
  tasks: tasksByKey,
  run: runFailedWrites,
  combine: combineVerdicts,
};

function runFailedWrites(history: History, { key }: CheckTask): Verdict {
  const unfit = unfitForRegister(history, key);
  if (unfit !== null) return unfit;
  const rows = rowsOfKey(history, key);
  const failed = failedWritesOf(history, rows);
  if (failed.size === 0) return { word: "notChecked", because: "no write was answered with an error" };
  const anomalies: Anomaly[] = [];
  const seen = new Set<number>();
  let judged = 0;
  for (const read of rows) {
    if (!isAnsweredRead(history, read)) continue;
    judged += 1;
    const value = cell(history.result, read);
    const write = failed.get(value);
    const isLater = write !== undefined && cell(history.invokeIndex, read) > cell(history.endIndex, write);
    if (!isLater || seen.has(value)) continue;
    seen.add(value);
    const told = `though ${processText(history, write)} had been told that its write failed (${outcomeText(history, write)})`;
    const says = `${describeOperation(history, read)}, ${told}`;
    anomalies.push(anomalyOf(history, "failed write visible", [write, read], says));
  }
  return verdictOf(anomalies, judged);
}

/** By value: the first write of it, where every write of that value was answered with an error. */
function failedWritesOf(history: History, rows: readonly number[]): Map<number, number> {
  const failed = new Map<number, number>();
  const others = new Set<number>();
  for (const row of rows) {
    if (history.f[row] !== Fn.write) continue;
    const value = cell(history.argument, row);
    if (!wasToldToHaveFailed(history, row)) others.add(value);
    else if (!failed.has(value)) failed.set(value, row);
  }
  for (const value of others) failed.delete(value);
  return failed;
}

function wasToldToHaveFailed(history: History, row: number): boolean {
  const outcome = history.outcome[row];
  if (outcome === Outcome.fail) return true;
  return outcome === Outcome.info && history.details.get(row)?.error !== undefined;
}
