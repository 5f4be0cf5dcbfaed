import type { Checker } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import { describeOperation } from "../../harness/history/operation.ts";
import type { Anomaly, AnomalyKind, Verdict } from "../../harness/history/verdict.ts";
import { dumpedValues, finalIndex, readsAtRest } from "../final-state.ts";
import { Authors } from "../register/authors.ts";
import { isAnsweredRead, leftBehind } from "../register/register-operations.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, keyPath, tasksByKey, verdictOf } from "../verdicts.ts";
import { isBefore, sessionOf, unfitForOrder } from "./session.ts";

const assumes = [
  "null is never written",
  "reads come after the rest",
  "a write that ended before another began is older",
];

/**
 * Monotonic writes (Terry et al., 1994): the writes of a session take effect in its order. While a run lasts, a
 * reader who meets the second write and then the first may itself have gone back, so only the rest is proof: all
 * reads and all replicas show the first of two acknowledged writes of one session. Across keys, see `prefix`.
 */
export const monotonicWrites: Checker = {
  name: "monotonic-writes",
  assumes,
  tasks: tasksByKey,
  run: (history, { key }) => judgeAtRest(history, key, inOrder),
  combine: combineVerdicts,
};

/**
 * Writes follow reads (Terry et al., 1994): a write of a session takes effect after what the session had read.
 * It is broken when, at rest, all reads and all replicas show what a session had read before it wrote or deleted
 * itself, and that was acknowledged. Across keys, see `prefix`.
 */
export const writesFollowReads: Checker = {
  name: "writes-follow-reads",
  assumes,
  tasks: tasksByKey,
  run: (history, { key }) => judgeAtRest(history, key, afterReads),
  combine: combineVerdicts,
};

/** What a key shows at rest, and who may have left it. */
interface Rest {
  readonly history: History;
  readonly value: number;
  /** A read at rest. */
  readonly read: number;
  readonly authors: Authors;
}

/** What a session must have done before a write or delete of its own that was acknowledged. */
interface Guarantee {
  readonly kind: AnomalyKind;
  /** Whether the guarantee speaks of an operation as the first of the two. */
  isFirst(rest: Rest, row: number): boolean;
  /** Whether what is there at rest is what this first operation wrote, or read. */
  isShown(rest: Rest, row: number): boolean;
  /** Whether nothing but a breach explains that at rest it is not as after the second operation. */
  isProof(rest: Rest, row: number): boolean;
}

const inOrder: Guarantee = {
  kind: "monotonic-writes violation",
  isFirst: ({ history }, row) => leftBehind(history, row) >= 0,
  isShown: ({ history, value, authors }, row) =>
    value === 0 ? leftBehind(history, row) === 0 : authors.onlyAuthorOf(value) === row,
  // Where nothing is there at rest, a delete that may have come later explains it.
  isProof: ({ history, value, authors }, row) =>
    value !== 0 || authors.endOf(0, never) < cell(history.invokeIndex, row),
};

const afterReads: Guarantee = {
  kind: "writes-follow-reads violation",
  isFirst: ({ history }, row) => isAnsweredRead(history, row) && history.result[row] !== 0,
  isShown: ({ history, value, authors }, row) =>
    history.result[row] === value && authors.onlyAuthorOf(value) !== null,
  isProof: () => true,
};

function judgeAtRest(history: History, key: number, guarantee: Guarantee): Verdict {
  const unfit = unfitForOrder(history, key);
  if (unfit !== null) return unfit;
  const rows = rowsOfKey(history, key);
  const finals = readsAtRest(history, rows);
  const [read] = finals;
  if (read === undefined)
    return { word: "notChecked", because: `no read of ${keyPath(history, key)} was answered at rest` };
  const value = cell(history.result, read);
  const isOther = (shown: number): boolean => shown !== value;
  if (finals.some((row) => isOther(cell(history.result, row))) || dumpedValues(history, key)?.some(isOther)) {
    return { word: "notChecked", because: `reads or replicas of ${keyPath(history, key)} differ at rest` };
  }
  const authors = new Authors(history);
  for (const row of rows) authors.note(row);
  const atRest = finalIndex(history);
  const search = new PairSearch({ history, value, read, authors }, guarantee);
  for (const row of rows) if ((history.completeIndex[row] ?? never) < atRest) search.take(row);
  if (search.judged > 0) return verdictOf(search.anomalies, search.judged);
  const because = `no session did two things in turn with ${keyPath(history, key)} that its rest could tell apart`;
  return { word: "notChecked", because };
}

/**
 * Looks for the first pair of each session that breaks a guarantee. Operations come in order of invocation, and all
 * of them have ended: those that left something were acknowledged.
 */
class PairSearch {
  readonly anomalies: Anomaly[] = [];
  /** Acknowledged writes and deletes that came second. */
  judged = 0;
  readonly #rest: Rest;
  readonly #guarantee: Guarantee;
  /** By session: its first operation of a pair, and the one that is there at rest, that ended first. */
  readonly #firstOf = new Map<number, number>();
  readonly #shownOf = new Map<number, number>();
  readonly #found = new Set<number>();

  constructor(rest: Rest, guarantee: Guarantee) {
    this.#rest = rest;
    this.#guarantee = guarantee;
  }

  take(row: number): void {
    const { history } = this.#rest;
    const session = sessionOf(history, row);
    if (leftBehind(history, row) >= 0) this.#judge(row, session);
    if (!this.#guarantee.isFirst(this.#rest, row)) return;
    this.#keep(this.#firstOf, session, row);
    if (this.#guarantee.isShown(this.#rest, row)) this.#keep(this.#shownOf, session, row);
  }

  #judge(second: number, session: number): void {
    if (this.#before(this.#firstOf, session, second) !== null) this.judged += 1;
    const first = this.#before(this.#shownOf, session, second);
    if (first === null || this.#found.has(session) || !this.#guarantee.isProof(this.#rest, second)) return;
    this.#found.add(session);
    const { history, read, value, authors } = this.#rest;
    const author = authors.onlyAuthorOf(value) ?? first;
    const says =
      `in one session ${describeOperation(history, first)}, and then ${describeOperation(history, second)}, ` +
      `but at rest it is as after the first: ${describeOperation(history, read)}`;
    this.anomalies.push(anomalyOf(history, this.#guarantee.kind, [author, first, second, read], says));
  }

  #keep(rows: Map<number, number>, session: number, row: number): void {
    const { completeIndex } = this.#rest.history;
    const known = rows.get(session);
    if (known === undefined || cell(completeIndex, row) < cell(completeIndex, known)) rows.set(session, row);
  }

  #before(rows: ReadonlyMap<number, number>, session: number, row: number): number | null {
    const first = rows.get(session) ?? -1;
    return isBefore(this.#rest.history, first, row) ? first : null;
  }
}
