import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import { isAnsweredRead } from "../register/register-operations.ts";

/** What a causal context stands for: the answered reads of the key that returned it. */
export interface ObservedContext {
  readonly reads: readonly number[];
  /** Index at which the first of them began: everything acknowledged before was there to be observed. */
  readonly firstCall: number;
  /** Index at which the last of them ended: nothing that began later can have been observed. */
  readonly lastEnd: number;
}

/** The contexts that reads of a key returned. */
export class Contexts {
  readonly #history: History;
  readonly #byText = new Map<string, number[]>();

  /** `rows`: the operations of one key. */
  constructor(history: History, rows: readonly number[]) {
    this.#history = history;
    for (const row of rows) {
      const text = history.details.get(row)?.context;
      if (text === undefined || !isAnsweredRead(history, row)) continue;
      const reads = this.#byText.get(text);
      if (reads === undefined) this.#byText.set(text, [row]);
      else reads.push(row);
    }
  }

  /** What an operation's own context stands for; null where it sent none, or one that no read returned. */
  sentBy(row: number): ObservedContext | null {
    const text = this.#history.details.get(row)?.sentContext;
    const reads = text === undefined ? undefined : this.#byText.get(text);
    if (reads === undefined) return null;
    const { invokeIndex, completeIndex } = this.#history;
    const calls = reads.map((read) => cell(invokeIndex, read));
    const ends = reads.map((read) => completeIndex[read] ?? never);
    return { reads, firstCall: Math.min(...calls), lastEnd: Math.max(...ends) };
  }
}

/** What a read showed: its siblings, its one value, or nothing. */
export function valuesShown(history: History, read: number): readonly HistoryValue[] {
  const siblings = history.details.get(read)?.siblings;
  if (siblings !== undefined) return siblings;
  const value = cell(history.result, read);
  return value === 0 ? [] : [history.values[value] ?? null];
}
