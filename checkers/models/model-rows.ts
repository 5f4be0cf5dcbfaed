import type { CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Outcome } from "../../harness/history/history.ts";
import { functionName } from "../../harness/history/lines.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { keyPath, tasksByKey } from "../verdicts.ts";
import type { Model, ModelOperation } from "./model.ts";

/** What is judged as one object: a key, or a whole keyspace, which then goes by its first key. */
export function objectsOf(history: History, { partition }: Model): readonly CheckTask[] {
  if (partition === "key") return tasksByKey(history);
  const firstKeys = new Map<string, number>();
  history.keys.forEach(({ keyspace }, key) => {
    if (!firstKeys.has(keyspace)) firstKeys.set(keyspace, key);
  });
  return [...firstKeys.values()].map((key) => ({ key }));
}

/** The object as sentences name it. */
export function objectName(history: History, { partition }: Model, key: number): string {
  if (partition === "key") return keyPath(history, key);
  const keyspace = history.keys[key]?.keyspace ?? "";
  return keyspace === "" ? "the history" : `the keyspace ${keyspace}`;
}

/** All operations on the object, in order of their invocations, as rows of the history. */
export function objectRows(history: History, { partition }: Model, key: number): readonly number[] {
  if (partition === "key") return rowsOfKey(history, key);
  const keyspace = history.keys[key]?.keyspace;
  const rows: number[] = [];
  for (let row = 0; row < history.length; row += 1) {
    if (history.keys[cell(history.key, row)]?.keyspace === keyspace) rows.push(row);
  }
  return rows;
}

/**
 * An operation as a model sees it. `isUnknown`: its outcome was never heard of, or is to be taken so. Null for a
 * failure that tells nothing.
 */
export function modelOperation(
  history: History,
  { refusals = [] }: Model,
  row: number,
  isUnknown: boolean,
): ModelOperation | null {
  const f = functionName(history, row);
  const outcome = cell(history.outcome, row);
  const key = history.keys[cell(history.key, row)]?.key ?? "";
  const asked = { f, key, value: valueAsked(history, row, f) };
  if (outcome === Outcome.fail) {
    const isRefusal = refusals.includes(f) && history.details.get(row)?.error === undefined;
    if (!isRefusal) return null;
    if (!isUnknown) return { ...asked, result: null, outcome: "fail" };
  }
  if (isUnknown) return { ...asked, result: undefined, outcome: "unknown" };
  return { ...asked, result: history.values[cell(history.result, row)] ?? null, outcome: "ok" };
}

/** Two operations of one object with the same text are the same to a model. */
export function sameOperationText(history: History, row: number, isUnknown: boolean): string {
  const { f, outcome, argument, argument2, result, key } = history;
  const what = `${f[row]} ${argument[row]} ${argument2[row]} ${key[row]}`;
  return isUnknown ? what : `${what} ${outcome[row]} ${result[row]}`;
}

function valueAsked(history: History, row: number, f: string): HistoryValue {
  const value = history.values[cell(history.argument, row)] ?? null;
  return f === "cas" ? [value, history.values[cell(history.argument2, row)] ?? null] : value;
}
