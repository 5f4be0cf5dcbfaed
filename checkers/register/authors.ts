import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import { lowerBound } from "../key-events.ts";
import { leftBehind } from "./register-operations.ts";

/**
 * Who may have left which value at one key. Operations are noted in order of invocation; those that failed, and
 * those that leave nothing, are passed over. All that is said of time are indices.
 */
export class Authors {
  readonly #history: History;
  /** By value: the row of its only author, or the complement of that author of several who ended last. */
  readonly #rowOf = new Map<number, number>();
  /** Deletes in order of invocation, and beside each the one that ended last of it and those before. */
  readonly #deleteCalls: number[] = [];
  readonly #lastDelete: number[] = [];

  constructor(history: History) {
    this.#history = history;
  }

  /** Takes the next operation into account. */
  note(row: number): void {
    const value = leftBehind(this.#history, row);
    if (value < 0) return;
    if (value === 0) {
      this.#lastDelete.push(this.#laterOf(this.#lastDelete.at(-1) ?? row, row));
      this.#deleteCalls.push(cell(this.#history.invokeIndex, row));
      return;
    }
    const known = this.#rowOf.get(value);
    if (known === undefined) this.#rowOf.set(value, row);
    else this.#rowOf.set(value, ~this.#laterOf(known < 0 ? ~known : known, row));
  }

  /** The only operation that may have left this value; null where there are none or several, and for nothing. */
  onlyAuthorOf(value: number): number | null {
    const row = this.#rowOf.get(value) ?? -1;
    return row < 0 ? null : row;
  }

  /**
   * Of the operations that may have left this value, or nothing, before this index: the one that ended last.
   * Null where there is none.
   */
  lastAuthorOf(value: number, before: number): number | null {
    if (value === 0) return this.#lastDelete[lowerBound(this.#deleteCalls, before) - 1] ?? null;
    const row = this.#rowOf.get(value);
    if (row === undefined) return null;
    return row < 0 ? ~row : row;
  }

  /**
   * When everything that may have left this value, or nothing, before this index had ended: −1 for the nothing
   * that was there at first, `never` for what is still open, and for a value of which nothing is known.
   */
  endOf(value: number, before: number): number {
    const author = this.lastAuthorOf(value, before);
    if (author === null) return value === 0 ? -1 : never;
    return cell(this.#history.completeIndex, author);
  }

  #laterOf(a: number, b: number): number {
    const { completeIndex } = this.#history;
    return cell(completeIndex, b) > cell(completeIndex, a) ? b : a;
  }
}
