import type { Checker } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { DumpedEntry, History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { describeOperation } from "../../harness/history/operation.ts";
import type { Anomaly, Measure, Verdict } from "../../harness/history/verdict.ts";
import { anomalyOf, answeredOf, combineVerdicts, verdictOf } from "../verdicts.ts";
import type { Difference } from "./divergence.ts";
import { differenceOf, nameDivergence, readSinceChange } from "./divergence.ts";
import type { Dumps } from "./dumps.ts";
import { dumpsOf } from "./dumps.ts";
import { replicationOf } from "./replication.ts";
import { withMeasures } from "./with-measures.ts";

/**
 * Compares what the replicas hold after the cluster was mended and came to rest. Only what a reader could see
 * counts: a tombstone and nothing at all are the same, and so are siblings in another order.
 */
export const convergence: Checker = {
  name: "convergence",
  assumes: ["dumps are taken after the mend and the rest", "nothing is written after them"],
  tasks: () => [{ key: -1 }],
  run: judgeAll,
  combine: ([only]) => only ?? noDumps,
};

const noDumps: Verdict = { word: "notChecked", because: "the history has no dump of the replicas" };

function judgeAll(history: History): Verdict {
  const all = dumpsOf(history);
  if (all.length === 0) return noDumps;
  const parts = all.map((dumps) => judgeKeyspace(history, dumps));
  return withMeasures(
    combineVerdicts(parts.map(({ verdict }) => verdict)),
    parts.flatMap(({ measures }) => measures),
  );
}

/** What was found in one keyspace, and how much of it there is. */
interface Judged {
  readonly verdict: Verdict;
  readonly measures: readonly Measure[];
}

function judgeKeyspace(history: History, dumps: Dumps): Judged {
  const unfit = unfitDumps(history, dumps);
  if (unfit !== null) return { verdict: unfit, measures: [] };
  const { differences, compared } = compareKeys(history, dumps);
  if (compared.size === 0) {
    const because = `no key of ${nameOf(dumps.keyspace)} is held by two dumped nodes`;
    return { verdict: { word: "unknown", because }, measures: [] };
  }
  const ids = idsOfKeys(history, dumps.keyspace, compared);
  const unread = differences.filter(({ key }) => readSinceChange(history, ids.get(key)) === false).length;
  const measures = measuresOf(dumps.keyspace, differences, compared.size, unread);
  const anomalies = differences.map((difference) =>
    nameDivergence(history, dumps, difference, ids.get(difference.key)),
  );
  return { verdict: convergedOr(history, anomalies, ids.values()), measures };
}

function convergedOr(history: History, anomalies: readonly Anomaly[], ids: Iterable<number>): Verdict {
  let answered = 0;
  for (const id of ids) answered += answeredOf(history, id);
  if (anomalies.length > 0 || answered > 0) return verdictOf(anomalies, answered);
  return { word: "notChecked", because: "no operation on what the replicas hold was answered" };
}

/** Why these dumps cannot be held against the store, or null. */
function unfitDumps(history: History, { keyspace, byNode }: Dumps): Verdict | null {
  if (byNode.every(({ entries }) => entries.length === 0)) {
    return { word: "notChecked", because: `no replica of ${nameOf(keyspace)} holds anything` };
  }
  if (byNode.length < 2)
    return { word: "unknown", because: `only one replica of ${nameOf(keyspace)} was dumped` };
  const first = byNode.reduce((least, { index }) => Math.min(least, index), Number.POSITIVE_INFINITY);
  const struck = faultStruckAt(history, first);
  if (struck !== null) {
    return { word: "notChecked", because: `fault ${struck} was not mended when the replicas were dumped` };
  }
  const late = changeAfter(history, keyspace, first);
  if (late === null) return null;
  const says = `${describeOperation(history, late)}, after a replica had been dumped`;
  return verdictOf([anomalyOf(history, "broken assumption", [late], says)], 0);
}

function nameOf(keyspace: string): string {
  return keyspace === "" ? "the keyspace" : keyspace;
}

/** The first fault that had struck by then and not been mended, or null. */
function faultStruckAt(history: History, index: number): number | null {
  const struck = new Set<number>();
  for (const mark of history.marks) {
    if (mark.index > index) break;
    if (mark.kind === "strike") struck.add(mark.fault);
    if (mark.kind === "mend") struck.delete(mark.fault);
  }
  const [first = null] = struck;
  return first;
}

/** The first operation of a keyspace that changed something and was acknowledged after that, or null. */
function changeAfter(history: History, keyspace: string, index: number): number | null {
  for (let row = 0; row < history.length; row += 1) {
    if (history.outcome[row] !== Outcome.ok || cell(history.completeIndex, row) < index) continue;
    if (history.f[row] === Fn.read) continue;
    if (history.keys[history.key[row] ?? -1]?.keyspace === keyspace) return row;
  }
  return null;
}

function compareKeys(
  history: History,
  dumps: Dumps,
): { readonly differences: readonly Difference[]; readonly compared: ReadonlySet<string> } {
  const { byNode, keyspace } = dumps;
  const entriesOf = new Map<string, (DumpedEntry | undefined)[]>();
  byNode.forEach(({ entries }, at) => {
    for (const entry of entries) {
      const held = entriesOf.get(entry.key) ?? [];
      held[at] = entry;
      entriesOf.set(entry.key, held);
    }
  });
  const { n } = replicationOf(history, keyspace);
  const isWhole = history.nodes.every((node) => byNode.some((dump) => dump.node === node));
  const differences: Difference[] = [];
  const compared = new Set<string>();
  for (const key of [...entriesOf.keys()].sort()) {
    const held = byNode.map((dump, at) => ({ node: dump.node, entry: entriesOf.get(key)?.[at] }));
    const found = differenceOf(key, held, n, isWhole);
    if (found === "alone") continue;
    compared.add(key);
    if (found !== null) differences.push(found);
  }
  return { differences, compared };
}

/** The ids of those of these keys that the history has operations on. */
function idsOfKeys(history: History, keyspace: string, keys: ReadonlySet<string>): Map<string, number> {
  const ids = new Map<string, number>();
  history.keys.forEach((known, id) => {
    if (known.keyspace === keyspace && keys.has(known.key)) ids.set(known.key, id);
  });
  return ids;
}

function measuresOf(
  keyspace: string,
  differences: readonly Difference[],
  compared: number,
  unread: number,
): Measure[] {
  const count = (name: string, value: number): Measure => {
    return { name, ...(keyspace === "" ? {} : { of: keyspace }), value, unit: "count" };
  };
  const odd = differences.reduce((sum, { odd: replicas }) => sum + replicas, 0);
  return [
    count("keys compared at rest", compared),
    count("keys that differ at rest", differences.length),
    count("keys that differ and were not read since they changed", unread),
    count("replicas that differ from the most of their key", odd),
  ];
}
