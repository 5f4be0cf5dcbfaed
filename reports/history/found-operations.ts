import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import { processText } from "../../harness/history/operation.ts";
import type { StoryOperation } from "../story/operations.ts";
import { operationAt } from "../story/operations.ts";

/** The operations of a history that a page needs one by one, found in two passes whatever their number. */
export interface FoundOperations {
  /** The rows of those indices, in the order of the indices; what is not in the history is left out. */
  rowsOf(indices: readonly number[]): number[];
  /** Rows that wrote what an answered read returned, and had begun by then; none where it returned nothing. */
  writersFor(read: number): readonly number[];
  /** Whether a row wrote what an answered read returned. */
  isWriterFor(writer: number, read: number): boolean;
}

/** Most writers of one value that are looked at. Chosen: values are unique, or nobody can tell which was read. */
const mostWriters = 3;

/** Finds operations by their invocation indices, and who wrote what the reads among them returned. */
export function findOperations(history: History, indices: Iterable<number>): FoundOperations {
  const wanted = new Set(indices);
  const rowOf = new Map<number, number>();
  for (let row = 0; row < history.length; row += 1) {
    const index = cell(history.invokeIndex, row);
    if (wanted.has(index)) rowOf.set(index, row);
  }
  const writers = new Map<number, number[]>();
  for (const row of rowOf.values()) {
    if (isAnswered(history, row)) writers.set(nameOf(history, row, cell(history.result, row)), []);
  }
  if (writers.size > 0) collectWriters(history, writers);
  return {
    rowsOf: (all) => all.flatMap((index) => rowOf.get(index) ?? []),
    writersFor(read) {
      if (!isAnswered(history, read)) return [];
      const rows = writers.get(nameOf(history, read, cell(history.result, read))) ?? [];
      const ended = history.completeIndex[read] ?? never;
      return rows.filter((row) => cell(history.invokeIndex, row) < ended);
    },
    isWriterFor: (writer, read) =>
      isAnswered(history, read) &&
      writtenBy(history, writer) === nameOf(history, read, cell(history.result, read)),
  };
}

/** Whether a read returned a value: nothing was written by nobody. */
function isAnswered({ f, outcome, result }: History, row: number): boolean {
  return f[row] === Fn.read && outcome[row] === Outcome.ok && result[row] !== 0;
}

/** One number for a value at a key. */
function nameOf({ key, values }: History, row: number, value: number): number {
  return cell(key, row) * values.length + value;
}

function collectWriters(history: History, writers: ReadonlyMap<number, number[]>): void {
  for (let row = 0; row < history.length; row += 1) {
    const known = writers.get(writtenBy(history, row) ?? -1);
    if (known !== undefined && known.length < mostWriters) known.push(row);
  }
}

/** The value at its key that a row wrote, as one number; null where it wrote none. */
function writtenBy(history: History, row: number): number | null {
  const f = history.f[row];
  if (f === Fn.write) return nameOf(history, row, cell(history.argument, row));
  return f === Fn.cas ? nameOf(history, row, cell(history.argument2, row)) : null;
}

/** An operation under its process' own name. */
export function pageOperation(history: History, row: number, isEvidence: boolean): StoryOperation {
  const client = processText(history, row);
  return operationAt(history, row, { client, clientName: client, isFinal: false, isEvidence });
}
