import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import { describeOperation, endText, keyIs, startText } from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { anomalyOf } from "../verdicts.ts";
import { isAnsweredRead, leftBehind } from "./register-operations.ts";
import { nameStaleRead } from "./regular.ts";

/**
 * Names what a clash of two values is, from its few operations alone: a stale read where regularity is broken;
 * a value that comes back where it was read before and after another write; else a read inversion, new then
 * old. The evidence may get smaller, and is still not linearizable by itself.
 */
export function nameClash(history: History, rows: readonly number[]): Anomaly {
  return staleReadIn(history, rows) ?? comebackIn(history, rows) ?? inversionOf(history, rows);
}

/** A read of a write that ended before another began, which itself ended before the read began. */
function staleReadIn(history: History, rows: readonly number[]): Anomaly | null {
  for (const read of rows.filter((row) => isAnsweredRead(history, row))) {
    const old = writerIn(history, rows, cell(history.result, read));
    const newer = rows.find(
      (row) =>
        leftBehind(history, row) >= 0 &&
        row !== old &&
        (old === null || precedes(history, old, row)) &&
        precedes(history, row, read),
    );
    if (newer !== undefined) return nameStaleRead(history, { read, old, newer });
  }
  return null;
}

/** A value that is read, then another write begins and completes, then the value is read again. */
function comebackIn(history: History, rows: readonly number[]): Anomaly | null {
  const reads = rows.filter((row) => isAnsweredRead(history, row));
  for (const again of reads) {
    const value = cell(history.result, again);
    for (const before of reads) {
      if (history.result[before] !== value || before === again) continue;
      const between = rows.find(
        (row) =>
          leftBehind(history, row) >= 0 && precedes(history, before, row) && precedes(history, row, again),
      );
      const writer = writerIn(history, rows, value);
      if (between === undefined || writer === null) continue;
      const says =
        `${describeOperation(history, again)}, though it had been read ${endText(history, before)} and since then ` +
        `${keyIs(history, between, leftBehind(history, between))} was written and acknowledged ${endText(history, between)}`;
      return anomalyOf(history, "value comes back", [again, before, between, writer], says);
    }
  }
  return null;
}

/**
 * The last operation to begin is a read of the older value: its value must come first, because something of it
 * had ended before something of the newer one began.
 */
function inversionOf(history: History, rows: readonly number[]): Anomaly {
  const last = lastToBegin(history, rows);
  const older = cell(history.result, last);
  const newer = rows.filter((row) => valueShown(history, row) !== older);
  const seenNewer = firstToEnd(history, newer);
  const says =
    `${describeOperation(history, last)}, though the newer ` +
    `${keyIs(history, seenNewer, valueShown(history, seenNewer))} had already been ` +
    `${history.f[seenNewer] === Fn.read ? "read" : "acknowledged"} ${endText(history, seenNewer)}${whyOlder(history, rows, older, newer)}`;
  return anomalyOf(history, "read inversion", [last, ...rows], says);
}

function whyOlder(
  history: History,
  rows: readonly number[],
  older: number,
  newer: readonly number[],
): string {
  if (older === 0) return "";
  const seenOlder = firstToEnd(
    history,
    rows.filter((row) => valueShown(history, row) === older),
  );
  const late = lastToBegin(history, newer);
  const what = keyIs(history, late, valueShown(history, late));
  const begun = history.f[late] === Fn.read ? `a read of ${what}` : `the write of ${what}`;
  const seen = history.f[seenOlder] === Fn.read ? "read" : "acknowledged";
  return ` (newer, because ${begun} began ${startText(history, late)}, when ${keyIs(history, late, older)} had been ${seen})`;
}

/** The value that an operation wrote or read. */
function valueShown(history: History, row: number): number {
  return history.f[row] === Fn.read ? cell(history.result, row) : leftBehind(history, row);
}

function writerIn(history: History, rows: readonly number[], value: number): number | null {
  return rows.find((row) => leftBehind(history, row) === value) ?? null;
}

function precedes(history: History, first: number, second: number): boolean {
  const isKnown = history.outcome[first] === Outcome.ok;
  return isKnown && (history.completeIndex[first] ?? never) < cell(history.invokeIndex, second);
}

function lastToBegin(history: History, rows: readonly number[]): number {
  return rows.reduce((last, row) =>
    cell(history.invokeIndex, row) > cell(history.invokeIndex, last) ? row : last,
  );
}

function firstToEnd(history: History, rows: readonly number[]): number {
  return rows.reduce((first, row) =>
    cell(history.completeIndex, row) < cell(history.completeIndex, first) ? row : first,
  );
}
