import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import { lowerBound } from "./key-events.ts";
import { isAnsweredRead, leftBehind } from "./register/register-operations.ts";
import { rowsOfKey } from "./rows-of-key.ts";

/**
 * Answered reads that ran beside a write or delete of the same key: one that had begun when the read ended, and
 * had not been given up or answered when it began. Without them a clean history says little about concurrency.
 */
export function readsBesideWrites(history: History): number {
  return history.keys.reduce((total, _, key) => total + readsBesideWritesAt(history, key), 0);
}

/** The same of one key. */
export function readsBesideWritesAt(history: History, key: number): number {
  const rows = rowsOfKey(history, key);
  const writes = rows.filter((row) => leftBehind(history, row) >= 0);
  const begins = writes.map((row) => cell(history.invokeIndex, row));
  // By number of writes begun: the latest end of any of them.
  const latestEnd = new Int32Array(writes.length + 1);
  latestEnd[0] = -1;
  writes.forEach((row, at) => {
    latestEnd[at + 1] = Math.max(cell(latestEnd, at), cell(history.endIndex, row));
  });
  let beside = 0;
  for (const row of rows) {
    if (!isAnsweredRead(history, row)) continue;
    const begun = lowerBound(begins, cell(history.completeIndex, row));
    if (cell(latestEnd, begun) > cell(history.invokeIndex, row)) beside += 1;
  }
  return beside;
}
