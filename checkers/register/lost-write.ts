import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never, Outcome } from "../../harness/history/history.ts";
import { describeOperation, endText, keyIs, keyName, processText } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { dumpedValues, finalIndex } from "../final-state.ts";
import { lowerBound } from "../key-events.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, tasksByKey, unfitForRegister, verdictOf } from "../verdicts.ts";
import { isAnsweredRead, leftBehind } from "./register-operations.ts";

/** Reads that must miss a write where neither a rest nor a dump shows that no other read could see it. */
const readsWithoutRest = 2;

/**
 * Finds acknowledged writes that no read can see any more: at rest (or, in a history without phases, in all
 * later reads, two at least) every read and every replica shows something that had ended before the write
 * began. A write or delete that ran beside it or later, or whose outcome is unknown, explains its absence when
 * that is what is shown; nothing explains that something older is shown. Of writes that were lost one after
 * the other the last is named: the others may have been replaced by it.
 */
export const lostWrite: Checker = {
  name: "lost-write",
  assumes: ["null is never written", "the final reads, where there are any, come after the rest"],
  tasks: tasksByKey,
  run: runLostWrite,
  combine: combineVerdicts,
};

function runLostWrite(history: History, { key }: CheckTask): Verdict {
  const unfit = unfitForRegister(history, key);
  if (unfit !== null) return unfit;
  const search = new LostWriteSearch(history, key);
  const anomalies = search.lost().map((row) => search.name(row));
  if (search.judged === 0) {
    return { word: "notChecked", because: "no write is followed by reads that could miss it" };
  }
  return verdictOf(anomalies, search.judged);
}

/** The lost writes of one key. */
export function lostWritesAt(history: History, key: number): Anomaly[] {
  const search = new LostWriteSearch(history, key);
  return search.lost().map((row) => search.name(row));
}

class LostWriteSearch {
  /** Acknowledged writes that reads or replicas were there to miss. */
  judged = 0;
  readonly #history: History;
  /** Where the cluster came to rest; −1 where the history does not say. */
  readonly #restIndex: number;
  /** Answered reads in order of invocation, and their invocation indices. */
  readonly #reads: number[] = [];
  readonly #readCalls: number[] = [];
  /** From each read on: the latest end of anything that they show. */
  readonly #shownUntil: number[] = [];
  readonly #writes: number[] = [];
  /** By value: the operation that may have left it and ended last. */
  readonly #writerOf = new Map<number, number>();
  readonly #dumped: readonly number[] | null;

  constructor(history: History, key: number) {
    this.#history = history;
    const rest = finalIndex(history);
    this.#restIndex = rest === never ? -1 : rest;
    this.#dumped = dumpedValues(history, key);
    for (const row of rowsOfKey(history, key)) this.#note(row);
    let latest = -1;
    for (let at = this.#reads.length - 1; at >= 0; at -= 1) {
      latest = Math.max(latest, this.#endOf(cell(history.result, this.#reads[at] ?? 0)));
      this.#shownUntil[at] = latest;
    }
  }

  /** Rows of the lost writes after which no other one was lost, ascending. */
  lost(): number[] {
    let dumpedUntil = -1;
    for (const value of this.#dumped ?? []) dumpedUntil = Math.max(dumpedUntil, this.#endOf(value));
    const lost = this.#writes.filter((row) => this.#isLost(row, dumpedUntil));
    // Writes are noted as they began, so no other lost one began later.
    const lastBegun = this.#callOf(lost.at(-1) ?? 0);
    return lost.filter((row) => cell(this.#history.completeIndex, row) > lastBegun);
  }

  name(write: number): Anomaly {
    const history = this.#history;
    const read = this.#reads[this.#firstReadAfter(write)];
    const lost = `${processText(history, write)}'s ${keyIs(history, write, leftBehind(history, write))} was acknowledged ${endText(history, write)}`;
    const shown = read === undefined ? (this.#dumped ?? []) : [cell(history.result, read)];
    const older = shown.flatMap((value) => this.#writerOf.get(value) ?? []);
    if (read === undefined) {
      const held = shown.map((value) => keyIs(history, write, value)).join(" or ");
      const says = `${lost}, but at rest no replica holds it: they show ${held}`;
      return anomalyOf(history, "lost write", [write, ...older], says);
    }
    const when = this.#restIndex < 0 ? "afterwards" : "at rest";
    const what = `what had been there before: ${describeOperation(history, read)}`;
    const says = `${lost}, but ${when} every read of ${keyName(history, write)} shows ${what}`;
    return anomalyOf(history, "lost write", [write, read, ...older], says);
  }

  #note(row: number): void {
    const history = this.#history;
    if (isAnsweredRead(history, row)) {
      this.#reads.push(row);
      this.#readCalls.push(this.#callOf(row));
    }
    const value = leftBehind(history, row);
    if (value < 0) return;
    // The completion of a delete is judged by the checker of deletes.
    if (value > 0 && history.outcome[row] === Outcome.ok) this.#writes.push(row);
    const known = this.#writerOf.get(value);
    if (known === undefined || cell(history.completeIndex, row) > cell(history.completeIndex, known)) {
      this.#writerOf.set(value, row);
    }
  }

  #isLost(write: number, dumpedUntil: number): boolean {
    const first = this.#firstReadAfter(write);
    const enough = this.#restIndex < 0 ? readsWithoutRest : 1;
    if (this.#dumped === null && this.#reads.length - first < enough) return false;
    this.judged += 1;
    const call = this.#callOf(write);
    return (this.#shownUntil[first] ?? -1) < call && dumpedUntil < call;
  }

  /** Place of the first read that began after the write had ended, and, where there was a rest, after that. */
  #firstReadAfter(write: number): number {
    const end = cell(this.#history.completeIndex, write);
    return lowerBound(this.#readCalls, Math.max(end, this.#restIndex));
  }

  /** When the last operation that may have left this value had ended; never, where nothing is known of it. */
  #endOf(value: number): number {
    const writer = this.#writerOf.get(value);
    if (writer === undefined) return value === 0 ? -1 : never;
    return cell(this.#history.completeIndex, writer);
  }

  #callOf(row: number): number {
    return cell(this.#history.invokeIndex, row);
  }
}
