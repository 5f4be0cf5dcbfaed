import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
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
  if (rows.some((row) => !registerFunctions.has(history.f[row] ?? -1))) {
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
  return verdictOf(
    finals.flatMap((read) => search.judge(read)),
    finals.length,
  );
}

const registerFunctions: ReadonlySet<number> = new Set([Fn.read, Fn.write, Fn.delete]);

class SiblingSearch {
  readonly #history: History;
  /** Writes and deletes that may have taken effect. */
  readonly #writes: readonly number[];
  /** By value as JSON: its write. */
  readonly #writerOf = new Map<string, number>();
  /** By value as JSON: the operations that carried the context of a read that showed it. */
  readonly #replacedBy = new Map<string, number[]>();
  /** Until when a delete without a context, which removes whatever its coordinator holds, may have acted. */
  #blindDeleteUntil = -1;
  readonly #rest: number;

  constructor(history: History, rows: readonly number[], rest: number) {
    this.#history = history;
    this.#rest = rest;
    const contexts = new Contexts(history, rows);
    this.#writes = rows.filter((row) => history.f[row] !== Fn.read && history.outcome[row] !== Outcome.fail);
    for (const row of this.#writes) {
      if (history.f[row] === Fn.write) this.#writerOf.set(this.#argumentText(row), row);
      const observed = contexts.sentBy(row);
      for (const read of observed?.reads ?? []) this.#noteReplaced(read, row);
      if (observed !== null || history.f[row] !== Fn.delete) continue;
      this.#blindDeleteUntil = Math.max(this.#blindDeleteUntil, history.completeIndex[row] ?? never);
    }
  }

  /** What is wrong with what a read at rest showed. */
  judge(read: number): readonly Anomaly[] {
    const shown = new Set(valuesShown(this.#history, read).map((value) => JSON.stringify(value)));
    const lost = this.#writes.filter((row) => this.#isLost(row, shown)).map((row) => this.#lost(row, read));
    return [...lost, ...[...shown].flatMap((text) => this.#unexplained(text, read))];
  }

  #isLost(row: number, shown: ReadonlySet<string>): boolean {
    const { f, outcome, invokeIndex } = this.#history;
    if (cell(invokeIndex, row) < this.#blindDeleteUntil) return false;
    if (f[row] !== Fn.write || outcome[row] !== Outcome.ok) return false;
    const text = this.#argumentText(row);
    return !shown.has(text) && !this.#replacedBy.has(text);
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
    const replacer = (this.#replacedBy.get(text) ?? []).find(
      (row) => history.outcome[row] === Outcome.ok && (history.completeIndex[row] ?? never) < this.#rest,
    );
    if (replacer === undefined) return [];
    const kind = history.f[replacer] === Fn.delete ? "resurrected delete" : "value comes back";
    const what = keyIs(history, write, cell(history.argument, write));
    const says = `at rest ${what} is there, though somebody who had read it replaced it: ${describeOperation(history, replacer)}`;
    return [anomalyOf(history, kind, [write, replacer, read], says)];
  }

  #noteReplaced(read: number, row: number): void {
    for (const value of valuesShown(this.#history, read)) {
      const text = JSON.stringify(value);
      const replacers = this.#replacedBy.get(text);
      if (replacers === undefined) this.#replacedBy.set(text, [row]);
      else replacers.push(row);
    }
  }

  #argumentText(row: number): string {
    return JSON.stringify(this.#history.values[cell(this.#history.argument, row)] ?? null);
  }
}
