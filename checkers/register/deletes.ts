import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { describeOperation, endText, processText } from "../../harness/history/operation.ts";
import type { Anomaly, AnomalyKind, Verdict } from "../../harness/history/verdict.ts";
import { finalIndex } from "../final-state.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, tasksByKey, unfitForRegister, verdictOf } from "../verdicts.ts";
import { mustMeet } from "../world/strict-quorums.ts";
import { isAnsweredRead, leftBehind } from "./register-operations.ts";
import { SpanIndex } from "./span-index.ts";

/**
 * Finds deleted values that are read again. *Resurrected delete*: a delete completed; a read that began after
 * it found nothing (which only counts where W+R>N makes read and delete meet), or the cluster was mended and
 * came to rest; and a later read returns a value whose write had ended before the delete began. *Lost
 * delete*: at rest such a value is read and no read in between found nothing.
 */
export const deletes: Checker = {
  name: "deletes",
  assumes: ["null is never written", "a value is not written again after the delete"],
  tasks: tasksByKey,
  run: runDeletes,
  combine: combineVerdicts,
};

function runDeletes(history: History, { key }: CheckTask): Verdict {
  const unfit = unfitForRegister(history, key);
  if (unfit !== null) return unfit;
  const search = new DeleteSearch(history, key);
  if (search.judged === 0)
    return { word: "notChecked", because: "no acknowledged delete is followed by a read" };
  return verdictOf(search.anomalies, search.judged);
}

/** What is wrong with the deletes of one key. */
export function deleteAnomaliesAt(history: History, key: number): readonly Anomaly[] {
  return new DeleteSearch(history, key).anomalies;
}

class DeleteSearch {
  readonly anomalies: Anomaly[] = [];
  /** Answered reads that began after an acknowledged delete. */
  judged = 0;
  readonly #history: History;
  readonly #finalIndex: number;
  readonly #deletes: SpanIndex;
  readonly #emptyReads: SpanIndex;
  /** By value: the operation that may have left it and ended last. */
  readonly #writerOf = new Map<number, number>();
  readonly #named = new Set<string>();

  constructor(history: History, key: number) {
    this.#history = history;
    this.#finalIndex = finalIndex(history);
    const rows = rowsOfKey(history, key);
    const isDone = (row: number): boolean =>
      history.f[row] === Fn.delete && history.outcome[row] === Outcome.ok;
    const isEmpty = (row: number): boolean => isAnsweredRead(history, row) && history.result[row] === 0;
    this.#deletes = new SpanIndex(history, rows.filter(isDone));
    this.#emptyReads = new SpanIndex(history, rows.filter(isEmpty));
    for (const row of rows) this.#noteWriter(row);
    for (const row of rows) if (isAnsweredRead(history, row)) this.#judge(row);
  }

  #noteWriter(row: number): void {
    const value = leftBehind(this.#history, row);
    if (value <= 0) return;
    const known = this.#writerOf.get(value);
    if (known === undefined || this.#endOf(row) > this.#endOf(known)) this.#writerOf.set(value, row);
  }

  #judge(read: number): void {
    const began = cell(this.#history.invokeIndex, read);
    const anyDelete = this.#deletes.firstToEnd(-1);
    if (anyDelete !== null && this.#endOf(anyDelete) < began) this.judged += 1;
    const writer = this.#writerOf.get(cell(this.#history.result, read));
    if (writer === undefined) return;
    // Of the deletes that the write precedes, the first to end leaves most room for a read that found nothing.
    const gone = this.#deletes.firstToEnd(this.#endOf(writer));
    if (gone === null) return;
    const found = this.#emptyReads.firstToEnd(this.#endOf(gone));
    const empty = found !== null && this.#endOf(found) < began ? found : null;
    const isAtRest = this.#endOf(gone) < this.#finalIndex && this.#finalIndex < began;
    if (empty !== null && (isAtRest || mustMeet(this.#history, [gone], [empty, read]))) {
      this.#name(
        "resurrected delete",
        [writer, gone, empty, read],
        `, and ${describeOperation(this.#history, empty)}`,
      );
    } else if (isAtRest) {
      this.#name("resurrected delete", [writer, gone, read], ", the cluster was mended and came to rest");
      this.#name("lost delete", [writer, gone, read], ", and no read ever found nothing");
    }
  }

  #name(kind: AnomalyKind, rows: readonly number[], between: string): void {
    const [writer = 0, gone = 0] = rows;
    const read = rows.at(-1) ?? 0;
    const name = `${kind} ${cell(this.#history.result, read)}`;
    if (this.#named.has(name)) return;
    this.#named.add(name);
    const history = this.#history;
    const deleted = `${processText(history, gone)}'s delete was acknowledged ${endText(history, gone)}${between}`;
    const says = `${deleted}, but then ${describeOperation(history, read)}, written before the delete (ended ${endText(history, writer)})`;
    this.anomalies.push(anomalyOf(history, kind, rows, says));
  }

  #endOf(row: number): number {
    return cell(this.#history.completeIndex, row);
  }
}
