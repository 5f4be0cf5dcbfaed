import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import { lowerBound } from "../key-events.ts";

/** Operations in order of invocation, for asking which of the later ones was the first to end. */
export class SpanIndex {
  readonly #calls: readonly number[];
  /** By place: of the operations from here on, the one that ended first. */
  readonly #firstToEnd: number[];

  /** Rows ascending, hence in order of invocation. */
  constructor(history: History, rows: readonly number[]) {
    this.#calls = rows.map((row) => cell(history.invokeIndex, row));
    this.#firstToEnd = [...rows];
    const endOf = (row: number): number => history.completeIndex[row] ?? never;
    for (let at = rows.length - 2; at >= 0; at -= 1) {
      const here = this.#firstToEnd[at] ?? 0;
      const later = this.#firstToEnd[at + 1] ?? 0;
      if (endOf(later) < endOf(here)) this.#firstToEnd[at] = later;
    }
  }

  /** Of the operations that began after this index, the row that ended first. */
  firstToEnd(beganAfter: number): number | null {
    return this.#firstToEnd[lowerBound(this.#calls, beganAfter + 1)] ?? null;
  }
}
