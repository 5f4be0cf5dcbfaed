import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import {
  describeOperation,
  endText,
  keyName,
  processText,
  valueText,
} from "../../harness/history/operation.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { finalIndex, readsAtRest } from "../final-state.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, keyPath, tasksByKey, verdictOf } from "../verdicts.ts";
import type { ObservedContext } from "./contexts.ts";
import { Contexts } from "./contexts.ts";

/**
 * Judges sets and carts whose removes carry the context of a read (observed-remove). At rest an item whose
 * add was acknowledged is there, unless a remove may have observed that add; and an item whose adds had all
 * ended before the read began whose context an acknowledged remove carried is gone.
 */
export const observedSet: Checker = {
  name: "observed-set",
  assumes: ["contexts are those that reads returned", "reads come after the rest"],
  tasks: tasksByKey,
  run: runObservedSet,
  combine: combineVerdicts,
};

function runObservedSet(history: History, { key }: CheckTask): Verdict {
  const rows = rowsOfKey(history, key);
  const isSet =
    rows.some((row) => history.f[row] === Fn.add) &&
    rows.every((row) => setFunctions.has(history.f[row] ?? -1));
  if (!isSet) return { word: "notChecked", because: `${keyPath(history, key)} is no set` };
  const rest = finalIndex(history);
  const finals = readsAtRest(history, rows);
  if (finals.length === 0) {
    return { word: "notChecked", because: `no read of ${keyPath(history, key)} was answered at rest` };
  }
  const items = itemsOf(history, rows, rest);
  return verdictOf(
    finals.flatMap((read) => judgeRead(history, read, items)),
    finals.length,
  );
}

const setFunctions: ReadonlySet<number> = new Set([Fn.read, Fn.add, Fn.remove, Fn.delete]);

/** A remove, and what it had observed; null where that is whatever its coordinator held. */
interface Removal {
  readonly row: number;
  readonly observed: ObservedContext | null;
}

/** What was done to one item. */
interface Item {
  readonly adds: number[];
  readonly removals: Removal[];
}

type Items = ReadonlyMap<string, Item>;

function itemsOf(history: History, rows: readonly number[], rest: number): Items {
  const contexts = new Contexts(history, rows);
  const items = new Map<string, Item>();
  const mayHave = rows.filter(
    (row) => history.outcome[row] !== Outcome.fail && cell(history.invokeIndex, row) < rest,
  );
  for (const row of mayHave) {
    if (history.f[row] === Fn.add) itemAt(items, itemText(history, row)).adds.push(row);
  }
  for (const row of mayHave) {
    const removal = { row, observed: contexts.sentBy(row) };
    if (history.f[row] === Fn.remove) itemAt(items, itemText(history, row)).removals.push(removal);
    // A delete of the key removes every item that it observed.
    if (history.f[row] === Fn.delete) for (const item of items.values()) item.removals.push(removal);
  }
  return items;
}

function itemAt(items: Map<string, Item>, text: string): Item {
  const known = items.get(text);
  if (known !== undefined) return known;
  const made: Item = { adds: [], removals: [] };
  items.set(text, made);
  return made;
}

function judgeRead(history: History, read: number, items: Items): readonly Anomaly[] {
  const shown = new Set(itemsShown(history.values[cell(history.result, read)] ?? null));
  const wrong: Anomaly[] = [];
  for (const [text, item] of items) {
    const found = shown.has(text) ? backAgain(history, read, text, item) : lostAdd(history, read, text, item);
    if (found !== null) wrong.push(found);
  }
  for (const text of shown) {
    if ((items.get(text)?.adds.length ?? 0) > 0) continue;
    const says = `${describeOperation(history, read)}: nobody added ${valueText(JSON.parse(text))}`;
    wrong.push(anomalyOf(history, "phantom value", [read], says));
  }
  return wrong;
}

function lostAdd(history: History, read: number, text: string, { adds, removals }: Item): Anomaly | null {
  const lost = adds.find((add) => {
    if (history.outcome[add] !== Outcome.ok) return false;
    const call = cell(history.invokeIndex, add);
    return !removals.some(
      ({ row, observed }) => (observed?.lastEnd ?? history.completeIndex[row] ?? never) > call,
    );
  });
  if (lost === undefined) return null;
  const says =
    `${processText(history, lost)}'s add of ${valueText(JSON.parse(text))} to ${keyName(history, lost)} was acknowledged ` +
    `${endText(history, lost)}, and no remove had observed it, but at rest it is gone: ${describeOperation(history, read)}`;
  return anomalyOf(history, "lost write", [lost, read], says);
}

function backAgain(history: History, read: number, text: string, { adds, removals }: Item): Anomaly | null {
  const ends = adds.map((add) => history.completeIndex[add] ?? never);
  const lastEnd = Math.max(-1, ...ends);
  const removal = removals.find(
    ({ row, observed }) =>
      history.outcome[row] === Outcome.ok && observed !== null && observed.firstCall > lastEnd,
  );
  const first = adds[0];
  if (removal === undefined || first === undefined) return null;
  const item = valueText(JSON.parse(text));
  const says =
    `at rest ${item} is in ${keyName(history, read)}, though every add of it had ended before the read whose context ` +
    `its remove carried: ${describeOperation(history, removal.row)}`;
  return anomalyOf(history, "resurrected delete", [first, removal.row, read], says);
}

/** The item of an add or remove as JSON; a cart's add may say how many, too. */
function itemText(history: History, row: number): string {
  const value = history.values[cell(history.argument, row)] ?? null;
  return JSON.stringify(Array.isArray(value) ? value[0] : value);
}

/** The items of a set, or the fields of a cart, as JSON. */
function itemsShown(value: HistoryValue): readonly string[] {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(item));
  if (value === null || typeof value !== "object") return [];
  return Object.keys(value).map((field) => JSON.stringify(field));
}
