import type { Checker } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import { describeOperation, keyIs } from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { eventsOfKey, keyEvents } from "../key-events.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, tasksByKey, unfitForRegister, verdictOf } from "../verdicts.ts";
import { Authors } from "./authors.ts";
import { isAnsweredRead, leftBehind } from "./register-operations.ts";

/**
 * Finds compare-and-sets that undo one another. A value that only one operation wrote is there once: what replaced
 * it is for ever after it. So of two compare-and-sets that took effect from that value one lost the other's update
 * (*two winners*), and so did one that took effect from it though it had begun after a later write was acknowledged.
 * One of unknown outcome took effect where what it set was read, or was what another one found; and only where it
 * alone wrote that. What several operations wrote is passed over; so is nothing, where anything deletes.
 */
export const lostUpdate: Checker = {
  name: "lost-update",
  assumes: ["null is never written", "a compare-and-set that was refused left everything as it was"],
  tasks: tasksByKey,
  run: (history, { key }) => {
    const unfit = unfitForRegister(history, key);
    if (unfit !== null) return unfit;
    const { anomalies, judged } = new WinnerSearch(history, key);
    if (judged === 0)
      return {
        word: "notChecked",
        because: "no compare-and-set took effect from a value that was written once",
      };
    return verdictOf(anomalies, judged);
  },
  combine: combineVerdicts,
};

/** One pass over the events of a key, once it is known who wrote what and what was seen. */
class WinnerSearch {
  readonly anomalies: Anomaly[] = [];
  /** Compare-and-sets that took effect from a value that only one operation wrote. */
  judged = 0;
  readonly #history: History;
  readonly #authors: Authors;
  /** By value: an answered read that showed it, or an acknowledged compare-and-set that found it. */
  readonly #seenBy = new Map<number, number>();
  /** By value: the first compare-and-set that took effect from it. */
  readonly #winnerFrom = new Map<number, number>();
  /** The acknowledged write that began last of those that have ended; −1 for none. */
  #newest = -1;

  constructor(history: History, key: number) {
    this.#history = history;
    this.#authors = new Authors(history);
    for (const row of rowsOfKey(history, key)) {
      this.#authors.note(row);
      if (isAnsweredRead(history, row)) this.#noteSeen(cell(history.result, row), row);
      else if (isAcknowledged(history, row)) this.#noteSeen(cell(history.argument, row), row);
    }
    for (const event of eventsOfKey(keyEvents(history), key)) {
      if (event >= 0) this.#begin(event);
      else if (isAcknowledged(history, ~event) && ~event > this.#newest) this.#newest = ~event;
    }
  }

  #noteSeen(value: number, row: number): void {
    if (!this.#seenBy.has(value)) this.#seenBy.set(value, row);
  }

  #begin(row: number): void {
    if (!this.#tookEffect(row)) return;
    const found = cell(this.#history.argument, row);
    const author = this.#authors.onlyAuthorOf(found);
    const isOnce = found === 0 ? this.#authors.lastAuthorOf(0, never) === null : author !== null;
    if (!isOnce) return;
    this.judged += 1;
    const winner = this.#winnerFrom.get(found);
    if (winner !== undefined) this.#nameTwo(winner, row);
    else this.#winnerFrom.set(found, row);
    const replacedSince = author === null ? -1 : cell(this.#history.completeIndex, author);
    if (
      winner === undefined &&
      this.#newest >= 0 &&
      cell(this.#history.invokeIndex, this.#newest) > replacedSince
    )
      this.#nameLate(row);
  }

  #tookEffect(row: number): boolean {
    const { f, outcome, argument2 } = this.#history;
    if (f[row] !== Fn.cas) return false;
    if (outcome[row] === Outcome.ok) return true;
    const set = cell(argument2, row);
    return this.#seenBy.has(set) && this.#authors.onlyAuthorOf(set) === row;
  }

  #nameTwo(first: number, second: number): void {
    const history = this.#history;
    const found = keyIs(history, first, cell(history.argument, first));
    const says =
      `two compare-and-sets took effect from ${found}, so that one lost what the other did: ` +
      `${describeOperation(history, first)}, and ${describeOperation(history, second)}`;
    const rows = [...this.#proofOf(first), ...this.#proofOf(second)];
    this.anomalies.push(anomalyOf(history, "lost update", rows, says));
  }

  #nameLate(row: number): void {
    const history = this.#history;
    const says =
      `${describeOperation(history, row)}, but that had been replaced before it began: ` +
      `${describeOperation(history, this.#newest)}`;
    this.anomalies.push(anomalyOf(history, "lost update", [...this.#proofOf(row), this.#newest], says));
  }

  /** The compare-and-set, who wrote what it found, and, where its outcome is unknown, who saw what it set. */
  #proofOf(row: number): readonly number[] {
    const { argument, argument2, outcome } = this.#history;
    const author = this.#authors.onlyAuthorOf(cell(argument, row));
    const witness = outcome[row] === Outcome.ok ? null : this.#seenBy.get(cell(argument2, row));
    return [row, author, witness].flatMap((each) => (each === null || each === undefined ? [] : [each]));
  }
}

function isAcknowledged(history: History, row: number): boolean {
  return history.outcome[row] === Outcome.ok && leftBehind(history, row) >= 0;
}
