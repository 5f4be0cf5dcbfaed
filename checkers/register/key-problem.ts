import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never, Outcome } from "../../harness/history/history.ts";
import { besideEventsOfKey, eventsOfKey, keyEvents, Meaning } from "../key-events.ts";
import type { RegisterProblem } from "../search/problem.ts";
import { isRefusal } from "./register-operations.ts";

/**
 * The operations of a key that can matter, as demands on its value. Values are numbered as they occur, 0 is
 * null; places are ranks without gaps. Left out: reads without an answer, writes that definitely failed, and
 * refusals with an error, which may have had other reasons than the value.
 */
export interface KeyProblem extends RegisterProblem {
  /** By operation, its row of the history. */
  readonly rows: Int32Array;
  /** By place: the operation that begins there, or the complement of the one that ends there. */
  readonly events: Int32Array;
  /** By value, its id in the history. */
  readonly valueIds: Int32Array;
}

/** The problem of one key. Plain loops over local columns: measured, they take half the time of anything neater. */
export function problemOfKey(history: History, key: number): KeyProblem {
  const index = keyEvents(history);
  const all = eventsOfKey(index, key);
  const beside = besideEventsOfKey(index, key);
  const columns = emptyColumns(countOperations(all), all.length);
  const { rows, call, ret, events } = columns;
  /** By rank of an invocation: one more than its operation. */
  const operationAt = new Int32Array(all.length);
  const values = new LocalValues(index.cellOfValue);
  let length = 0;
  let place = 0;
  for (let rank = 0; rank < all.length; rank += 1) {
    const row = cell(all, rank);
    if (row < 0) {
      const operation = cell(operationAt, cell(beside, rank)) - 1;
      if (operation < 0) continue;
      ret[operation] = place;
      events[place] = ~operation;
    } else {
      if (!setDemands(history, row, cell(beside, rank), columns, length, values)) continue;
      rows[length] = row;
      call[length] = place;
      ret[length] = never;
      events[place] = length;
      length += 1;
      operationAt[rank] = length;
    }
    place += 1;
  }
  return trimmed(columns, length, place, values.taken());
}

function countOperations(events: Int32Array): number {
  let count = 0;
  for (let rank = 0; rank < events.length; rank += 1) if (cell(events, rank) >= 0) count += 1;
  return count;
}

/**
 * The problem that is left of another with only some of its operations, given ascending. What a compare-and-set
 * found is not asked for where only operations that are left out may have left it: then it stands for a write.
 */
export function partOfProblem(problem: KeyProblem, operations: readonly number[]): KeyProblem {
  const { needs, refuses, leaves } = problem;
  const columns = emptyColumns(operations.length, 2 * operations.length);
  const renumbered = new Map<number, number>([[0, 0]]);
  const numberOf = (value: number): number => {
    if (value < 0) return -1;
    const known = renumbered.get(value) ?? renumbered.size;
    renumbered.set(value, known);
    return known;
  };
  const all = Array.from({ length: problem.length }, (_, operation) => operation);
  const isLeft = leftByOthers(problem, operations);
  const isLeftAtAll = leftByOthers(problem, all);
  const places: number[] = [];
  operations.forEach((operation, at) => {
    columns.rows[at] = cell(problem.rows, operation);
    const needed = cell(needs, operation);
    const isCas = needed > 0 && cell(leaves, operation) >= 0;
    const isFree = isCas && !isLeft(operation) && isLeftAtAll(operation);
    columns.needs[at] = isFree ? -1 : numberOf(needed);
    columns.refuses[at] = numberOf(cell(refuses, operation));
    columns.leaves[at] = numberOf(cell(leaves, operation));
    columns.ret[at] = never;
    places.push(cell(problem.call, operation) * operations.length + at);
    const ret = cell(problem.ret, operation);
    if (ret !== never) places.push(ret * operations.length + at);
  });
  places.sort((a, b) => a - b);
  const isOpen = new Uint8Array(operations.length);
  places.forEach((packed, place) => {
    const at = packed % operations.length;
    const column = isOpen[at] === 0 ? columns.call : columns.ret;
    column[at] = place;
    columns.events[place] = isOpen[at] === 0 ? at : ~at;
    isOpen[at] = 1;
  });
  const valueIds = Int32Array.from(renumbered.keys(), (value) => cell(problem.valueIds, value));
  return trimmed(columns, operations.length, places.length, valueIds);
}

/** Whether others of these operations leave what one of them needs. */
function leftByOthers(
  { needs, leaves }: KeyProblem,
  operations: readonly number[],
): (operation: number) => boolean {
  const writers = new Map<number, number>();
  for (const operation of operations) {
    const value = cell(leaves, operation);
    writers.set(value, (writers.get(value) ?? 0) + 1);
  }
  return (operation) => {
    const value = cell(needs, operation);
    const own = cell(leaves, operation) === value ? 1 : 0;
    return (writers.get(value) ?? 0) > own;
  };
}

type Columns = Omit<KeyProblem, "length" | "valueIds">;

function emptyColumns(operations: number, places: number): Columns {
  const column = (): Int32Array => new Int32Array(operations);
  return {
    rows: column(),
    events: new Int32Array(places),
    call: column(),
    ret: column(),
    needs: column(),
    refuses: column(),
    leaves: column(),
  };
}

function trimmed(columns: Columns, length: number, places: number, valueIds: Int32Array): KeyProblem {
  return {
    length,
    valueIds,
    rows: columns.rows.subarray(0, length),
    events: columns.events.subarray(0, places),
    call: columns.call.subarray(0, length),
    ret: columns.ret.subarray(0, length),
    needs: columns.needs.subarray(0, length),
    refuses: columns.refuses.subarray(0, length),
    leaves: columns.leaves.subarray(0, length),
  };
}

/** Writes down what an operation demands, given what is known beside it; false where it can be left out. */
function setDemands(
  history: History,
  row: number,
  packed: number,
  columns: Columns,
  at: number,
  values: LocalValues,
): boolean {
  const { needs, refuses, leaves } = columns;
  const meaning = packed & 3;
  if (meaning === Meaning.none) return false;
  refuses[at] = -1;
  needs[at] = meaning === Meaning.found ? values.numberOf(packed >> 2) : -1;
  leaves[at] = meaning === Meaning.leaves ? values.numberOf(packed >> 2) : -1;
  if (meaning !== Meaning.more) return true;
  const expected = values.numberOf(cell(history.argument, row));
  if (history.outcome[row] === Outcome.fail) {
    refuses[at] = expected;
    return isRefusal(history, row);
  }
  needs[at] = expected;
  leaves[at] = values.numberOf(cell(history.argument2, row));
  return true;
}

/** Small numbers for the values of one key, in scratch cells that are left as they were found. */
class LocalValues {
  readonly #scratch: Int32Array;
  readonly #ids: number[] = [0];

  constructor(scratch: Int32Array) {
    this.#scratch = scratch;
  }

  numberOf(id: number): number {
    if (id === 0) return 0;
    const known = cell(this.#scratch, id);
    if (known !== 0) return known;
    this.#scratch[id] = this.#ids.length;
    return this.#ids.push(id) - 1;
  }

  /** The ids by number; ends the use of the scratch cells. */
  taken(): Int32Array {
    for (const id of this.#ids) this.#scratch[id] = 0;
    return Int32Array.from(this.#ids);
  }
}
