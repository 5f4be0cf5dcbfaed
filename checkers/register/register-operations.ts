import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";

/** What an operation may leave in a register: a value id, 0 for a delete, −1 for nothing at all. */
export function leftBehind(history: History, row: number): number {
  if (history.outcome[row] === Outcome.fail) return -1;
  const f = history.f[row];
  if (f === Fn.write) return cell(history.argument, row);
  if (f === Fn.delete) return 0;
  return f === Fn.cas ? cell(history.argument2, row) : -1;
}

/** Whether a read came back with a value, null included. */
export function isAnsweredRead(history: History, row: number): boolean {
  return history.f[row] === Fn.read && history.outcome[row] === Outcome.ok;
}

/** What an operation found in the register: a value id, 0 for nothing; −1 where it tells of no value that was there. */
export function valueFound(history: History, row: number): number {
  if (history.outcome[row] !== Outcome.ok) return -1;
  if (history.f[row] === Fn.read) return cell(history.result, row);
  return history.f[row] === Fn.cas ? cell(history.argument, row) : -1;
}

/** Whether a compare-and-set met another value than it expected. One with an error may have failed for any reason. */
export function isRefusal({ f, outcome, details }: History, row: number): boolean {
  return outcome[row] === Outcome.fail && f[row] === Fn.cas && details.get(row)?.error === undefined;
}
