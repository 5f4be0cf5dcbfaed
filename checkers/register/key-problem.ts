import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import { eventsOfKey, keyEvents } from "../key-events.ts";
import type { RegisterProblem } from "../search/problem.ts";
import { isRefusal, leftBehind } from "./register-operations.ts";

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

/** The problem of one key. */
export function problemOfKey(history: History, key: number): KeyProblem {
  const index = keyEvents(history);
  const events = eventsOfKey(index, key);
  const columns = emptyColumns(events.length);
  const { rows, call, ret, events: placed } = columns;
  /** By rank of an invocation: one more than its operation. */
  const operationAt = new Int32Array(events.length);
  let length = 0;
  let place = 0;
  for (let rank = 0; rank < events.length; rank += 1) {
    const event = cell(events, rank);
    if (event >= 0) {
      if (!setDemands(history, event, columns, length)) continue;
      rows[length] = event;
      call[length] = place;
      ret[length] = never;
      placed[place] = length;
      length += 1;
      operationAt[rank] = length;
    } else {
      const operation = cell(operationAt, cell(index.callAt, ~event)) - 1;
      if (operation < 0) continue;
      ret[operation] = place;
      placed[place] = ~operation;
    }
    place += 1;
  }
  return trimmed(columns, length, place, numberValues(columns, length, index.cellOfValue));
}

/**
 * The problem that is left of another with only some of its operations, given ascending. What a compare-and-set
 * found is not asked for where none of them left it: then it stands for a write.
 */
export function partOfProblem(problem: KeyProblem, operations: readonly number[]): KeyProblem {
  const { needs, refuses, leaves } = problem;
  const columns = emptyColumns(2 * operations.length);
  const renumbered = new Map<number, number>([[0, 0]]);
  const numberOf = (value: number): number => {
    if (value < 0) return -1;
    const known = renumbered.get(value) ?? renumbered.size;
    renumbered.set(value, known);
    return known;
  };
  const left = new Set([0, ...operations.map((operation) => cell(leaves, operation))]);
  const places: number[] = [];
  operations.forEach((operation, at) => {
    columns.rows[at] = cell(problem.rows, operation);
    const needed = cell(needs, operation);
    const isFree = cell(leaves, operation) >= 0 && !left.has(needed);
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

type Columns = Omit<KeyProblem, "length" | "valueIds">;

function emptyColumns(size: number): Columns {
  const column = (): Int32Array => new Int32Array(size);
  return {
    rows: column(),
    events: column(),
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

/** Writes down what an operation demands, as value ids; false where it can be left out. */
function setDemands(history: History, row: number, columns: Columns, at: number): boolean {
  const { f, outcome, argument, result } = history;
  const kind = cell(f, row);
  const ended = cell(outcome, row);
  const isRead = kind === Fn.read;
  const isRefused = isRefusal(history, row);
  if (ended === Outcome.fail ? !isRefused : isRead && ended !== Outcome.ok) return false;
  const expected = kind === Fn.cas ? cell(argument, row) : -1;
  columns.needs[at] = isRead ? cell(result, row) : isRefused ? -1 : expected;
  columns.refuses[at] = isRefused ? expected : -1;
  columns.leaves[at] = leftBehind(history, row);
  return true;
}

/** Replaces value ids by small numbers, and gives the ids by number. The scratch cells are left as they were found. */
function numberValues({ needs, refuses, leaves }: Columns, length: number, scratch: Int32Array): Int32Array {
  const ids: number[] = [0];
  for (const column of [needs, refuses, leaves]) {
    for (let at = 0; at < length; at += 1) {
      const id = cell(column, at);
      if (id <= 0) continue;
      let number = cell(scratch, id);
      if (number === 0) {
        number = ids.length;
        scratch[id] = number;
        ids.push(id);
      }
      column[at] = number;
    }
  }
  for (const id of ids) scratch[id] = 0;
  return Int32Array.from(ids);
}
