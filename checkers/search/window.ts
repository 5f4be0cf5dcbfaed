import { cell } from "../../harness/history/cell.ts";
import { never } from "../../harness/history/history.ts";
import type { RegisterProblem } from "./problem.ts";

/** A part of a register's key, and which operations of it are there. */
export interface Window extends RegisterProblem {
  readonly rows: Int32Array;
}

/** Stands for a value that nothing in the window asks for. Above all ids of values. */
const anyOther = 0x7fff_fffe;

/**
 * A key between the call of one operation and the return of another, freed of what surrounds it: an operation that is
 * open at either end may take effect or not, and of what was called before only what never returned is kept. Whatever
 * order the whole key has, its part in the window is an order of this, from some state. So if there is none from
 * any of `statesBefore`, the whole key has none.
 */
export function windowOf(problem: RegisterProblem, from: number, due: number): Window {
  const rows = rowsWithin(problem, from, due);
  const end = cell(problem.ret, due);
  const take = (column: Int32Array): Int32Array => Int32Array.from(rows, (row) => cell(column, row));
  return {
    rows: Int32Array.from(rows),
    length: rows.length,
    call: take(problem.call),
    ret: Int32Array.from(rows, (row) =>
      row < from || cell(problem.ret, row) > end ? never : cell(problem.ret, row),
    ),
    needs: take(problem.needs),
    refuses: take(problem.refuses),
    leaves: take(problem.leaves),
  };
}

function rowsWithin({ length, call, ret, leaves }: RegisterProblem, from: number, due: number): number[] {
  const start = cell(call, from);
  const end = cell(ret, due);
  const rows: number[] = [];
  for (let row = 0; row < length && cell(call, row) < end; row += 1) {
    const isWhole = row >= from && cell(ret, row) <= end;
    const mayHelp = cell(ret, row) > start && cell(leaves, row) >= 0;
    if (isWhole || mayHelp) rows.push(row);
  }
  return rows;
}

/**
 * The states in which the window may find the register: those that it asks for and somebody may have left, and one
 * that stands for all others.
 */
export function statesBefore(problem: RegisterProblem, from: number, window: Window): number[] {
  const asked = new Set<number>([...window.needs, ...window.refuses]);
  const initial = problem.initial ?? 0;
  const found = new Set<number>(asked.has(initial) ? [anyOther, initial] : [anyOther]);
  for (let row = 0; row < from; row += 1) {
    const left = cell(problem.leaves, row);
    if (left >= 0 && asked.has(left)) found.add(left);
  }
  return [...found];
}
