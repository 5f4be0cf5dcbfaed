import type { Checker } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { describeOperation } from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { eventsOfKey, keyEvents } from "../key-events.ts";
import { Authors } from "../register/authors.ts";
import { isAnsweredRead } from "../register/register-operations.ts";
import { anomalyOf, combineVerdicts, tasksByKey, verdictOf } from "../verdicts.ts";
import { isBefore, sessionOf, unfitForOrder } from "./session.ts";

/**
 * Monotonic reads (Terry et al., 1994): what a session has read, its later reads show, or something newer. In
 * the words of Viotti and Vukolić (2016), the values that a session reads never go back in the order of writes
 * that the store chooses. Two things are proof that they did, whatever the order is: everything that may have
 * left what is read had ended before the write began that the session had read before; or the session reads
 * a value, then another one, then the first again, though it was written only once.
 */
export const monotonicReads: Checker = {
  name: "monotonic-reads",
  assumes: ["null is never written", "a write that ended before another began is older"],
  tasks: tasksByKey,
  run: (history, { key }) => {
    const unfit = unfitForOrder(history, key);
    if (unfit !== null) return unfit;
    const { anomalies, judged } = new ReadsOfSessions(history, key);
    if (judged === 0) return { word: "notChecked", because: "no session read a key twice" };
    return verdictOf(anomalies, judged);
  },
  combine: combineVerdicts,
};

/** What a session has read of a key so far. */
interface Seen {
  /** Of the writes that it has read, the one that began last, and the read that first showed it; −1 for none. */
  newest: number;
  shownBy: number;
  lastRead: number;
  /** By value: the last read that showed it. */
  readonly lastReadOf: Map<number, number>;
}

/** One pass over the events of a key. */
class ReadsOfSessions {
  readonly anomalies: Anomaly[] = [];
  /** Answered reads that came after another one of their session. */
  judged = 0;
  readonly #history: History;
  readonly #authors: Authors;
  readonly #seenBy = new Map<number, Seen>();

  constructor(history: History, key: number) {
    this.#history = history;
    this.#authors = new Authors(history);
    for (const event of eventsOfKey(keyEvents(history), key)) {
      if (event >= 0) this.#authors.note(event);
      else if (isAnsweredRead(history, ~event)) this.#end(~event);
    }
  }

  #end(read: number): void {
    const session = sessionOf(this.#history, read);
    const seen = this.#seenBy.get(session);
    if (seen === undefined) {
      const first: Seen = { newest: -1, shownBy: -1, lastRead: read, lastReadOf: new Map() };
      this.#seenBy.set(session, first);
      this.#remember(first, read);
      return;
    }
    if (isBefore(this.#history, seen.lastRead, read)) this.judged += 1;
    const wentBack = this.#olderThanSeen(seen, read) ?? this.#seenBefore(seen, read);
    if (wentBack !== null) this.anomalies.push(wentBack);
    this.#remember(seen, read);
  }

  #remember(seen: Seen, read: number): void {
    const value = cell(this.#history.result, read);
    const author = this.#authors.onlyAuthorOf(value);
    if (author !== null && author > seen.newest) {
      seen.newest = author;
      seen.shownBy = read;
    }
    seen.lastRead = read;
    seen.lastReadOf.set(value, read);
  }

  #olderThanSeen({ newest, shownBy }: Seen, read: number): Anomaly | null {
    const history = this.#history;
    if (!isBefore(history, shownBy, read)) return null;
    const value = cell(history.result, read);
    const end = cell(history.completeIndex, read);
    if (this.#authors.endOf(value, end) >= cell(history.invokeIndex, newest)) return null;
    const author = this.#authors.lastAuthorOf(value, end);
    const newer =
      author === null
        ? "nobody had deleted since"
        : `is newer: ${describeOperation(history, author)}, and after that ${describeOperation(history, newest)}`;
    const says =
      `${describeOperation(history, read)}, but before that, in the same session, ` +
      `${describeOperation(history, shownBy)}, which ${newer}`;
    const rows = author === null ? [read, shownBy, newest] : [read, shownBy, newest, author];
    return anomalyOf(history, "monotonic-reads violation", rows, says);
  }

  #seenBefore({ lastRead, lastReadOf }: Seen, read: number): Anomaly | null {
    const history = this.#history;
    const value = cell(history.result, read);
    const author = this.#authors.onlyAuthorOf(value);
    const earlier = lastReadOf.get(value) ?? -1;
    if (author === null || !isBefore(history, earlier, lastRead) || !isBefore(history, lastRead, read))
      return null;
    const says =
      `${describeOperation(history, read)}, as before in the same session (${describeOperation(history, earlier)}), ` +
      `though in between ${describeOperation(history, lastRead)}, and it was written only once`;
    return anomalyOf(history, "monotonic-reads violation", [read, earlier, lastRead, author], says);
  }
}
