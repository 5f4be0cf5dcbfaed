import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import { never } from "../harness/history/history.ts";
import type { HistoryValue } from "../harness/history/values.ts";
import { oncePerHistory } from "./once-per-history.ts";
import { isAnsweredRead } from "./register/register-operations.ts";
import { dumpsOf, visibleValues } from "./world/dumps.ts";

/** Index of the mark from which on the cluster has been mended and at rest; `never` where there is none. */
export const finalIndex: (history: History) => number = oncePerHistory(
  ({ marks }) => marks.find((mark) => mark.kind === "phase" && mark.phase === "final")?.index ?? never,
);

/** Of these operations the reads that were answered after the rest, as rows. */
export function readsAtRest(history: History, rows: readonly number[]): readonly number[] {
  const rest = finalIndex(history);
  return rows.filter((row) => isAnsweredRead(history, row) && cell(history.invokeIndex, row) > rest);
}

/**
 * The value ids that the replicas show of a key at the end, 0 for nothing; −1 stands for a value that no
 * operation of the history has. Null where no replica was dumped.
 */
export function dumpedValues(history: History, key: number): readonly number[] | null {
  return shownByKey(history)[key] ?? null;
}

/** Value ids that replicas show, by key. */
const shownByKey: (history: History) => readonly (readonly number[] | null)[] = oncePerHistory((history) => {
  const shown = shownByKeyspace(history);
  return history.keys.map(({ keyspace, key }) => {
    const ofKeyspace = shown.get(keyspace);
    return ofKeyspace === undefined ? null : [...(ofKeyspace.get(key) ?? nothing)];
  });
});

const nothing: readonly number[] = [0];

function shownByKeyspace(history: History): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<number>>> {
  const dumps = dumpsOf(history);
  if (dumps.length === 0) return new Map();
  const ids = new Map<unknown, number>(history.values.map((value, id) => [identity(value), id]));
  return new Map(
    dumps.map(({ keyspace, byNode }) => {
      const byKey = new Map<string, { values: Set<number>; holders: number }>();
      for (const entry of byNode.flatMap(({ entries }) => entries)) {
        const shown = byKey.get(entry.key) ?? { values: new Set<number>(), holders: 0 };
        byKey.set(entry.key, shown);
        const visible = visibleValues(entry);
        if (visible.length > 0) shown.holders += 1;
        for (const value of visible) shown.values.add(ids.get(identity(value)) ?? -1);
      }
      const sets = [...byKey].map(([key, { values, holders }]): [string, Set<number>] => [
        key,
        holders < byNode.length ? values.add(0) : values,
      ]);
      return [keyspace, new Map(sets)];
    }),
  );
}

/** Equal for equal values: numbers are themselves; JSON tells texts from everything else by its quotes. */
function identity(value: HistoryValue): unknown {
  return typeof value === "number" ? value : JSON.stringify(value);
}
