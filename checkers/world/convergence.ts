import type { Checker } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { DumpedEntry, History, Mark } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { valueText } from "../../harness/history/operation.ts";
import { timeText } from "../../harness/history/time.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { leftBehind } from "../register/register-operations.ts";
import { answeredOf, combineVerdicts, verdictOf } from "../verdicts.ts";
import { replicationOf } from "./replication.ts";

type Dump = Extract<Mark, { kind: "dump" }>;

/** What the replicas of a keyspace hold at the end: the last dump of each node. */
interface Dumps {
  readonly keyspace: string;
  readonly byNode: readonly Dump[];
}

/**
 * Compares what the replicas hold after the cluster was mended and came to rest. Only what a reader could see
 * counts: a tombstone and nothing at all are the same.
 */
export const convergence: Checker = {
  name: "convergence",
  assumes: ["dumps are taken after the mend and the rest", "nothing is written after them"],
  tasks: () => [{ key: -1 }],
  run: (history) => combineVerdicts(dumpsOf(history).map((dumps) => compareReplicas(history, dumps))),
  combine: (partials) => {
    const [only] = partials;
    if (only?.word !== "notChecked") return only ?? noDumps;
    return only.because.startsWith("no operation") ? noDumps : only;
  },
};

const noDumps: Verdict = { word: "notChecked", because: "the history has no dump of the replicas" };

/** The last dump of each node, by keyspace, nodes in order of their names. */
export function dumpsOf(history: History): Dumps[] {
  const keyspaces = new Map<string, Map<string, Dump>>();
  for (const mark of history.marks) {
    if (mark.kind !== "dump") continue;
    const byNode = keyspaces.get(mark.keyspace) ?? new Map<string, Dump>();
    byNode.set(mark.node, mark);
    keyspaces.set(mark.keyspace, byNode);
  }
  return [...keyspaces.keys()].sort().map((keyspace) => {
    const byNode = keyspaces.get(keyspace) ?? new Map<string, Dump>();
    return { keyspace, byNode: [...byNode.values()].sort((a, b) => (a.node < b.node ? -1 : 1)) };
  });
}

function compareReplicas(history: History, { keyspace, byNode }: Dumps): Verdict {
  const keys = [...new Set(byNode.flatMap(({ entries }) => entries.map(({ key }) => key)))].sort();
  if (keys.length === 0) return { word: "notChecked", because: `no replica of ${keyspace} holds anything` };
  if (byNode.length < 2) return { word: "unknown", because: `only one replica of ${keyspace} was dumped` };
  // With more nodes than replicas nothing says which nodes should hold a key: those that do are compared.
  const isEveryNodeReplica = replicationOf(history, keyspace).n === byNode.length;
  const anomalies: Anomaly[] = [];
  const compared = new Set<string>();
  for (const key of keys) {
    const held = byNode.map((dump) => ({ dump, entry: dump.entries.find((entry) => entry.key === key) }));
    const replicas = isEveryNodeReplica ? held : held.filter(({ entry }) => entry !== undefined);
    if (replicas.length < 2) continue;
    compared.add(key);
    const shown = replicas.map(({ dump, entry }) => ({ dump, values: visibleValues(entry) }));
    const texts = new Set(shown.map(({ values }) => JSON.stringify(values)));
    if (texts.size > 1) anomalies.push(divergence(history, keyspace, key, shown));
  }
  if (compared.size === 0)
    return { word: "unknown", because: `no key of ${keyspace} is held by two dumped nodes` };
  return verdictOf(anomalies, answeredOn(history, keyspace, compared));
}

/** Operations that ended `ok` on any of these keys. */
function answeredOn(history: History, keyspace: string, keys: ReadonlySet<string>): number {
  return history.keys.reduce((sum, known, id) => {
    const isCompared = known.keyspace === keyspace && keys.has(known.key);
    return isCompared ? sum + answeredOf(history, id) : sum;
  }, 0);
}

/** The values that a reader of this replica could see, in the order of their JSON. */
export function visibleValues(entry: DumpedEntry | undefined): readonly HistoryValue[] {
  const values = (entry?.values ?? []).filter(({ deleted, value }) => !deleted && value !== null);
  return values.map(({ value }) => value).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function divergence(
  history: History,
  keyspace: string,
  key: string,
  shown: readonly { readonly dump: Dump; readonly values: readonly HistoryValue[] }[],
): Anomaly {
  const parts = shown.map(({ dump, values }) => {
    const what = values.length === 0 ? "nothing" : values.map(valueText).join(" and ");
    return `${dump.node} holds ${what}`;
  });
  const at = timeText(shown[0]?.dump.timeNs ?? 0);
  const says = `at rest, at ${at}, the replicas of ${key} differ: ${parts.join(", ")}`;
  const texts = new Set(shown.flatMap(({ values }) => values.map((value) => JSON.stringify(value))));
  const someShowNothing = shown.some(({ values }) => values.length === 0);
  const evidence = authorsOf(history, keyspace, key, texts, someShowNothing);
  return { kind: "divergence", says, evidence, keyspace, key };
}

/** The writes whose values are shown, and the last acknowledged delete where a replica shows nothing. */
function authorsOf(
  history: History,
  keyspace: string,
  key: string,
  texts: ReadonlySet<string>,
  someShowNothing: boolean,
): number[] {
  const id = history.keys.findIndex((known) => known.keyspace === keyspace && known.key === key);
  const rows = Array.from({ length: history.length }, (_, row) => row).filter(
    (row) => history.key[row] === id,
  );
  const authors = rows.filter((row) => {
    const value = leftBehind(history, row);
    return value > 0 && texts.has(JSON.stringify(history.values[value]));
  });
  const deletes = rows.filter((row) => history.f[row] === Fn.delete && history.outcome[row] === Outcome.ok);
  if (someShowNothing) authors.push(...deletes.slice(-1));
  return authors.map((row) => cell(history.invokeIndex, row)).sort((a, b) => a - b);
}
