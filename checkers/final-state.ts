import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import { never } from "../harness/history/history.ts";
import type { HistoryValue } from "../harness/history/values.ts";
import { sameValue } from "../harness/history/values.ts";
import { isAnsweredRead } from "./register/register-operations.ts";
import { dumpsOf, visibleValues } from "./world/dumps.ts";

/** Index of the mark from which on the cluster has been mended and at rest; `never` where there is none. */
export function finalIndex(history: History): number {
  return history.marks.find((mark) => mark.kind === "phase" && mark.phase === "final")?.index ?? never;
}

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
  const { keyspace, key: name } = history.keys[key] ?? { keyspace: "", key: "" };
  const dumps = dumpsOf(history).find((each) => each.keyspace === keyspace);
  if (dumps === undefined) return null;
  const shown = dumps.byNode.flatMap(({ entries }): readonly HistoryValue[] => {
    const values = visibleValues(entries.find((entry) => entry.key === name));
    return values.length === 0 ? [null] : values;
  });
  return [...new Set(shown.map((value) => history.values.findIndex((known) => sameValue(known, value))))];
}
