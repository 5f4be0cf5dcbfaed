import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import { keyTraits } from "../key-traits.ts";
import { oncePerHistory } from "../once-per-history.ts";

/** Places that the screen makes room for, for each operation, beside a few: two events each, and some marks. */
const placesPerOperation = 8;
const placesAtLeast = 1_024;

/**
 * By key: 1 where the plain zone check proves the key's history linearizable at once. 0 says nothing: a
 * violation, deletes, cas, or a value that was written twice, if only to another key. All keys are judged in one pass
 * over rows, one over values and one over places, without sorting anything: so the memory is read in order.
 */
export const plainlyLinearizable: (history: History) => Uint8Array = oncePerHistory(screen);

/** The clusters of all keys, by value: each a write, which nobody repeats, and the reads of its value. */
interface ValueClusters {
  /** One more than the id of the key that the value was written to; 0 where there is none. */
  readonly owner: Int32Array;
  /** Where the write began. */
  readonly writeCall: Int32Array;
  /** Least completion of the cluster. */
  readonly firstReturn: Int32Array;
  /** Greatest invocation of the cluster. */
  readonly lastCall: Int32Array;
}

function screen(history: History): Uint8Array {
  const { length, keys, invokeIndex } = history;
  // Every cluster is marked where something began, or before.
  const places = cell(invokeIndex, length - 1) + 1;
  const fine = new Uint8Array(keys.length);
  if (places > placesPerOperation * length + placesAtLeast) return fine;
  const { traits } = keyTraits(history);
  fine.forEach((_, key) => {
    fine[key] = traits[key] === 0 ? 1 : 0;
  });
  const size = history.values.length;
  const clusters = {
    owner: new Int32Array(size),
    writeCall: new Int32Array(size),
    firstReturn: new Int32Array(size).fill(never),
    lastCall: new Int32Array(size),
  };
  noteWrites(history, clusters, fine);
  const furthest = noteReads(history, clusters, fine);
  sweep(clusters, places, furthest, fine);
  return fine;
}

function noteWrites(history: History, clusters: ValueClusters, fine: Uint8Array): void {
  const { length, key, f, outcome, argument, invokeIndex, completeIndex } = history;
  const { owner, writeCall, firstReturn, lastCall } = clusters;
  for (let row = 0; row < length; row += 1) {
    if (f[row] !== Fn.write || outcome[row] === Outcome.fail) continue;
    const value = cell(argument, row);
    const keyId = cell(key, row);
    const other = cell(owner, value);
    if (other !== 0) {
      fine[other - 1] = 0;
      fine[keyId] = 0;
    }
    owner[value] = keyId + 1;
    const call = cell(invokeIndex, row);
    writeCall[value] = call;
    lastCall[value] = call;
    firstReturn[value] = cell(completeIndex, row);
  }
}

/** Gives, by key, where nothing was asked for last: so far the initial null holds. */
function noteReads(history: History, clusters: ValueClusters, fine: Uint8Array): Int32Array {
  const { length, key, f, outcome, result, invokeIndex, completeIndex } = history;
  const { owner, writeCall, firstReturn, lastCall } = clusters;
  const initialUntil = new Int32Array(fine.length);
  for (let row = 0; row < length; row += 1) {
    if (f[row] !== Fn.read || outcome[row] !== Outcome.ok) continue;
    const value = cell(result, row);
    const keyId = cell(key, row);
    const call = cell(invokeIndex, row);
    const end = cell(completeIndex, row);
    if (value === 0) initialUntil[keyId] = call;
    else if (cell(owner, value) !== keyId + 1 || cell(writeCall, value) > end) fine[keyId] = 0;
    // The cells of null are nobody's.
    firstReturn[value] = Math.min(end, cell(firstReturn, value));
    lastCall[value] = Math.max(call, cell(lastCall, value));
  }
  return initialUntil;
}

/** The sweep of `findClashes`, for all keys at once: by key, how far the forward cluster reaches that reaches furthest. */
function sweep(clusters: ValueClusters, places: number, furthest: Int32Array, fine: Uint8Array): void {
  const { owner, firstReturn, lastCall } = clusters;
  const marked = new Int32Array(places);
  for (let value = 1; value < owner.length; value += 1) {
    if (owner[value] === 0) continue;
    marked[Math.min(cell(firstReturn, value), cell(lastCall, value))] = value;
  }
  for (let place = 0; place < places; place += 1) {
    const value = cell(marked, place);
    if (value === 0) continue;
    const keyId = cell(owner, value) - 1;
    const reach = cell(furthest, keyId);
    if (cell(firstReturn, value) < reach) fine[keyId] = 0;
    const end = cell(lastCall, value);
    if (end > reach) furthest[keyId] = end;
  }
}
