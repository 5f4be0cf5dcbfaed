import { cell } from "../../harness/history/cell.ts";
import { never } from "../../harness/history/history.ts";
import type { KeyEvents } from "../key-events.ts";
import { eventsOfKey, Meaning, meaningsOfKey } from "../key-events.ts";

/**
 * The clusters of a key: each is a write and the answered reads of its value, number 0 the initial null, which
 * is a write that ended before everything. All places are ranks within the key's events.
 */
export interface Clusters {
  readonly count: number;
  /** Where the write of a cluster began. */
  readonly writeCall: Int32Array;
  /** Least completion of the cluster; `never` for a pending write that nobody read. */
  readonly firstReturn: Int32Array;
  /** Greatest invocation of the cluster. */
  readonly lastCall: Int32Array;
  /** Ranks of answered reads whose value nobody had begun to write when they ended. */
  readonly unwritten: readonly number[];
  /** A value that two operations may have written, as a value id. */
  readonly repeated: number | null;
}

/** A read of null, as an event's packed meaning. */
const emptyReadEnds: number = Meaning.readEnds;

/**
 * Gathers the clusters of a key. Reads of null are left out with `onlyValues`. Plain loops over local arrays:
 * measured, they take a third of the time of the same with an object and methods.
 */
export function gatherClusters(index: KeyEvents, key: number, onlyValues: boolean): Clusters {
  const meanings = meaningsOfKey(index, key);
  const { cellOfValue } = index;
  const writeCall = new Int32Array(countWrites(meanings) + 1);
  const { count, repeated } = placeWrites(meanings, cellOfValue, writeCall);
  const firstReturn = new Int32Array(writeCall.length).fill(never);
  const lastCall = writeCall.slice();
  firstReturn[0] = -1;
  lastCall[0] = -1;
  const clusters = { count, writeCall, firstReturn, lastCall, unwritten: [], repeated };
  if (repeated === null) noteEnds(index, key, clusters, onlyValues ? emptyReadEnds : -1);
  // The scratch cells are shared: they are left as they were found.
  for (let cluster = 1; cluster <= count; cluster += 1) {
    cellOfValue[cell(meanings, cell(writeCall, cluster)) >> 2] = 0;
  }
  return clusters;
}

/** Numbers the clusters in the order in which their writes begin. */
function placeWrites(
  meanings: Int32Array,
  cellOfValue: Int32Array,
  writeCall: Int32Array,
): { count: number; repeated: number | null } {
  let count = 0;
  for (let rank = 0; rank < meanings.length; rank += 1) {
    const packed = cell(meanings, rank);
    if ((packed & 3) !== Meaning.writeBegins) continue;
    const value = packed >> 2;
    if (cellOfValue[value] !== 0) return { count, repeated: value };
    count += 1;
    cellOfValue[value] = count;
    writeCall[count] = rank;
  }
  return { count, repeated: null };
}

function noteEnds(
  index: KeyEvents,
  key: number,
  clusters: Clusters & { readonly unwritten: number[] },
  leftOut: number,
): void {
  const meanings = meaningsOfKey(index, key);
  const events = eventsOfKey(index, key);
  const { callAt, cellOfValue } = index;
  const { writeCall, firstReturn, lastCall, unwritten } = clusters;
  for (let rank = 0; rank < meanings.length; rank += 1) {
    const packed = cell(meanings, rank);
    if ((packed & 3) < Meaning.writeEnds || packed === leftOut) continue;
    const cluster = cell(cellOfValue, packed >> 2);
    if ((cluster === 0 && packed !== emptyReadEnds) || cell(writeCall, cluster) > rank) {
      unwritten.push(rank);
      continue;
    }
    if (firstReturn[cluster] === never) firstReturn[cluster] = rank;
    const call = cell(callAt, ~cell(events, rank));
    if (call > cell(lastCall, cluster)) lastCall[cluster] = call;
  }
}

function countWrites(meanings: Int32Array): number {
  let count = 0;
  for (let rank = 0; rank < meanings.length; rank += 1) {
    if ((cell(meanings, rank) & 3) === Meaning.writeBegins) count += 1;
  }
  return count;
}
