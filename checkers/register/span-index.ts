import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { lowerBound } from "../key-events.ts";

/** Operations in order of invocation, for asking which of the later ones was the first to end. */
export class SpanIndex {
  readonly #calls: Int32Array;
  /** By place: of the operations from here on, the one that ended first. */
  readonly #firstToEnd: Int32Array;

  /** Rows ascending, hence in order of invocation. */
  constructor({ invokeIndex, completeIndex }: History, rows: readonly number[]) {
    this.#calls = Int32Array.from(rows, (row) => cell(invokeIndex, row));
    this.#firstToEnd = Int32Array.from(rows);
    for (let at = rows.length - 2; at >= 0; at -= 1) {
      const here = cell(this.#firstToEnd, at);
      const later = cell(this.#firstToEnd, at + 1);
      if (cell(completeIndex, later) < cell(completeIndex, here)) this.#firstToEnd[at] = later;
    }
  }

  /** Of the operations that began after this index, the row that ended first. */
  firstToEnd(beganAfter: number): number | null {
    return this.#firstToEnd[lowerBound(this.#calls, beganAfter + 1)] ?? null;
  }
}
