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
 * Names reads of values that nobody had begun to write when they ended: the value of a write that definitely
 * failed, one that is written only later, or one that nobody ever wrote.
 */
export function nameUnwrittenReads(history: History, key: number, reads: readonly number[]): Anomaly[] {
  if (reads.length === 0) return [];
  const wanted = new Set(reads.map((row) => cell(history.result, row)));
  const writers = new Map<number, number>();
  for (const event of eventsOfKey(keyEvents(history), key)) {
    if (event < 0) continue;
    const value = valueOffered(history, event);
    if (wanted.has(value) && !writers.has(value)) writers.set(value, event);
  }
  return reads.map((row) => nameUnwrittenRead(history, row, writers.get(cell(history.result, row))));
}

function nameUnwrittenRead(history: History, read: number, writer: number | undefined): Anomaly {
  const says = describeOperation(history, read);
  if (writer === undefined)
    return anomalyOf(history, "phantom value", [read], `${says}, but nobody ever wrote that`);
  if (history.outcome[writer] === Outcome.fail) {
    const failed = `though ${processText(history, writer)}'s write of it had failed (${outcomeText(history, writer)})`;
    return anomalyOf(history, "failed write visible", [read, writer], `${says}, ${failed}`);
  }
  const written = `${processText(history, writer)} began to write ${keyIs(history, writer, valueOffered(history, writer))}`;
  const later = `before ${written} ${startText(history, writer)}`;
  return anomalyOf(history, "phantom value", [read, writer], `${says}, ${later}`);
}

/** The value that an operation would leave behind, had it an effect. */
function valueOffered(history: History, row: number): number {
  if (history.f[row] === Fn.write) return cell(history.argument, row);
  return history.f[row] === Fn.cas ? cell(history.argument2, row) : 0;
}
