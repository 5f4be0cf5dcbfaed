import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import {
  describeOperation,
  endText,
  keyIs,
  keyName,
  processText,
  valueText,
} from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { finalIndex, readsAtRest } from "../final-state.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, keyPath, tasksByKey, verdictOf } from "../verdicts.ts";
import { Contexts, valuesShown } from "./contexts.ts";

/**
 * Finds what a register with siblings loses or brings back. A write goes only where a write or delete carried
 * the context of a read that showed it, or where a delete carried none and so removed what it met: at rest every
 * other acknowledged write must still be there. And what an acknowledged operation replaced must be gone.
 */
export const siblings: Checker = {
  name: "siblings",
  assumes: [
    "written values are unique",
    "contexts are those that reads returned",
    "reads come after the rest",
  ],
  tasks: tasksByKey,
  run: runSiblings,
  combine: combineVerdicts,
};

function runSiblings(history: History, { key }: CheckTask): Verdict {
  const rows = rowsOfKey(history, key);
  if (rows.some((row) => !registerFunctions.has(cell(history.f, row)))) {
    return {
      word: "notChecked",
      because: `${keyPath(history, key)} is no register: it has other operations`,
    };
  }
  const rest = finalIndex(history);
  const finals = readsAtRest(history, rows);
  if (finals.length === 0) {
    return { word: "notChecked", because: `no read of ${keyPath(history, key)} was answered at rest` };
  }
  const search = new SiblingSearch(history, rows, rest);
  if (search.repeated !== null) {
    const again = describeOperation(history, search.repeated);
    return {
      word: "notChecked",
      because: `${keyPath(history, key)} has values that were written twice: ${again}`,
    };
  }
  return verdictOf(
    finals.flatMap((read) => search.judge(read)),
    finals.length,
  );
}

const registerFunctions: ReadonlySet<number> = new Set([Fn.read, Fn.write, Fn.delete]);

class SiblingSearch {
  /** A value that was written more than once, as a row; null where there is none. */
  readonly repeated: number | null = null;
  readonly #history: History;
  /** Operations that may have taken effect, in order of invocation. */
  readonly #rows: readonly number[];
  /** By value as JSON: its write. */
  readonly #writerOf = new Map<string, number>();
  /**
   * By value as JSON, where an operation carried the context of a read that showed it: the first such that was
   * acknowledged before the rest, or null where none was.
   */
  readonly #replacedBy = new Map<string, number | null>();
  /** Values as JSON whose write returned a context that another operation carried: that may replace them. */
  readonly #mayBeReplaced = new Set<string>();
  /** Until when something may have acted that removes or replaces whatever its coordinator holds. */
  #blindUntil = -1;
  readonly #rest: number;

  constructor(history: History, rows: readonly number[], rest: number) {
    this.#history = history;
    this.#rest = rest;
    const contexts = new Contexts(history, rows);
    this.#rows = rows.filter((row) => history.outcome[row] !== Outcome.fail);
    for (const row of this.#rows) {
      if (history.f[row] === Fn.write) {
        if (this.#writerOf.has(this.#argumentText(row))) this.repeated ??= row;
        this.#writerOf.set(this.#argumentText(row), row);
      }
      this.#noteReplaced(row, contexts);
    }
  }

  /** What is wrong with what a read at rest showed. */
  judge(read: number): readonly Anomaly[] {
    const shown = new Set(valuesShown(this.#history, read).map((value) => JSON.stringify(value)));
    const lost = this.#rows.filter((row) => this.#isLost(row, shown)).map((row) => this.#lost(row, read));
    return [...lost, ...[...shown].flatMap((text) => this.#unexplained(text, read))];
  }

  #isLost(row: number, shown: ReadonlySet<string>): boolean {
    const { f, outcome, invokeIndex } = this.#history;
    if (cell(invokeIndex, row) < this.#blindUntil) return false;
    if (f[row] !== Fn.write || outcome[row] !== Outcome.ok) return false;
    const text = this.#argumentText(row);
    return !shown.has(text) && !this.#replacedBy.has(text) && !this.#mayBeReplaced.has(text);
  }

  #lost(write: number, read: number): Anomaly {
    const history = this.#history;
    const what = keyIs(history, write, cell(history.argument, write));
    const says =
      `${processText(history, write)}'s ${what} was acknowledged ${endText(history, write)}, ` +
      `and nobody who had read it wrote or deleted since, but at rest it is gone: ${describeOperation(history, read)}`;
    return anomalyOf(history, "lost write", [write, read], says);
  }

  #unexplained(text: string, read: number): readonly Anomaly[] {
    const history = this.#history;
    const write = this.#writerOf.get(text);
    if (write === undefined) {
      const says = `at rest ${keyName(history, read)} shows ${valueText(JSON.parse(text))}, which nobody wrote`;
      return [anomalyOf(history, "phantom value", [read], says)];
    }
    const replacer = this.#replacedBy.get(text) ?? null;
    if (replacer === null) return [];
    const kind = history.f[replacer] === Fn.delete ? "resurrected delete" : "value comes back";
    const what = keyIs(history, write, cell(history.argument, write));
    const says = `at rest ${what} is there, though somebody who had read it replaced it: ${describeOperation(history, replacer)}`;
    return [anomalyOf(history, kind, [write, replacer, read], says)];
  }

  #noteReplaced(row: number, contexts: Contexts): void {
    const { f, completeIndex } = this.#history;
    const observed = contexts.sentBy(row);
    if (observed !== null) {
      for (const text of observed.shown) this.#noteReplacer(text, row);
      for (const text of observed.written) this.#mayBeReplaced.add(text);
    } else if (f[row] === Fn.delete || contexts.isUnknown(row)) {
      this.#blindUntil = Math.max(this.#blindUntil, cell(completeIndex, row));
    }
  }

  #noteReplacer(text: string, row: number): void {
    const isSure = cell(this.#history.completeIndex, row) < this.#rest;
    const known = this.#replacedBy.get(text);
    if (known === undefined || (known === null && isSure)) this.#replacedBy.set(text, isSure ? row : null);
  }

  #argumentText(row: number): string {
    return JSON.stringify(this.#history.values[cell(this.#history.argument, row)] ?? null);
  }
}
