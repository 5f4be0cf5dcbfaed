import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import { leftBehind } from "../register/register-operations.ts";

/** What an operation demands of the register and does to it, as the search sees it. Values are ids, 0 is null. */
export interface SearchOperation {
  readonly row: number;
  readonly call: number;
  /** `never` where the outcome is unknown: then the operation may also never happen. */
  readonly ret: number;
  /** The value that must be there, or −1. */
  readonly needs: number;
  /** The value that must not be there, or −1: of a cas that was refused. */
  readonly refuses: number;
  /** The value that it leaves, or −1. */
  readonly leaves: number;
}

/**
 * The operations of some rows that can matter, in order of invocation. Left out: reads without an answer;
 * writes that definitely failed; refusals with an error, which may have had other reasons than the value; and
 * writes of unknown outcome whose value nobody saw, unless a refused cas may have met it.
 */
export function searchOperations(history: History, rows: readonly number[]): SearchOperation[] {
  const operations = rows.flatMap((row) => operationOf(history, row) ?? []);
  const someRefused = operations.some(({ refuses }) => refuses >= 0);
  if (someRefused) return operations;
  const lastNeed = new Map<number, number>();
  for (const { needs, ret } of operations) lastNeed.set(needs, Math.max(ret, lastNeed.get(needs) ?? -1));
  return operations.filter(
    ({ ret, call, needs, leaves }) => ret !== never || needs >= 0 || (lastNeed.get(leaves) ?? -1) > call,
  );
}

function operationOf(history: History, row: number): SearchOperation | null {
  const outcome = history.outcome[row];
  const f = history.f[row];
  const isOk = outcome === Outcome.ok;
  const span = { row, call: cell(history.invokeIndex, row), ret: history.completeIndex[row] ?? never };
  if (f === Fn.read)
    return isOk ? { ...span, needs: cell(history.result, row), refuses: -1, leaves: -1 } : null;
  const argument = cell(history.argument, row);
  if (outcome === Outcome.fail) {
    const isRefusal = f === Fn.cas && history.details.get(row)?.error === undefined;
    return isRefusal ? { ...span, needs: -1, refuses: argument, leaves: -1 } : null;
  }
  return { ...span, needs: f === Fn.cas ? argument : -1, refuses: -1, leaves: leftBehind(history, row) };
}
