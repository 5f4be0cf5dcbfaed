import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import {
  describeOperation,
  endText,
  keyIs,
  keyName,
  processText,
  startText,
} from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { anomalyOf } from "../verdicts.ts";
import { isAnsweredRead, isRefusal, leftBehind, valueFound } from "./register-operations.ts";
import { nameStaleRead } from "./regular.ts";
import type { AuthorsOf } from "./sources.ts";
import { isMadeOf, sourcesOf } from "./sources.ts";

/** Most operations that a sentence tells of. Chosen: a sentence stays readable; the evidence has them all. */
const mostTold = 12;
/** Most operations that are named. Measured: 64 take up to 0.3 s, twice as many up to 2 s; so many are rare. */
const mostNamed = 64;

/**
 * Names what a few operations of a key are that no order explains, from them alone. In this order: a *lost
 * update*, where two compare-and-sets won from the same value; a *stale read*, where regularity is broken, by a
 * compare-and-set too; a *resurrected delete*; a *value comes back*, seen before and after something else; a
 * *phantom value*, seen before what it was made of was written; a *lost write*, between two values of which one was
 * made of the other; a *read inversion*, new then old; and when nothing fits, *not linearizable*. What a value was made
 * of is only told where nobody else at the key may have left it, among these operations or not. The evidence may get
 * smaller, and is still not linearizable by itself. Of more than 64 operations nothing is said but that.
 */
export function nameViolation(history: History, rows: readonly number[], authors: AuthorsOf): Anomaly {
  if (rows.length > mostNamed) return unnamed(history, rows);
  return (
    lostUpdateIn(history, rows, authors) ??
    staleReadIn(history, rows, authors) ??
    staleRefusalIn(history, rows) ??
    comebackIn(history, rows, authors) ??
    earlyValueIn(history, rows, authors) ??
    lostWriteIn(history, rows, authors) ??
    inversionIn(history, rows, authors) ??
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

/** Two compare-and-sets that took effect and found the same value, which was there only once. */
function lostUpdateIn(history: History, rows: readonly number[], authors: AuthorsOf): Anomaly | null {
  const winners = rows.filter((row) => history.f[row] === Fn.cas && hasHappened(history, rows, authors, row));
  for (const first of winners) {
    const value = cell(history.argument, first);
    const second = winners.find((row) => row > first && history.argument[row] === value);
    if (second === undefined || authors(value).length > (value === 0 ? 0 : 1)) continue;
    const says = `${describeOperation(history, first)}, but ${describeOperation(history, second)} as well`;
    const isAcknowledged = isOk(history, first) && isOk(history, second);
    const evidence = isAcknowledged ? [first, second, ...authors(value)] : rows;
    return anomalyOf(history, "lost update", evidence, says);
  }
  return null;
}

/** Whether an operation took effect: it was acknowledged, or what only it may have left was found. */
function hasHappened(history: History, rows: readonly number[], authors: AuthorsOf, row: number): boolean {
  if (isOk(history, row)) return true;
  const value = leftBehind(history, row);
  const others = rows.filter((other) => other !== row);
  return (
    value > 0 &&
    authors(value).length === 1 &&
    others.some(
      (other) => valueAskedFor(history, other) === value && hasHappened(history, others, authors, other),
    )
  );
}

/** What an operation found, if it took effect. */
function valueAskedFor(history: History, row: number): number {
  return history.f[row] === Fn.cas ? cell(history.argument, row) : valueFound(history, row);
}

/** What was found had been replaced, if not for its reader: by something that ended before the reader began. */
function staleReadIn(history: History, rows: readonly number[], authors: AuthorsOf): Anomaly | null {
  for (const read of rows) {
    const value = valueFound(history, read);
    if (value < 0) continue;
    const all = authors(value).filter((row) => hasBegunBefore(history, row, read));
    // Other writers have no part in what these operations prove. But deletes may have been left out.
    const writers = value === 0 ? all : all.filter((row) => rows.includes(row));
    const newer = rows.find(
      (row) => precedes(history, row, read) && isReplacedBy(history, value, writers, row),
    );
    if (newer === undefined || isOwnOrUnknown(writers, read, value)) continue;
    const old = writers.length === 0 ? null : lastToEnd(history, writers);
    const stale = nameStaleRead(history, { read, old, newer });
    return isReplacedBy(history, value, all, newer)
      ? stale
      : anomalyOf(history, stale.kind, rows, stale.says);
  }
  return null;
}

function isOwnOrUnknown(writers: readonly number[], read: number, value: number): boolean {
  return writers.includes(read) || (value > 0 && writers.length === 0);
}

/** Whether an operation left something else after everything that may have left a value. */
function isReplacedBy(history: History, value: number, writers: readonly number[], newer: number): boolean {
  const left = leftBehind(history, newer);
  if (left < 0 || left === value) return false;
  const isMadeOfOnly = value > 0 && writers.length === 1 && valueFound(history, newer) === value;
  return isMadeOfOnly || writers.every((writer) => precedes(history, writer, newer));
}

function hasBegunBefore(history: History, row: number, other: number): boolean {
  return cell(history.invokeIndex, row) < cell(history.completeIndex, other);
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
function comebackIn(history: History, rows: readonly number[], authors: AuthorsOf): Anomaly | null {
  for (const again of rows) {
    const value = valueFound(history, again);
    const [writer, ...others] = writersIn(history, rows, value);
    if (value < 0 || writer === undefined || others.length > 0) continue;
    const seen = rows.filter((row) => wasThere(history, rows, row, value));
    for (const before of seen) {
      const gone = rows.find((row) => isBetween(history, before, row, again) && isGone(history, row, value));
      if (gone !== undefined) return nameComeback(history, rows, authors, { again, before, gone, writer });
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
 * Whether an operation that ended shows that the register held something else: it found nothing where something
 * had been, or the other way round, or left something else.
 */
function isGone(history: History, row: number, value: number): boolean {
  if (isAnsweredRead(history, row)) return (cell(history.result, row) === 0) !== (value === 0);
  return leftBehind(history, row) !== value;
}

interface Comeback {
  readonly again: number;
  readonly before: number;
  readonly gone: number;
  readonly writer: number;
}

function nameComeback(
  history: History,
  rows: readonly number[],
  authors: AuthorsOf,
  comeback: Comeback,
): Anomaly {
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
  const deleted = rows.find((row) => leftBehind(history, row) === 0 && hasBegunBefore(history, row, gone));
  // That nothing was there at first explains it no more once something was written.
  const isOnly = value > 0 && authors(value).length === 1;
  if (value > 0 && left <= 0 && deleted !== undefined) {
    const what =
      left === 0
        ? `${keyName(history, gone)} was deleted, acknowledged ${endText(history, gone)}`
        : `${describeOperation(history, gone)}, after ${processText(history, deleted)} had begun to delete it`;
    const evidence = isOnly ? [again, before, gone, writer, deleted] : rows;
    return anomalyOf(history, "resurrected delete", evidence, `${start} ${what}`);
  }
  const what =
    left > 0
      ? `${keyIs(history, gone, left)} was written and acknowledged ${endText(history, gone)}`
      : describeOperation(history, gone);
  const evidence = isOnly ? [again, before, gone, writer] : rows;
  return anomalyOf(history, "value comes back", evidence, `${start} ${what}`);
}

/** A value that was seen before something began that shows or writes what it was made of. */
function earlyValueIn(history: History, rows: readonly number[], authors: AuthorsOf): Anomaly | null {
  for (const late of rows) {
    const isRead = history.f[late] === Fn.read;
    const source = valueShown(history, late);
    const early = rows.find(
      (row) =>
        precedes(history, row, late) && isMadeOf(history, rows, authors, valueShown(history, row), source),
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

/**
 * Two values that exclude each other, or two chains of compare-and-sets. The last operation to begin found the
 * older one: that must come first, because something of it had ended before something of the newer one began.
 */
function inversionIn(history: History, rows: readonly number[], authors: AuthorsOf): Anomaly | null {
  const last = lastToBegin(rows);
  if (valueFound(history, last) < 0 || !areOfTwoWrites(history, rows, authors)) return null;
  const root = rootOf(history, rows, authors, last);
  const newer = rows.filter((row) => rootOf(history, rows, authors, row) !== root);
  const older = rows.filter((row) => rootOf(history, rows, authors, row) === root);
  const seenNewer = firstToEnd(history, newer);
  const says =
    `${describeOperation(history, last)}, though the newer ` +
    `${keyIs(history, seenNewer, valueShown(history, seenNewer))} had already been ` +
    `${seenText(history, seenNewer)} ${endText(history, seenNewer)}${root === 0 ? "" : whyOlder(history, older, newer)}`;
  return anomalyOf(history, "read inversion", rows, says);
}

/** The value that all values of a chain were made of, as far as the operations tell. */
function rootOf(history: History, rows: readonly number[], authors: AuthorsOf, row: number): number {
  const shown = valueShown(history, row);
  const sources = sourcesOf(history, rows, authors, shown);
  return sources.filter((source) => writersIn(history, rows, source).length > 0).at(-1) ?? shown;
}

/** Whether all goes back to two values, and each value was left once: so null only as it was at first. */
function areOfTwoWrites(history: History, rows: readonly number[], authors: AuthorsOf): boolean {
  const roots = new Set(rows.map((row) => rootOf(history, rows, authors, row)));
  const values = rows.map((row) => valueShown(history, row));
  return (
    roots.size === 2 &&
    values.every((value) => writersIn(history, rows, value).length === (value === 0 ? 0 : 1))
  );
}

function whyOlder(history: History, rows: readonly number[], newer: readonly number[]): string {
  const seenOlder = firstToEnd(history, rows);
  const late = lastToBegin(newer);
  const what = keyIs(history, late, valueShown(history, late));
  const begun = history.f[late] === Fn.read ? `a read of ${what}` : `the write of ${what}`;
  const older = keyIs(history, seenOlder, valueShown(history, seenOlder));
  return ` (newer, because ${begun} began ${startText(history, late)}, when ${older} had been ${seenText(history, seenOlder)})`;
}

/** A write between two values of which one was made of the other: it was there at no time. */
function lostWriteIn(history: History, rows: readonly number[], authors: AuthorsOf): Anomaly | null {
  for (const lost of rows.filter((row) => history.f[row] === Fn.write)) {
    for (const after of rows.filter((row) => precedes(history, lost, row))) {
      const value = valueFound(history, after);
      const before = rows.find(
        (row) =>
          precedes(history, row, lost) && isMadeOf(history, rows, authors, value, valueShown(history, row)),
      );
      if (before === undefined) continue;
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
  return isOk(history, first) && cell(history.completeIndex, first) < cell(history.invokeIndex, second);
}

/** Rows are in order of their invocations. */
function lastToBegin(rows: readonly number[]): number {
  return rows.at(-1) ?? 0;
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
