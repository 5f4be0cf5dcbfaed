import type { History } from "../harness/history/history.ts";
import { Fn, never, Outcome } from "../harness/history/history.ts";
import type { KeyEvents } from "./key-events.ts";

/**
 * The clusters of a key: each is a write and the answered reads of its value, number 0 the initial null, which
 * is a write that ended before everything. All places are ranks within the key's events.
 */
export class Clusters {
  count = 0;
  readonly writeRow: Int32Array;
  /** Least completion of the cluster; `never` for a pending write that nobody read. */
  readonly firstReturn: Int32Array;
  /** Greatest invocation of the cluster. */
  readonly lastCall: Int32Array;
  /** Answered reads whose value nobody had begun to write when they ended. */
  readonly unwritten: number[] = [];
  /** A value that two operations may have written, as a value id. */
  repeated: number | null = null;
  readonly #history: History;
  readonly #index: KeyEvents;
  readonly #onlyValues: boolean;

  constructor(history: History, index: KeyEvents, events: Int32Array, onlyValues: boolean) {
    this.#history = history;
    this.#index = index;
    this.#onlyValues = onlyValues;
    const capacity = countWrites(history, events) + 1;
    this.writeRow = new Int32Array(capacity);
    this.firstReturn = new Int32Array(capacity).fill(never);
    this.lastCall = new Int32Array(capacity);
    this.firstReturn[0] = -1;
    this.lastCall[0] = -1;
    this.#gather(events);
    this.#clearCells();
  }

  #gather(events: Int32Array): void {
    for (let rank = 0; rank < events.length && this.repeated === null; rank += 1) {
      const event = events[rank] ?? 0;
      if (event >= 0) this.#begin(event, rank);
      else this.#end(~event, rank);
    }
  }

  #begin(row: number, rank: number): void {
    const { f, outcome, argument } = this.#history;
    if (f[row] !== Fn.write || outcome[row] === Outcome.fail) return;
    const value = argument[row] ?? 0;
    if (this.#index.cellOfValue[value] !== 0) {
      this.repeated = value;
      return;
    }
    const cluster = this.count + 1;
    this.count = cluster;
    this.#index.cellOfValue[value] = cluster;
    this.writeRow[cluster] = row;
    this.lastCall[cluster] = rank;
  }

  #end(row: number, rank: number): void {
    const { f, outcome, argument, result } = this.#history;
    if (outcome[row] !== Outcome.ok) return;
    const kind = f[row];
    if (kind === Fn.write) this.#returned(this.#index.cellOfValue[argument[row] ?? 0] ?? 0, rank);
    else if (kind === Fn.read) this.#read(row, result[row] ?? 0, rank);
  }

  #read(row: number, value: number, rank: number): void {
    const cluster = this.#index.cellOfValue[value] ?? 0;
    if (value === 0 && this.#onlyValues) return;
    if (value !== 0 && cluster === 0) {
      this.unwritten.push(row);
      return;
    }
    this.#returned(cluster, rank);
    const call = this.#index.callAt[row] ?? 0;
    if (call > (this.lastCall[cluster] ?? 0)) this.lastCall[cluster] = call;
  }

  #returned(cluster: number, rank: number): void {
    if (this.firstReturn[cluster] === never) this.firstReturn[cluster] = rank;
  }

  /** The scratch cells are shared: they are left as they were found. */
  #clearCells(): void {
    for (let cluster = 1; cluster <= this.count; cluster += 1) {
      this.#index.cellOfValue[this.#history.argument[this.writeRow[cluster] ?? 0] ?? 0] = 0;
    }
  }
}

function countWrites({ f }: History, events: Int32Array): number {
  let count = 0;
  for (let rank = 0; rank < events.length; rank += 1) {
    const event = events[rank] ?? 0;
    if (event >= 0 && f[event] === Fn.write) count += 1;
  }
  return count;
}
