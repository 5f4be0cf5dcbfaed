import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { functionName } from "../../harness/history/lines.ts";
import {
  describeOperation,
  endText,
  keyName,
  outcomeText,
  processText,
  valueText,
} from "../../harness/history/operation.ts";
import { sameValue } from "../../harness/history/values.ts";

/**
 * An operation of any model in words, with what was asked and what came back: `p3 called dequeue on jobs and got
 * 5 at 4.210 s`. Those of registers are told as everywhere.
 */
export function describeCall(history: History, row: number): string {
  const f = cell(history.f, row);
  if (f <= Fn.cas) return describeOperation(history, row);
  const asked = history.values[cell(history.argument, row)] ?? null;
  const what =
    asked === null ? functionName(history, row) : `${functionName(history, row)} ${valueText(asked)}`;
  const call = `${processText(history, row)} called ${what} on ${keyName(history, row)}`;
  if (history.outcome[row] !== Outcome.ok || f <= Fn.increment)
    return `${call} (${outcomeText(history, row)})`;
  const answer = history.values[cell(history.result, row)] ?? null;
  if (asked === null && answer === null) return `${call} (${outcomeText(history, row)}, without a value)`;
  // Whoever answers an enqueue of 5 with 5 says no more than that it is done.
  if (sameValue(asked, answer)) return `${call} (${outcomeText(history, row)})`;
  return `${call} and got ${answer === null ? "nothing" : valueText(answer)} ${endText(history, row)}`;
}
