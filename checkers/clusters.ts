import { never } from "../harness/history/history.ts";
import type { KeyEvents } from "./key-events.ts";
import { eventsOfKey, Meaning, meaningsOfKey } from "./key-events.ts";

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

/** Gathers the clusters of a key in one pass over its events. Reads of null are left out with `onlyValues`. */
export function gatherClusters(index: KeyEvents, key: number, onlyValues: boolean): Clusters {
  const gatherer = new ClusterGatherer(index, key, onlyValues);
  gatherer.gather();
  return gatherer;
}

class ClusterGatherer implements Clusters {
  count = 0;
  readonly writeCall: Int32Array;
  readonly firstReturn: Int32Array;
  readonly lastCall: Int32Array;
  readonly unwritten: number[] = [];
  repeated: number | null = null;
  readonly #events: Int32Array;
  readonly #meanings: Int32Array;
  readonly #callAt: Int32Array;
  readonly #cellOfValue: Int32Array;
  readonly #onlyValues: boolean;

  constructor(index: KeyEvents, key: number, onlyValues: boolean) {
    this.#events = eventsOfKey(index, key);
    this.#meanings = meaningsOfKey(index, key);
    this.#callAt = index.callAt;
    this.#cellOfValue = index.cellOfValue;
    this.#onlyValues = onlyValues;
    const capacity = countWrites(this.#meanings) + 1;
    this.writeCall = new Int32Array(capacity);
    this.firstReturn = new Int32Array(capacity).fill(never);
    this.lastCall = new Int32Array(capacity);
    this.firstReturn[0] = -1;
    this.lastCall[0] = -1;
  }

  gather(): void {
    const meanings = this.#meanings;
    for (let rank = 0; rank < meanings.length && this.repeated === null; rank += 1) {
      const packed = meanings[rank] ?? 0;
      const meaning = packed & 3;
      if (meaning === Meaning.none) continue;
      const value = packed >> 2;
      if (meaning === Meaning.writeBegins) this.#begin(value, rank);
      else if (meaning === Meaning.readEnds) this.#read(value, rank);
      else this.#returned(this.#cellOfValue[value] ?? 0, rank);
    }
    this.#clearCells();
  }

  #begin(value: number, rank: number): void {
    if (this.#cellOfValue[value] !== 0) {
      this.repeated = value;
      return;
    }
    this.count += 1;
    this.#cellOfValue[value] = this.count;
    this.writeCall[this.count] = rank;
    this.lastCall[this.count] = rank;
  }

  #read(value: number, rank: number): void {
    const cluster = this.#cellOfValue[value] ?? 0;
    if (cluster === 0) {
      if (value !== 0) this.unwritten.push(rank);
      if (value !== 0 || this.#onlyValues) return;
    }
    this.#returned(cluster, rank);
    const call = this.#callAt[~(this.#events[rank] ?? 0)] ?? 0;
    if (call > (this.lastCall[cluster] ?? 0)) this.lastCall[cluster] = call;
  }

  #returned(cluster: number, rank: number): void {
    if (this.firstReturn[cluster] === never) this.firstReturn[cluster] = rank;
  }

  /** The scratch cells are shared: they are left as they were found. */
  #clearCells(): void {
    for (let cluster = 1; cluster <= this.count; cluster += 1) {
      const value = (this.#meanings[this.writeCall[cluster] ?? 0] ?? 0) >> 2;
      this.#cellOfValue[value] = 0;
    }
  }
}

function countWrites(meanings: Int32Array): number {
  let count = 0;
  for (let rank = 0; rank < meanings.length; rank += 1) {
    if (((meanings[rank] ?? 0) & 3) === Meaning.writeBegins) count += 1;
  }
  return count;
}
