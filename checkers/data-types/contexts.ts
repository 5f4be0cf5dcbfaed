import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import type { HistoryValue } from "../../harness/history/values.ts";

/** What a causal context stands for, by the answered operations of its key that returned it. */
export interface ObservedContext {
  /** Index at which the first read that returned it began: what was acknowledged before was there; −1 without one. */
  readonly firstCall: number;
  /** Index at which the last operation that returned it ended: nothing that began later can have been observed. */
  readonly lastEnd: number;
  /** As JSON, what the reads that returned it showed. */
  readonly shown: ReadonlySet<string>;
  /** As JSON, what the writes that returned it had written: they may be among what was observed, or not. */
  readonly written: ReadonlySet<string>;
}

interface Gathered extends ObservedContext {
  firstCall: number;
  lastEnd: number;
  readonly shown: Set<string>;
  readonly written: Set<string>;
}

/** The contexts that came with the answers of a key. */
export class Contexts {
  readonly #history: History;
  readonly #byText = new Map<string | undefined, Gathered>();

  /** `rows`: the operations of one key, in order of invocation. */
  constructor(history: History, rows: readonly number[]) {
    this.#history = history;
    for (const row of rows) {
      const text = history.details.get(row)?.context;
      if (text !== undefined && history.outcome[row] === Outcome.ok) this.#gather(text, row);
    }
  }

  /** What an operation's own context stands for; null where it sent none, or one that no answer carried. */
  sentBy(row: number): ObservedContext | null {
    return this.#byText.get(this.#history.details.get(row)?.sentContext) ?? null;
  }

  /** Whether an operation sent a context of which nothing is known. */
  isUnknown(row: number): boolean {
    return this.#history.details.get(row)?.sentContext !== undefined && this.sentBy(row) === null;
  }

  #gather(text: string, row: number): void {
    const { f, argument, values, invokeIndex, completeIndex } = this.#history;
    const none: Gathered = { firstCall: -1, lastEnd: 0, shown: new Set(), written: new Set() };
    const context = this.#byText.get(text) ?? none;
    this.#byText.set(text, context);
    context.lastEnd = Math.max(context.lastEnd, cell(completeIndex, row));
    if (f[row] === Fn.read) {
      if (context.firstCall < 0) context.firstCall = cell(invokeIndex, row);
      for (const value of valuesShown(this.#history, row)) context.shown.add(JSON.stringify(value));
    } else if (f[row] === Fn.write) {
      context.written.add(JSON.stringify(values[cell(argument, row)] ?? null));
    }
  }
}

/** What a read showed: its siblings, its one value, or nothing. */
export function valuesShown(history: History, read: number): readonly HistoryValue[] {
  const siblings = history.details.get(read)?.siblings;
  if (siblings !== undefined) return siblings;
  const value = cell(history.result, read);
  return value === 0 ? [] : [history.values[value] ?? null];
}
