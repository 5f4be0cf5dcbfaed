import type { Checker } from "../harness/contracts/checker.ts";
import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import { Fn } from "../harness/history/history.ts";
import { describeOperation } from "../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../harness/history/verdict.ts";
import { anomalyOf, combineVerdicts, verdictOf } from "./verdicts.ts";

/** Checks what all other checkers take for granted: a history that breaks it proves nothing about a store. */
export const historySanity: Checker = {
  name: "history-sanity",
  assumes: [],
  tasks: () => [{ key: -1 }],
  run: runSanity,
  combine: (partials) => partials[0] ?? combineVerdicts([]),
};

function runSanity(history: History): Verdict {
  if (history.length === 0) return { word: "notChecked", because: "no operation in the history" };
  const anomalies: Anomaly[] = [];
  const lastOf = new Map<number, number>();
  for (let row = 0; row < history.length; row += 1) {
    const process = cell(history.process, row);
    const wrong = brokenBy(history, row, lastOf.get(process) ?? null);
    if (wrong !== null) anomalies.push(wrong);
    lastOf.set(process, row);
  }
  return combineVerdicts([verdictOf(anomalies, history.length)]);
}

function brokenBy(history: History, row: number, before: number | null): Anomaly | null {
  const broken = (rows: readonly number[], says: string): Anomaly =>
    anomalyOf(history, "broken assumption", rows, `${describeOperation(history, row)}: ${says}`);
  const call = cell(history.invokeIndex, row);
  if (row > 0 && call <= cell(history.invokeIndex, row - 1)) {
    return broken([row], "it stands after an operation that began later");
  }
  if (cell(history.endIndex, row) <= call) return broken([row], "it ended before it began");
  // An operation that never ended has no time of its end, and is not earlier than anything.
  if (Number(history.completedNs[row]) < Number(history.invokedNs[row])) {
    return broken([row], "its end has an earlier time than its beginning");
  }
  if (before !== null && cell(history.endIndex, before) > call) {
    return broken([row, before], "its process had not ended the operation before");
  }
  if (history.f[row] === Fn.write && history.argument[row] === 0) {
    return broken([row], "null was written, which cannot be told from not found");
  }
  return null;
}
