import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import { describeOperation, keyName } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { finalIndex } from "../final-state.ts";
import { isAnsweredRead } from "../register/register-operations.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, keyPath, tasksByKey, verdictOf } from "../verdicts.ts";

/** What a counter may show: an increment whose outcome is unknown counts or doesn't. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/**
 * Finds increments that are lost or counted twice. At rest a counter must show the sum of all acknowledged
 * increments, give or take those of unknown outcome. Before that, no read may show more than everything that
 * had begun when it ended, nor less than all that takes away.
 */
export const counter: Checker = {
  name: "counter",
  assumes: ["the counter starts at 0", "amounts are whole numbers"],
  tasks: tasksByKey,
  run: runCounter,
  combine: combineVerdicts,
};

function runCounter(history: History, { key }: CheckTask): Verdict {
  const rows = rowsOfKey(history, key);
  const increments = rows.filter(
    (row) => history.f[row] === Fn.increment && history.outcome[row] !== Outcome.fail,
  );
  const others = rows.some((row) => history.f[row] !== Fn.increment && history.f[row] !== Fn.read);
  if (others || increments.length === 0) {
    return { word: "notChecked", because: `${keyPath(history, key)} is no counter` };
  }
  const odd = increments.find((row) => !Number.isSafeInteger(amountOf(history, row)));
  if (odd !== undefined) {
    const says = `${describeOperation(history, odd)}: an amount is a whole number`;
    return verdictOf([anomalyOf(history, "broken assumption", [odd], says)], 0);
  }
  const reads = rows.filter((row) => isAnsweredRead(history, row));
  if (reads.length === 0)
    return { word: "notChecked", because: `no read of ${keyPath(history, key)} was answered` };
  const rest = finalIndex(history);
  return verdictOf(
    reads.flatMap((read) => judgeRead(history, read, increments, rest)),
    reads.length,
  );
}

function judgeRead(
  history: History,
  read: number,
  increments: readonly number[],
  rest: number,
): readonly Anomaly[] {
  const shown = history.values[cell(history.result, read)] ?? 0;
  if (typeof shown !== "number") {
    const says = `${describeOperation(history, read)}: a counter shows a number`;
    return [anomalyOf(history, "phantom value", [read], says)];
  }
  const isAtRest = cell(history.invokeIndex, read) > rest;
  const { least, most } = isAtRest
    ? boundsAtRest(history, increments)
    : boundsOfRead(history, read, increments);
  if (shown >= least && shown <= most) return [];
  const kind = shown < least ? "lost increment" : "doubled increment";
  const sum = least === most ? `${least}` : `${least} to ${most}`;
  const when = isAtRest ? "at rest" : "by then";
  const says = `${describeOperation(history, read)}, but ${when} the increments of ${keyName(history, read)} add up to ${sum}`;
  const wrong = shown < least ? increments.filter((row) => amountOf(history, row) > 0) : increments;
  return [anomalyOf(history, kind, [read, ...wrong.slice(0, mostEvidence)], says)];
}

/** Increments that a finding names. Chosen: the sum is the proof, and these are examples. */
const mostEvidence = 5;

function boundsAtRest(history: History, increments: readonly number[]): Bounds {
  let least = 0;
  let most = 0;
  for (const row of increments) {
    const amount = amountOf(history, row);
    const isSure = history.outcome[row] === Outcome.ok;
    if (isSure || amount < 0) least += amount;
    if (isSure || amount > 0) most += amount;
  }
  return { least, most };
}

/** Of a read in the middle of the run nothing is certain but what can't have begun. */
function boundsOfRead(history: History, read: number, increments: readonly number[]): Bounds {
  const end = history.completeIndex[read] ?? never;
  let least = 0;
  let most = 0;
  for (const row of increments) {
    if (cell(history.invokeIndex, row) > end) continue;
    const amount = amountOf(history, row);
    if (amount < 0) least += amount;
    else most += amount;
  }
  return { least, most };
}

function amountOf(history: History, row: number): number {
  const amount = history.values[cell(history.argument, row)];
  return typeof amount === "number" ? amount : Number.NaN;
}
