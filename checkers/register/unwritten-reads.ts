import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import {
  describeOperation,
  keyIs,
  outcomeText,
  processText,
  startText,
} from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { eventsOfKey, keyEvents } from "../key-events.ts";
import { anomalyOf } from "../verdicts.ts";

/**
 * Names reads of values that nobody had begun to write when they ended, and compare-and-sets that found such
 * values: the value of a write that definitely failed, one that is written only later, or one that nobody ever
 * wrote. Given as rows, each with those that show that it happened, where it was not answered.
 */
export function nameUnwrittenReads(
  history: History,
  key: number,
  reads: readonly (readonly [read: number, ...proof: number[]])[],
): Anomaly[] {
  if (reads.length === 0) return [];
  const wanted = new Set(reads.map(([row]) => valueTold(history, row)));
  const writers = new Map<number, number>();
  for (const event of eventsOfKey(keyEvents(history), key)) {
    if (event < 0) continue;
    const value = valueOffered(history, event);
    if (wanted.has(value) && !writers.has(value)) writers.set(value, event);
  }
  return reads.map((rows) => nameUnwrittenRead(history, rows, writers.get(valueTold(history, rows[0]))));
}

function nameUnwrittenRead(
  history: History,
  rows: readonly [read: number, ...proof: number[]],
  writer: number | undefined,
): Anomaly {
  const [read] = rows;
  const says = describeOperation(history, read);
  if (writer === undefined || writer === read) {
    const nobody = writer === read ? "nobody else" : "nobody";
    const what = history.f[read] === Fn.read ? "that" : keyIs(history, read, valueTold(history, read));
    return anomalyOf(history, "phantom value", rows, `${says}, but ${nobody} ever wrote ${what}`);
  }
  const value = keyIs(history, writer, valueOffered(history, writer));
  if (history.outcome[writer] === Outcome.fail) {
    const what = history.f[read] === Fn.read ? "it" : value;
    const failed = `though ${processText(history, writer)}'s write of ${what} had failed (${outcomeText(history, writer)})`;
    return anomalyOf(history, "failed write visible", [...rows, writer], `${says}, ${failed}`);
  }
  const later = `before ${processText(history, writer)} began to write ${value} ${startText(history, writer)}`;
  return anomalyOf(history, "phantom value", [...rows, writer], `${says}, ${later}`);
}

/** The value that an operation claims to have found: of a compare-and-set, the one that it expected. */
function valueTold(history: History, row: number): number {
  return history.f[row] === Fn.read ? cell(history.result, row) : cell(history.argument, row);
}

/** The value that an operation would leave behind, had it an effect. */
function valueOffered(history: History, row: number): number {
  if (history.f[row] === Fn.write) return cell(history.argument, row);
  return history.f[row] === Fn.cas ? cell(history.argument2, row) : 0;
}
