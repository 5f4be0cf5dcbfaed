import { lowerBound } from "../../checkers/key-events.ts";
import { cell } from "../history/cell.ts";
import type { History, OperationDetails } from "../history/history.ts";
import type { HistoryValue } from "../history/values.ts";
import type { Slices } from "./judge-slices.ts";

/** A column of a history. */
type Column = Uint8Array | Int32Array | Float64Array;

/** A history as threads are given it: columns in memory that they share, tables as copies. */
export interface SharedHistory {
  readonly columns: { readonly [name: string]: Column };
  readonly tables: Omit<History, ColumnName | "values">;
  /** All values but the first, where they are numbers; else null. */
  readonly numbers: Float64Array | null;
  readonly values: readonly HistoryValue[] | null;
}

type ColumnName = { [Name in keyof History]: History[Name] extends Column ? Name : never }[keyof History];

/** Shares a history with other threads. Columns that are in shared memory already are not copied. */
export function shareHistory(history: History): SharedHistory {
  const { values, ...others } = history;
  const entries = Object.entries(others);
  const columns = entries.flatMap(([name, field]) => (isColumn(field) ? [[name, shared(field)]] : []));
  const tables = entries.filter(([, field]) => !isColumn(field));
  const numbers = sharedNumbers(values);
  return {
    columns: Object.fromEntries(columns),
    tables: Object.fromEntries(tables) as unknown as SharedHistory["tables"],
    numbers,
    values: numbers === null ? values : null,
  };
}

/** A shared history as one thread reads it, slice by slice. */
export class SlicedHistory {
  readonly #shared: SharedHistory;
  readonly #slices: Slices;
  readonly #values: readonly HistoryValue[];

  constructor(shared: SharedHistory, slices: Slices) {
    this.#shared = shared;
    this.#slices = slices;
    this.#values = shared.values ?? valuesOf(shared.numbers ?? new Float64Array());
  }

  /** The slice as a history of its own: with the same indices and marks, and only its keys, numbered from 0. */
  slice(number: number): History {
    const { firstKey } = this.#slices;
    const first = cell(firstKey, number);
    const end = cell(firstKey, number + 1);
    const { columns, tables } = this.#shared;
    const rows = this.#rowsOf(number);
    const gathered = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, gather(column, rows)]),
    ) as unknown as Pick<History, ColumnName>;
    for (let at = 0; at < rows.length; at += 1) gathered.key[at] = cell(gathered.key, at) - first;
    return {
      ...tables,
      ...gathered,
      length: rows.length,
      keys: tables.keys.slice(first, end),
      values: this.#values,
      details: detailsOf(tables.details, rows),
    };
  }

  /** The rows of a slice, in order of invocation. */
  #rowsOf(number: number): Int32Array {
    const { firstKey, operations } = this.#slices;
    const first = cell(firstKey, number);
    const end = cell(firstKey, number + 1);
    const { key } = this.#shared.columns;
    const rows = new Int32Array(cell(operations, number));
    let filled = 0;
    for (let row = 0; filled < rows.length; row += 1) {
      const id = key?.[row] ?? -1;
      if (id >= first && id < end) rows[filled++] = row;
    }
    return rows;
  }
}

function isColumn(field: unknown): field is Column {
  return ArrayBuffer.isView(field);
}

function shared<Kind extends Column>(column: Kind): Kind {
  if (column.buffer instanceof SharedArrayBuffer) return column;
  const make = column.constructor as new (buffer: SharedArrayBuffer) => Kind;
  const copy = new make(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}

/** Numbers take no copying from thread to thread; histories of programs have little else. */
function sharedNumbers(values: readonly HistoryValue[]): Float64Array | null {
  const numbers = new Float64Array(new SharedArrayBuffer(8 * (values.length - 1)));
  for (let id = 1; id < values.length; id += 1) {
    const value = values[id];
    if (typeof value !== "number") return null;
    numbers[id - 1] = value;
  }
  return numbers;
}

/** One loop for each kind of column: in a loop for all of them each access would have to ask for the kind. */
function gather(column: Column, rows: Int32Array): Column {
  if (column instanceof Int32Array) return gatherIntegers(column, rows);
  const { length } = rows;
  if (column instanceof Uint8Array) {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 1) bytes[at] = column[rows[at] ?? 0] ?? 0;
    return bytes;
  }
  const times = new Float64Array(length);
  for (let at = 0; at < length; at += 1) times[at] = column[rows[at] ?? 0] ?? 0;
  return times;
}

function gatherIntegers(column: Int32Array, rows: Int32Array): Int32Array {
  const { length } = rows;
  const integers = new Int32Array(length);
  for (let at = 0; at < length; at += 1) integers[at] = column[rows[at] ?? 0] ?? 0;
  return integers;
}

function valuesOf(numbers: Float64Array): readonly HistoryValue[] {
  const values: HistoryValue[] = [null];
  for (let at = 0; at < numbers.length; at += 1) values.push(numbers[at] ?? 0);
  return values;
}

/** Details by the rows of the slice; whichever are fewer are gone through. */
function detailsOf(
  details: ReadonlyMap<number, OperationDetails>,
  rows: Int32Array,
): ReadonlyMap<number, OperationDetails> {
  const found = new Map<number, OperationDetails>();
  if (details.size < rows.length) {
    for (const [row, each] of details) {
      const at = lowerBound(rows, row);
      if (rows[at] === row) found.set(at, each);
    }
    return found;
  }
  rows.forEach((row, at) => {
    const each = details.get(row);
    if (each !== undefined) found.set(at, each);
  });
  return found;
}
