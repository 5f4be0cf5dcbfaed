import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { keyPath, unfitForRegister } from "../verdicts.ts";

/** Whose operation it is: its session, or its process where the history knows of no session. */
export function sessionOf(history: History, row: number): number {
  const session = cell(history.session, row);
  return session >= 0 ? session : history.sessions.length + cell(history.process, row);
}

/** Whether one operation had ended before another began: within a session, whether it came first. */
export function isBefore(history: History, first: number, second: number): boolean {
  return (history.completeIndex[first] ?? never) < cell(history.invokeIndex, second);
}

/**
 * Why nothing can be said of the order of a key's values, as a verdict: it is no register, or causal contexts
 * rather than one order decide what replaces what, so that an older value may outlive a newer one.
 */
export function unfitForOrder(history: History, key: number): Verdict | null {
  const unfit = unfitForRegister(history, key);
  if (unfit !== null) return unfit;
  const isCausal = rowsOfKey(history, key).some((row) => {
    const details = history.details.get(row);
    return details?.sentContext !== undefined || (details?.siblings?.length ?? 0) > 1;
  });
  if (!isCausal) return null;
  const because = `causal contexts, not one order, decide what replaces what at ${keyPath(history, key)}`;
  return { word: "notChecked", because };
}
