import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never, Outcome } from "../../harness/history/history.ts";
import { describeOperation, endText, keyIs, keyName, processText } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { dumpedValues, finalIndex } from "../final-state.ts";
import { eventsOfKey, keyEvents, lowerBound } from "../key-events.ts";
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
  if (anomalies.length === 0 && search.judged === 0) {
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
  readonly #finalIndex: number;
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
    this.#finalIndex = finalIndex(history);
    this.#dumped = dumpedValues(history, key);
    for (const event of eventsOfKey(keyEvents(history), key)) if (event >= 0) this.#note(event);
    let latest = -1;
    for (let at = this.#reads.length - 1; at >= 0; at -= 1) {
      latest = Math.max(latest, this.#endOf(history.result[this.#reads[at] ?? 0] ?? 0));
      this.#shownUntil[at] = latest;
    }
  }

  /** Rows of the lost writes after which no other one was lost, ascending. */
  lost(): number[] {
    let dumpedUntil = -1;
    for (const value of this.#dumped ?? []) dumpedUntil = Math.max(dumpedUntil, this.#endOf(value));
    const lost = this.#writes.filter((row) => this.#isLost(row, dumpedUntil));
    const last = lost.at(-1);
    if (last === undefined) return [];
    // Writes are noted as they began, so no other one began later.
    return lost.filter((row) => cell(this.#history.completeIndex, row) > this.#callOf(last));
  }

  name(write: number): Anomaly {
    const history = this.#history;
    const read = this.#reads[this.#firstReadAfter(write)];
    const value = leftBehind(history, write);
    const lost = `${processText(history, write)}'s ${keyIs(history, write, value)} was acknowledged ${endText(history, write)}`;
    const rows = [write];
    if (read === undefined) {
      const shown = this.#dumped?.[0] ?? 0;
      const older = this.#writerOf.get(shown);
      if (older !== undefined) rows.push(older);
      const says = `${lost}, but at rest no replica holds it: they show ${keyIs(history, write, Math.max(shown, 0))}`;
      return anomalyOf(history, "lost write", rows, says);
    }
    const older = this.#writerOf.get(cell(history.result, read));
    rows.push(read);
    if (older !== undefined) rows.push(older);
    const when = this.#isAtRest ? "at rest" : "afterwards";
    const what = `what had been there before: ${describeOperation(history, read)}`;
    return anomalyOf(
      history,
      "lost write",
      rows,
      `${lost}, but ${when} every read of ${keyName(history, write)} shows ${what}`,
    );
  }

  get #isAtRest(): boolean {
    return this.#finalIndex !== never;
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
    const end = history.completeIndex[row] ?? never;
    if (known === undefined || end > (history.completeIndex[known] ?? never)) this.#writerOf.set(value, row);
  }

  #isLost(write: number, dumpedUntil: number): boolean {
    const first = this.#firstReadAfter(write);
    const count = this.#reads.length - first;
    const enough = this.#isAtRest || this.#dumped !== null ? 1 : readsWithoutRest;
    if (count < enough && this.#dumped === null) return false;
    this.judged += 1;
    const call = this.#callOf(write);
    return (this.#shownUntil[first] ?? -1) < call && dumpedUntil < call;
  }

  /** Place of the first read that began after the write had ended, and, where there was a rest, after that. */
  #firstReadAfter(write: number): number {
    const end = this.#history.completeIndex[write] ?? never;
    return lowerBound(this.#readCalls, Math.max(end, this.#isAtRest ? this.#finalIndex : -1));
  }

  /** When the last operation that may have left this value had ended; never, where nothing is known of it. */
  #endOf(value: number): number {
    const writer = this.#writerOf.get(value);
    if (writer === undefined) return value === 0 ? -1 : never;
    return this.#history.completeIndex[writer] ?? never;
  }

  #callOf(row: number): number {
    return cell(this.#history.invokeIndex, row);
  }
}
