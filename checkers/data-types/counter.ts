import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { describeOperation, keyName } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { finalIndex } from "../final-state.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, keyPath, tasksByKey, verdictOf } from "../verdicts.ts";
import type { WrongRead } from "./counter-sweep.ts";
import { amountOf, CounterSweep } from "./counter-sweep.ts";

const assumes = ["the counter starts at 0", "amounts are whole numbers, and so is their sum"];

/**
 * Finds increments that are lost or counted twice in a counter that converges. At rest it must show all that was
 * acknowledged, give or take what is of unknown outcome. Before that nothing need show yet: no read may show more
 * than everything that had begun when it ended, nor less than all that takes away.
 */
export const counter: Checker = {
  name: "counter",
  assumes,
  tasks: tasksByKey,
  run: (history, task) => runCounter(history, task, false),
  combine: combineVerdicts,
};

/**
 * The same of a counter that claims to be one: every read lies between what had been acknowledged when it began and
 * what had begun when it ended. Necessary for a linearizable counter and not sufficient: reads are not held against
 * each other.
 */
export const linearizableCounter: Checker = {
  name: "linearizable-counter",
  assumes,
  tasks: tasksByKey,
  run: (history, task) => runCounter(history, task, true),
  combine: combineVerdicts,
};

function runCounter(history: History, { key }: CheckTask, isStrict: boolean): Verdict {
  const unfit = unfitForCounter(history, key);
  if (unfit !== null) return unfit;
  const { wrong, odd, reads } = new CounterSweep(history, key, { isStrict, rest: finalIndex(history) });
  if (reads === 0) return { word: "notChecked", because: `no read of ${keyPath(history, key)} was answered` };
  return verdictOf(
    [
      ...odd.map((row) => {
        const says = `${describeOperation(history, row)}: a counter shows a whole number`;
        return anomalyOf(history, "phantom value", [row], says);
      }),
      ...wrong.map((read) => nameWrongRead(history, read)),
    ],
    reads,
  );
}

/** Why nothing can be said of a key as a counter: other operations, or amounts that cannot be added up. */
function unfitForCounter(history: History, key: number): Verdict | null {
  const rows = rowsOfKey(history, key);
  const others = rows.some((row) => history.f[row] !== Fn.increment && history.f[row] !== Fn.read);
  const increments = rows.filter(
    (row) => history.f[row] === Fn.increment && history.outcome[row] !== Outcome.fail,
  );
  if (others || increments.length === 0) {
    return { word: "notChecked", because: `${keyPath(history, key)} is no counter` };
  }
  let total = 0;
  for (const row of increments) {
    total += Math.abs(amountOf(history, row));
    if (!Number.isSafeInteger(total)) return brokenBy(history, row);
  }
  return null;
}

function brokenBy(history: History, row: number): Verdict {
  const why = Number.isSafeInteger(amountOf(history, row))
    ? "the amounts add up to more than can be counted exactly"
    : "an amount is a whole number";
  const says = `${describeOperation(history, row)}: ${why}`;
  return verdictOf([anomalyOf(history, "broken assumption", [row], says)], 0);
}

function nameWrongRead(history: History, { row, kind, least, most, isAtRest, examples }: WrongRead): Anomaly {
  const sum = least === most ? `${least}` : `${least} to ${most}`;
  const when = isAtRest ? "at rest" : "by then";
  const says = `${describeOperation(history, row)}, but ${when} the increments of ${keyName(history, row)} add up to ${sum}`;
  return anomalyOf(history, kind, [row, ...examples], says);
}
