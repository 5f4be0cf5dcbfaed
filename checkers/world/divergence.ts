import { cell } from "../../harness/history/cell.ts";
import type { DumpedEntry, History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { valueText } from "../../harness/history/operation.ts";
import { timeText } from "../../harness/history/time.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { isAnsweredRead, leftBehind } from "../register/register-operations.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import type { Dumps } from "./dumps.ts";
import { canonicalText, visibleValues } from "./dumps.ts";

/** What one node has of a key; without an entry it has never heard of it. */
interface Held {
  readonly node: string;
  readonly entry: DumpedEntry | undefined;
}

/** A key that its replicas show differently. */
export interface Difference {
  readonly key: string;
  /** What its replicas show, in the order of the nodes' names. */
  readonly shown: readonly { readonly node: string; readonly values: readonly HistoryValue[] }[];
  /** How many of its `n` replicas hold nothing at all, where nobody can say which nodes they are. */
  readonly absent: number;
  /** Replicas that are not of the largest group that shows the same. */
  readonly odd: number;
}

/**
 * How the replicas of a key differ; null where they agree, `alone` where there are no two to compare. Where more
 * nodes than replicas were dumped nothing says which should hold a key: then those that do are compared, and,
 * where all nodes were dumped, there must be `n` of them.
 */
export function differenceOf(
  key: string,
  held: readonly Held[],
  n: number | null,
  isWhole: boolean,
): Difference | null | "alone" {
  const replicas = n === held.length ? held : held.filter(({ entry }) => entry !== undefined);
  const shown = replicas.map(({ node, entry }) => ({ node, values: visibleValues(entry) }));
  const isSeen = shown.some(({ values }) => values.length > 0);
  const isMissed = isSeen && isWhole && n !== null && held.length > n && replicas.length < n;
  const absent = isMissed ? n - replicas.length : 0;
  if (replicas.length + absent < 2) return "alone";
  const groups = new Map<string, number>(absent > 0 ? [["", absent]] : []);
  for (const { values } of shown) {
    const text = values.map(canonicalText).join();
    groups.set(text, (groups.get(text) ?? 0) + 1);
  }
  if (groups.size === 1) return null;
  return { key, shown, absent, odd: replicas.length + absent - Math.max(...groups.values()) };
}

/** The difference as an anomaly; `id` is the key's, where the history has operations on it. */
export function nameDivergence(
  history: History,
  { keyspace, byNode }: Dumps,
  { key, shown, absent }: Difference,
  id: number | undefined,
): Anomaly {
  const parts = shown.map(({ node, values }) => {
    const what = values.length === 0 ? "nothing" : values.map(valueText).join(" and ");
    return `${node} holds ${what}`;
  });
  if (absent > 0) parts.push(`${absent} more of its ${absent + shown.length} replicas hold nothing`);
  const at = timeText(byNode[0]?.timeNs ?? 0);
  const unread = readSinceChange(history, id) === false ? "; nobody read it after its last change" : "";
  const says = `at rest, at ${at}, the replicas of ${key} differ: ${parts.join(", ")}${unread}`;
  const texts = new Set(shown.flatMap(({ values }) => values.map(canonicalText)));
  const someShowNothing = absent > 0 || shown.some(({ values }) => values.length === 0);
  const evidence = id === undefined ? [] : authorsOf(history, rowsOfKey(history, id), texts, someShowNothing);
  return { kind: "divergence", says, evidence, keyspace, key };
}

/** Whether a read of the key was answered that began after the last change had begun; null without operations. */
export function readSinceChange(history: History, id: number | undefined): boolean | null {
  if (id === undefined) return null;
  let isRead = false;
  for (const row of rowsOfKey(history, id)) {
    if (isAnsweredRead(history, row)) isRead = true;
    else if (isChange(history, row)) isRead = false;
  }
  return isRead;
}

/**
 * The writes whose values are shown, and the last acknowledged delete where a replica shows nothing. What is shown
 * of sets and counters nobody wrote as it is: then the last acknowledged change stands for all.
 */
function authorsOf(
  history: History,
  rows: readonly number[],
  texts: ReadonlySet<string>,
  someShowNothing: boolean,
): number[] {
  const authors = rows.filter((row) => {
    const value = leftBehind(history, row);
    return value > 0 && texts.has(canonicalText(history.values[value] ?? null));
  });
  const acknowledged = rows.filter((row) => history.outcome[row] === Outcome.ok && isChange(history, row));
  const deletes = acknowledged.filter((row) => history.f[row] === Fn.delete);
  if (someShowNothing) authors.push(...deletes.slice(-1));
  if (authors.length === 0) authors.push(...acknowledged.slice(-1));
  return authors.map((row) => cell(history.invokeIndex, row)).sort((a, b) => a - b);
}

/** Whether an operation may have changed anything. */
function isChange(history: History, row: number): boolean {
  return history.f[row] !== Fn.read && history.outcome[row] !== Outcome.fail;
}
