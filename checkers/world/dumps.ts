import type { DumpedEntry, History, Mark } from "../../harness/history/history.ts";
import type { HistoryValue } from "../../harness/history/values.ts";

/** What one replica held. */
export type Dump = Extract<Mark, { kind: "dump" }>;

/** What the replicas of a keyspace hold at the end: the last dump of each node. */
export interface Dumps {
  readonly keyspace: string;
  /** In the order of the nodes' names. */
  readonly byNode: readonly Dump[];
}

/** The last dump of each node, by keyspace, both in order of their names. */
export function dumpsOf(history: History): Dumps[] {
  const keyspaces = new Map<string, Map<string, Dump>>();
  for (const mark of history.marks) {
    if (mark.kind !== "dump") continue;
    const byNode = keyspaces.get(mark.keyspace) ?? new Map<string, Dump>();
    byNode.set(mark.node, mark);
    keyspaces.set(mark.keyspace, byNode);
  }
  return [...keyspaces]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([keyspace, dumps]) => ({
      keyspace,
      byNode: [...dumps.values()].sort((a, b) => (a.node < b.node ? -1 : 1)),
    }));
}

/** The values that a reader of this replica could see, in the order of their JSON. */
export function visibleValues(entry: DumpedEntry | undefined): readonly HistoryValue[] {
  const values = (entry?.values ?? []).filter(({ deleted, value }) => !deleted && value !== null);
  return values.map(({ value }) => value).sort((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1));
}

/** The JSON of a value with the fields of its objects in order: a cart is the same however it was written down. */
export function canonicalText(value: HistoryValue): string {
  if (typeof value !== "object") return JSON.stringify(value);
  return JSON.stringify(value, (_, inner: HistoryValue) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
