import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import {
  describeOperation,
  endText,
  keyIs,
  keyName,
  processText,
  startText,
} from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf } from "../verdicts.ts";
import { isAnsweredRead, isRefusal, leftBehind, valueFound } from "./register-operations.ts";
import { nameStaleRead } from "./regular.ts";

/** Most operations that a sentence tells of. Chosen: a sentence stays readable; the evidence has them all. */
const mostTold = 12;

/**
 * Names what a few operations of a key are that no order explains, from them alone. In this order: a *lost
 * update*, where two compare-and-sets won from the same value; a *stale read*, where regularity is broken, by a
 * compare-and-set too; a *resurrected delete*; a *value comes back*, seen before and after something else; a
 * *phantom value*, seen before what it was made of was written; a *lost write*, between two values of which one was
 * made of the other; a *read inversion*, new then old; and when nothing fits, *not linearizable*. The evidence may get
 * smaller, and is still not linearizable by itself.
 */
export function nameViolation(history: History, rows: readonly number[]): Anomaly {
  return (
    lostUpdateIn(history, rows) ??
    staleReadIn(history, rows) ??
    staleRefusalIn(history, rows) ??
    comebackIn(history, rows) ??
    earlyValueIn(history, rows) ??
    lostWriteIn(history, rows) ??
    inversionIn(history, rows) ??
    unnamed(history, rows)
  );
}

/** What no other name fits: the operations are told. */
function unnamed(history: History, rows: readonly number[]): Anomaly {
  const told = rows.slice(0, mostTold).map((row) => describeOperation(history, row));
  if (rows.length > mostTold) told.push(`and ${rows.length - mostTold} more`);
  const says = `no order of these ${rows.length} operations explains what they were answered: ${told.join("; ")}`;
  return anomalyOf(history, "not linearizable", rows, says);
}

/** Two compare-and-sets that found the same value, which was there only once. */
function lostUpdateIn(history: History, rows: readonly number[]): Anomaly | null {
  const winners = rows.filter((row) => history.f[row] === Fn.cas && leftBehind(history, row) >= 0);
  for (const first of winners) {
    const value = cell(history.argument, first);
    const second = winners.find((row) => row > first && history.argument[row] === value);
    const writers = writersIn(history, rows, value);
    if (second === undefined || writers.length > (value === 0 ? 0 : 1)) continue;
    if (isLeftElsewhere(history, rows, value, second)) continue;
    const says = `${describeOperation(history, first)}, but ${describeOperation(history, second)} as well`;
    const isAcknowledged = isOk(history, first) && isOk(history, second);
    return anomalyOf(history, "lost update", isAcknowledged ? [first, second, ...writers] : rows, says);
  }
  return null;
}

/** What was found had been replaced, if not for its reader: by something that ended before the reader began. */
function staleReadIn(history: History, rows: readonly number[]): Anomaly | null {
  for (const read of rows) {
    const value = valueFound(history, read);
    const writers = writersIn(history, rows, value);
    if (value < 0 || writers.includes(read) || (value > 0 && writers.length === 0)) continue;
    const newer = rows.find(
      (row) =>
        leftBehind(history, row) >= 0 &&
        leftBehind(history, row) !== value &&
        precedes(history, row, read) &&
        (writers.every((writer) => precedes(history, writer, row)) ||
          // What found the value came after its writer, if that was the only one: nothing is there at first, too.
          (value > 0 && writers.length === 1 && valueFound(history, row) === value)),
    );
    const old = writers.length === 0 ? null : lastToEnd(history, writers);
    if (newer === undefined || isEmptiedElsewhere(history, rows, read, newer)) continue;
    return nameStaleRead(history, { read, old, newer });
  }
  return null;
}

/**
 * Whether a compare-and-set that found nothing may owe it to a delete that is not among these operations: what
 * excludes another value is a value, and that it was made of nothing has no part in it.
 */
function isEmptiedElsewhere(history: History, rows: readonly number[], read: number, newer: number): boolean {
  if (valueFound(history, read) !== 0 || history.f[read] !== Fn.cas) return false;
  return rowsOfKey(history, cell(history.key, read)).some(
    (row) =>
      leftBehind(history, row) === 0 &&
      !rows.includes(row) &&
      !precedes(history, row, newer) &&
      cell(history.invokeIndex, row) < (history.completeIndex[read] ?? never),
  );
}

/** Whether an operation that is not among these may have left the value before that one ended. */
function isLeftElsewhere(history: History, rows: readonly number[], value: number, by: number): boolean {
  return rowsOfKey(history, cell(history.key, by)).some(
    (row) =>
      leftBehind(history, row) === value &&
      !rows.includes(row) &&
      cell(history.invokeIndex, row) < (history.completeIndex[by] ?? never),
  );
}

/** A compare-and-set was refused though the value that it expected was there, and nothing had replaced it. */
function staleRefusalIn(history: History, rows: readonly number[]): Anomaly | null {
  for (const refusal of rows.filter((row) => isRefusal(history, row))) {
    const expected = cell(history.argument, refusal);
    const newest = rows.find(
      (row) =>
        leftBehind(history, row) === expected &&
        precedes(history, row, refusal) &&
        rows.every(
          (other) => [-1, expected].includes(leftBehind(history, other)) || precedes(history, other, row),
        ),
    );
    if (newest !== undefined) return nameStaleRead(history, { read: refusal, old: null, newer: newest });
  }
  return null;
}

/** A value that was seen, then gone, then seen again. */
function comebackIn(history: History, rows: readonly number[]): Anomaly | null {
  for (const again of rows) {
    const value = valueFound(history, again);
    const [writer, ...others] = writersIn(history, rows, value);
    if (writer === undefined || others.length > 0) continue;
    const seen = rows.filter((row) => wasThere(history, rows, row, value));
    for (const before of seen) {
      const gone = rows.find(
        (row) => isBetween(history, before, row, again) && isGone(history, row, value, before !== writer),
      );
      if (gone !== undefined) return nameComeback(history, rows, { again, before, gone, writer });
    }
  }
  return null;
}

/** Whether an operation shows that the one write of a value among these had taken effect. */
function wasThere(history: History, rows: readonly number[], row: number, value: number): boolean {
  if (value > 0 && leftBehind(history, row) === value) return true;
  if (valueFound(history, row) !== value) return false;
  // Nothing is there at first, until something was written.
  return value > 0 || rows.some((other) => leftBehind(history, other) > 0 && precedes(history, other, row));
}

function isBetween(history: History, before: number, row: number, after: number): boolean {
  return precedes(history, before, row) && precedes(history, row, after);
}

/**
 * Whether an operation shows that the register held something else: it found nothing where something had been,
 * or the other way round, or, if that counts, left something else.
 */
function isGone(history: History, row: number, value: number, mayLeave: boolean): boolean {
  if (isAnsweredRead(history, row)) return (cell(history.result, row) === 0) !== (value === 0);
  const left = leftBehind(history, row);
  return mayLeave && left >= 0 && left !== value;
}

interface Comeback {
  readonly again: number;
  readonly before: number;
  readonly gone: number;
  readonly writer: number;
}

function nameComeback(history: History, rows: readonly number[], comeback: Comeback): Anomaly {
  const { again, before, gone, writer } = comeback;
  const value = valueFound(history, again);
  const left = leftBehind(history, gone);
  const seen =
    before === writer
      ? "it had been acknowledged"
      : value === 0
        ? "nothing had been found"
        : "it had been read";
  const start = `${describeOperation(history, again)}, though ${seen} ${endText(history, before)} and since then`;
  const deleted = rows.find((row) => leftBehind(history, row) === 0);
  if (value > 0 && left <= 0 && deleted !== undefined) {
    const what =
      left === 0
        ? `${keyName(history, gone)} was deleted, acknowledged ${endText(history, gone)}`
        : `${describeOperation(history, gone)}, after ${processText(history, deleted)} had begun to delete it`;
    return anomalyOf(
      history,
      "resurrected delete",
      [again, before, gone, writer, deleted],
      `${start} ${what}`,
    );
  }
  const what =
    left > 0
      ? `${keyIs(history, gone, left)} was written and acknowledged ${endText(history, gone)}`
      : describeOperation(history, gone);
  // That nothing was there at first explains it no more once something was written.
  const evidence = value > 0 ? [again, before, gone, writer] : rows;
  return anomalyOf(history, "value comes back", evidence, `${start} ${what}`);
}

/** A value that was seen before something began that shows or writes what it was made of. */
function earlyValueIn(history: History, rows: readonly number[]): Anomaly | null {
  for (const late of rows) {
    const isRead = history.f[late] === Fn.read;
    const source = valueShown(history, late);
    const early = rows.find(
      (row) => precedes(history, row, late) && isMadeOf(history, rows, valueShown(history, row), source),
    );
    if (early === undefined) continue;
    const made = keyIs(history, early, valueShown(history, early));
    const seen = `${seenText(history, early)} ${endText(history, early)}`;
    if (isRead) {
      const says = `${describeOperation(history, late)}, though ${made}, which was made of that, had already been ${seen}`;
      return anomalyOf(history, "read inversion", rows, says);
    }
    const says =
      `${made} had been ${seen}, before ${processText(history, late)} began to write ` +
      `${keyIs(history, late, source)} ${startText(history, late)}, of which it was made`;
    return anomalyOf(history, "phantom value", rows, says);
  }
  return null;
}

/** Whether compare-and-sets among these lead from one value to the other. */
function isMadeOf(history: History, rows: readonly number[], value: number, source: number): boolean {
  let reached = source;
  for (let step = 0; step < rows.length; step += 1) {
    const next = rows.find(
      (row) =>
        history.f[row] === Fn.cas && history.argument[row] === reached && leftBehind(history, row) >= 0,
    );
    if (next === undefined) return false;
    reached = leftBehind(history, next);
    if (reached === value) return true;
  }
  return false;
}

/**
 * Two values that exclude each other, or two chains of compare-and-sets. The last operation to begin found the
 * older one: that must come first, because something of it had ended before something of the newer one began.
 */
function inversionIn(history: History, rows: readonly number[]): Anomaly | null {
  const last = lastToBegin(history, rows);
  if (valueFound(history, last) < 0 || !areOfTwoWrites(history, rows)) return null;
  const root = rootOf(history, rows, last);
  const newer = rows.filter((row) => rootOf(history, rows, row) !== root);
  const seenNewer = firstToEnd(history, newer);
  const says =
    `${describeOperation(history, last)}, though the newer ` +
    `${keyIs(history, seenNewer, valueShown(history, seenNewer))} had already been ` +
    `${seenText(history, seenNewer)} ${endText(history, seenNewer)}${whyOlder(history, rows, root, newer)}`;
  return anomalyOf(history, "read inversion", rows, says);
}

/** The value that all values of a chain were made of, as far as the operations tell. */
function rootOf(history: History, rows: readonly number[], row: number): number {
  let root = valueShown(history, row);
  for (let step = 0; step < rows.length; step += 1) {
    const maker = rows.find((other) => history.f[other] === Fn.cas && leftBehind(history, other) === root);
    if (maker === undefined || writersIn(history, rows, cell(history.argument, maker)).length === 0) break;
    root = cell(history.argument, maker);
  }
  return root;
}

/** Whether all goes back to two values, and each value was left once: so null only as it was at first. */
function areOfTwoWrites(history: History, rows: readonly number[]): boolean {
  const roots = new Set(rows.map((row) => rootOf(history, rows, row)));
  const values = rows.map((row) => valueShown(history, row));
  return (
    roots.size === 2 &&
    values.every((value) => writersIn(history, rows, value).length === (value === 0 ? 0 : 1))
  );
}

function whyOlder(history: History, rows: readonly number[], root: number, newer: readonly number[]): string {
  if (root === 0) return "";
  const seenOlder = firstToEnd(
    history,
    rows.filter((row) => rootOf(history, rows, row) === root),
  );
  const late = lastToBegin(history, newer);
  const what = keyIs(history, late, valueShown(history, late));
  const begun = history.f[late] === Fn.read ? `a read of ${what}` : `the write of ${what}`;
  const older = keyIs(history, seenOlder, valueShown(history, seenOlder));
  return ` (newer, because ${begun} began ${startText(history, late)}, when ${older} had been ${seenText(history, seenOlder)})`;
}

/** A write between two values of which one was made of the other: it was there at no time. */
function lostWriteIn(history: History, rows: readonly number[]): Anomaly | null {
  for (const lost of rows.filter((row) => history.f[row] === Fn.write)) {
    for (const after of rows.filter((row) => precedes(history, lost, row) && valueFound(history, row) > 0)) {
      const value = valueFound(history, after);
      const before = rows.find(
        (row) => precedes(history, row, lost) && isMadeOf(history, rows, value, valueShown(history, row)),
      );
      if (before === undefined || writersIn(history, rows, leftBehind(history, lost)).length > 1) continue;
      const source = keyIs(history, before, valueShown(history, before));
      const says =
        `${processText(history, lost)}'s ${keyIs(history, lost, leftBehind(history, lost))} was acknowledged ` +
        `${endText(history, lost)}, but ${describeOperation(history, after)}, which was made of ${source} without ` +
        `it: that had been ${seenText(history, before)} ${endText(history, before)}`;
      return anomalyOf(history, "lost write", rows, says);
    }
  }
  return null;
}

function seenText(history: History, row: number): string {
  return history.f[row] === Fn.read ? "read" : "acknowledged";
}

/** The value that an operation read, or else wrote. */
function valueShown(history: History, row: number): number {
  return isAnsweredRead(history, row) ? cell(history.result, row) : leftBehind(history, row);
}

/** Operations that may have left a value. */
function writersIn(history: History, rows: readonly number[], value: number): number[] {
  return rows.filter((row) => leftBehind(history, row) === value);
}

function isOk(history: History, row: number): boolean {
  return history.outcome[row] === Outcome.ok;
}

function precedes(history: History, first: number, second: number): boolean {
  return isOk(history, first) && (history.completeIndex[first] ?? never) < cell(history.invokeIndex, second);
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

function lastToEnd(history: History, rows: readonly number[]): number {
  return rows.reduce((last, row) =>
    cell(history.completeIndex, row) > cell(history.completeIndex, last) ? row : last,
  );
}
