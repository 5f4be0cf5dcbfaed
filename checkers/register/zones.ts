import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import { eventsOfKey, keyEvents } from "../key-events.ts";
import type { Clusters } from "./clusters.ts";
import { gatherClusters } from "./clusters.ts";

/** What the zone check found at one key. */
export interface ZoneReport {
  /** A value that two operations may have written, as a value id: then nothing else is said. */
  readonly repeated: number | null;
  /** Answered reads whose value nobody had begun to write when they ended. */
  readonly unwritten: readonly number[];
  /**
   * Rows, ascending, of clusters that exclude each other two by two: one to six operations each, which are
   * not linearizable even by themselves. Every clash proves itself, but not every clash is listed.
   */
  readonly clashes: readonly (readonly number[])[];
}

/** Most clashes that are listed for a key. Chosen: verdicts list no more than a hundred. */
const mostClashes = 128;

/**
 * Judges the linearizability of a register whose written values are unique: P. Gibbons, E. Korach, "Testing
 * Shared Memories", SIAM J. Comput. 26(4), 1997. With f the least completion of a cluster and s its greatest
 * invocation, the history is linearizable exactly when every value read was written by something that began
 * before the read ended, and no two clusters A, B have f(A) < s(B) and f(B) < s(A). A cluster with f < s is
 * *forward*: its value must hold from f to s. The others are *backward*: they may be put anywhere between s
 * and f. So forward ones must not overlap, and no backward one may lie within a forward one: on dense ranks,
 * one pass.
 *
 * With `onlyValues`, reads of nothing are left out: clashes are still real where deletes happened, but finding
 * none proves nothing then.
 */
export function checkZones(history: History, key: number, onlyValues = false): ZoneReport {
  const index = keyEvents(history);
  const events = eventsOfKey(index, key);
  const clusters = gatherClusters(index, key, onlyValues);
  const { repeated } = clusters;
  if (repeated !== null) return { repeated, unwritten: [], clashes: [] };
  const unwritten = clusters.unwritten.map((rank) => ~cell(events, rank));
  const clashes = findClashes(clusters, events.length);
  return {
    repeated,
    unwritten,
    clashes: clashes.map(([a, b]) => smallestClash(history, events, clusters, a, b)),
  };
}

function findClashes(clusters: Clusters, ranks: number): [number, number][] {
  const { firstReturn, lastCall } = clusters;
  const marked = markRanks(clusters, ranks);
  const clashes: [number, number][] = [];
  // The forward cluster that reaches furthest. The initial null holds until it was read last.
  let furthest = 0;
  let furthestEnd = lastCall[0] ?? -1;
  for (let rank = 0; rank < ranks; rank += 1) {
    const cluster = cell(marked, rank);
    if (cluster === 0) continue;
    const end = cell(lastCall, cluster);
    // Both kinds clash when they end, if only for one operation, before the furthest one may.
    if ((firstReturn[cluster] ?? never) < furthestEnd && clashes.length < mostClashes)
      clashes.push([furthest, cluster]);
    // A backward cluster stands at its last call, which reaches no further than what was seen.
    if (end > rank && end > furthestEnd) {
      furthest = cluster;
      furthestEnd = end;
    }
  }
  return clashes;
}

/** Forward clusters stand at their first return, backward ones at their last call: no two at one rank. */
function markRanks({ count, firstReturn, lastCall }: Clusters, ranks: number): Int32Array {
  const marked = new Int32Array(ranks);
  for (let cluster = 1; cluster <= count; cluster += 1) {
    marked[Math.min(firstReturn[cluster] ?? never, cell(lastCall, cluster))] = cluster;
  }
  return marked;
}

/** A part of a cluster, and what it is enough for: as indices, which are in the same order as ranks. */
interface Part {
  readonly rows: readonly number[];
  readonly firstReturn: number;
  readonly lastCall: number;
}

/** The fewest operations of both clusters that still exclude each other. */
function smallestClash(
  history: History,
  events: Int32Array,
  clusters: Clusters,
  a: number,
  b: number,
): readonly number[] {
  const partsOfB = partsOf(history, events, clusters, b);
  let smallest: readonly number[] | null = null;
  for (const left of partsOf(history, events, clusters, a)) {
    for (const right of partsOfB) {
      const isClash = left.firstReturn < right.lastCall && right.firstReturn < left.lastCall;
      const size = left.rows.length + right.rows.length;
      if (isClash && (smallest === null || size < smallest.length)) smallest = [...left.rows, ...right.rows];
    }
  }
  return [...(smallest ?? [])].sort((first, second) => first - second);
}

/** The write, with and without the operations that set the cluster's first return and last call. */
function partsOf(history: History, events: Int32Array, clusters: Clusters, cluster: number): Part[] {
  const isInitial = cluster === 0;
  const base = isInitial ? [] : [cell(events, cell(clusters.writeCall, cluster))];
  const firstReturn = clusters.firstReturn[cluster] ?? never;
  const lastCall = clusters.lastCall[cluster] ?? -1;
  const first = firstReturn >= 0 && firstReturn !== never ? [~cell(events, firstReturn)] : [];
  const last = lastCall >= 0 ? [cell(events, lastCall)] : [];
  return [base, [...base, ...first], [...base, ...last], [...base, ...first, ...last]].map((rows) => {
    const distinct = [...new Set(rows)];
    const part = { rows: distinct, firstReturn: isInitial ? -1 : never, lastCall: -1 };
    for (const row of distinct) {
      part.firstReturn = Math.min(part.firstReturn, history.completeIndex[row] ?? never);
      part.lastCall = Math.max(part.lastCall, history.invokeIndex[row] ?? -1);
    }
    return part;
  });
}
