import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";

/** What was under way on the same keys at the same time as some operations. */
export interface Surroundings {
  /** Those to draw, in order of invocation. */
  readonly rows: readonly number[];
  /** Whether there are more than were counted or drawn. */
  readonly areAll: boolean;
}

/** Rows looked at on each side of an operation. Chosen: hundreds of clients' operations; keeps big histories quick. */
const farthest = 10_000;

/**
 * Operations that overlap one of the given ones, nearest first, at most so many, and of at most so many further
 * processes. Operations of unknown outcome that began before are left out: every later one overlaps them.
 */
export function surroundingsOf(
  history: History,
  rows: readonly number[],
  most: { readonly operations: number; readonly processes: number },
): Surroundings {
  const near = overlapping(history, rows);
  const given = new Set(rows.map((row) => cell(history.process, row)));
  const further = new Set<number>();
  const drawn: number[] = [];
  for (const { row } of near) {
    const process = cell(history.process, row);
    const isNew = !given.has(process) && !further.has(process);
    if (drawn.length === most.operations || (isNew && further.size === most.processes)) continue;
    if (isNew) further.add(process);
    drawn.push(row);
  }
  return { rows: drawn.sort((a, b) => a - b), areAll: drawn.length === near.length };
}

interface Near {
  readonly row: number;
  readonly distance: number;
}

function overlapping(history: History, rows: readonly number[]): Near[] {
  const keys = new Set(rows.map((row) => cell(history.key, row)));
  const given = new Set(rows);
  const lastCall = rows.reduce((last, row) => Math.max(last, cell(history.invokeIndex, row)), 0);
  const distances = new Map<number, number>();
  const add = (row: number, distance: number): void => {
    if (given.has(row) || !keys.has(cell(history.key, row))) return;
    distances.set(row, Math.min(distance, distances.get(row) ?? distance));
  };
  for (const row of rows) {
    // What never ended overlaps everything after it: the picture ends with the last of the given ones.
    const end = Math.min(history.completeIndex[row] ?? never, lastCall + 1);
    const last = Math.min(history.length - 1, row + farthest);
    for (let after = row + 1; after <= last && cell(history.invokeIndex, after) < end; after += 1) {
      add(after, after - row);
    }
    const call = cell(history.invokeIndex, row);
    for (let before = row - 1; before >= Math.max(0, row - farthest); before -= 1) {
      const ended = history.completeIndex[before] ?? never;
      if (ended > call && ended !== never) add(before, row - before);
    }
  }
  const near = Array.from(distances, ([row, distance]) => ({ row, distance }));
  return near.sort((a, b) => a.distance - b.distance || a.row - b.row);
}
