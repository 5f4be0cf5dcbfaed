import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn } from "../../harness/history/history.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { leftBehind } from "./register-operations.ts";

/** All operations of a key that may have left a value, by its id; by 0 those that may have left nothing there, by −1 the rest. */
export type AuthorsOf = (value: number) => readonly number[];

/** Looks once who may have left what at a key. */
export function authorsAt(history: History, key: number): AuthorsOf {
  const authors = new Map<number, number[]>();
  for (const row of rowsOfKey(history, key)) {
    const value = leftBehind(history, row);
    const known = authors.get(value);
    if (known === undefined) authors.set(value, [row]);
    else known.push(row);
  }
  return (value) => authors.get(value) ?? [];
}

/** Whether only compare-and-sets among these can have led from one value to the other. */
export function isMadeOf(
  history: History,
  rows: readonly number[],
  authors: AuthorsOf,
  value: number,
  source: number,
): boolean {
  const isAlone = authors(source).length <= (source === 0 ? 0 : 1);
  return isAlone && value !== source && sourcesOf(history, rows, authors, value).includes(source);
}

/**
 * A value, what it was made of, and that of what else, as far as one compare-and-set among these alone
 * may have left each: value ids. Given as rows of the key.
 */
export function sourcesOf(
  history: History,
  rows: readonly number[],
  authors: AuthorsOf,
  value: number,
): number[] {
  const sources = [value];
  let maker = onlyMaker(history, rows, authors, value);
  while (maker !== undefined) {
    const source = cell(history.argument, maker);
    // Compare-and-sets may explain each other in a circle.
    if (sources.includes(source)) break;
    sources.push(source);
    maker = onlyMaker(history, rows, authors, source);
  }
  return sources;
}

/** The compare-and-set among these that alone may have left a value. */
function onlyMaker(
  history: History,
  rows: readonly number[],
  authors: AuthorsOf,
  value: number,
): number | undefined {
  if (value <= 0 || authors(value).length !== 1) return undefined;
  return rows.find((row) => history.f[row] === Fn.cas && leftBehind(history, row) === value);
}
