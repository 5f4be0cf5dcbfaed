import type { Checker } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { describeOperation } from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { eventsOfKey, keyEvents } from "../key-events.ts";
import { Authors } from "../register/authors.ts";
import { isAnsweredRead, leftBehind } from "../register/register-operations.ts";
import { anomalyOf, combineVerdicts, tasksByKey, verdictOf } from "../verdicts.ts";
import { isBefore, sessionOf, unfitForOrder } from "./session.ts";

/**
 * Read your writes (D. Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994): what a
 * session has written, its later reads show, or something newer. P. Viotti and M. Vukolić, "Consistency in
 * Non-Transactional Distributed Storage Systems", 2016, say it with an order of all writes that the store
 * chooses. Whatever it chooses among writes that ran side by side, a write that had ended before another began
 * is older. So a read is wrong when everything that may have left what it shows had ended before its session's
 * own acknowledged write, or delete, began.
 */
export const readYourWrites: Checker = {
  name: "read-your-writes",
  assumes: ["null is never written", "a write that ended before another began is older"],
  tasks: tasksByKey,
  run: (history, { key }) => {
    const unfit = unfitForOrder(history, key);
    if (unfit !== null) return unfit;
    const { anomalies, judged } = new OwnWrites(history, key);
    if (judged === 0) return { word: "notChecked", because: "no session read what it had written" };
    return verdictOf(anomalies, judged);
  },
  combine: combineVerdicts,
};

/** One pass over the events of a key. */
class OwnWrites {
  readonly anomalies: Anomaly[] = [];
  /** Answered reads that came after an acknowledged write of their session. */
  judged = 0;
  readonly #history: History;
  readonly #authors: Authors;
  /** By session: its acknowledged write or delete that began last. */
  readonly #ownOf = new Map<number, number>();

  constructor(history: History, key: number) {
    this.#history = history;
    this.#authors = new Authors(history);
    for (const event of eventsOfKey(keyEvents(history), key)) {
      if (event >= 0) this.#authors.note(event);
      else this.#end(~event);
    }
  }

  #end(row: number): void {
    const history = this.#history;
    const session = sessionOf(history, row);
    const own = this.#ownOf.get(session) ?? -1;
    if (isAnsweredRead(history, row)) {
      if (isBefore(history, own, row)) this.#judge(row, own);
    } else if (leftBehind(history, row) >= 0) {
      // What has ended and left something was acknowledged.
      this.#ownOf.set(session, Math.max(own, row));
    }
  }

  #judge(read: number, own: number): void {
    this.judged += 1;
    const history = this.#history;
    const value = cell(history.result, read);
    const end = cell(history.completeIndex, read);
    if (this.#authors.endOf(value, end) >= cell(history.invokeIndex, own)) return;
    const author = this.#authors.lastAuthorOf(value, end);
    const older =
      author === null
        ? "nobody had deleted since"
        : `is newer: before it ${describeOperation(history, author)}`;
    const says =
      `${describeOperation(history, read)}, but before that, in the same session, ` +
      `${describeOperation(history, own)}, which ${older}`;
    const rows = author === null ? [read, own] : [read, own, author];
    this.anomalies.push(anomalyOf(history, "read-your-writes violation", rows, says));
  }
}
