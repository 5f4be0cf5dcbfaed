import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import { Contexts } from "./contexts.ts";

/** A remove that was acknowledged, and that carried a known context. */
export interface SureRemoval {
  readonly row: number;
  /** Index at which that read began: adds that had ended by then were there to be observed. −1 where none are. */
  readonly observedFrom: number;
}

/** What was removed of one item, or by deletes of the whole key of every item. */
export interface Removals {
  /** Adds that began before this index may have been observed by a removal. */
  mayReach: number;
  readonly sure: SureRemoval[];
}

/** What was done to one item. */
export interface Item extends Removals {
  /** Adds that may have taken effect, in order of invocation. */
  readonly adds: number[];
}

/** The items of a set or cart by their JSON, and the removals that took all of them. */
export interface Items {
  readonly byText: ReadonlyMap<string, Item>;
  readonly ofAll: Removals;
}

/** Gathers the adds and removals of a key that may have taken effect and began before an index. */
export function itemsOf(history: History, rows: readonly number[], before: number): Items {
  const contexts = new Contexts(history, rows);
  const byText = new Map<string, Item>();
  const ofAll: Removals = { mayReach: -1, sure: [] };
  for (const row of rows) {
    if (history.outcome[row] === Outcome.fail || cell(history.invokeIndex, row) >= before) continue;
    if (history.f[row] === Fn.add) itemAt(byText, itemText(history, row)).adds.push(row);
    else if (history.f[row] === Fn.remove)
      noteRemoval(history, contexts, itemAt(byText, itemText(history, row)), row);
    else if (history.f[row] === Fn.delete) noteRemoval(history, contexts, ofAll, row);
  }
  return { byText, ofAll };
}

/** A removal without a known context may have observed whatever was there until it ended. */
function noteRemoval(history: History, contexts: Contexts, removals: Removals, row: number): void {
  const observed = contexts.sentBy(row);
  removals.mayReach = Math.max(removals.mayReach, observed?.lastEnd ?? cell(history.completeIndex, row));
  if (observed === null || history.outcome[row] !== Outcome.ok) return;
  removals.sure.push({ row, observedFrom: observed.firstCall });
}

function itemAt(items: Map<string, Item>, text: string): Item {
  const known = items.get(text);
  if (known !== undefined) return known;
  const made: Item = { adds: [], mayReach: -1, sure: [] };
  items.set(text, made);
  return made;
}

/** The item of an add or remove as JSON; a cart's add may say how many, too. */
function itemText(history: History, row: number): string {
  const value = history.values[cell(history.argument, row)] ?? null;
  return JSON.stringify(Array.isArray(value) ? value[0] : value);
}

/** How many an add to a cart adds: one, unless it says more. */
export function quantityOf(history: History, add: number): number {
  const value = history.values[cell(history.argument, add)] ?? null;
  const quantity = Array.isArray(value) ? value[1] : 1;
  return typeof quantity === "number" ? quantity : 1;
}

/**
 * What a read showed: the items of a set, or the fields of a cart, as JSON, each with how many of it are there;
 * null where items are not counted.
 */
export function itemsShown(value: HistoryValue): ReadonlyMap<string, number | null> {
  if (Array.isArray(value)) return new Map(value.map((item) => [JSON.stringify(item), null]));
  if (value === null || typeof value !== "object") return new Map();
  const fields: [string, HistoryValue][] = Object.entries(value);
  return new Map(
    fields.map(([field, count]) => [JSON.stringify(field), typeof count === "number" ? count : null]),
  );
}
