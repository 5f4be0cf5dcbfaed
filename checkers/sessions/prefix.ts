import type { Checker } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { describeOperation } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { Authors } from "../register/authors.ts";
import { isAnsweredRead } from "../register/register-operations.ts";
import { anomalyOf, combineVerdicts, verdictOf } from "../verdicts.ts";
import type { Knowledge, Known } from "./knowledge.ts";
import { knowledgeOf, knownBefore } from "./knowledge.ts";
import type { Answer } from "./read-answers.ts";
import { ReadAnswers } from "./read-answers.ts";
import { isBefore, sessionOf, unfitForOrder } from "./session.ts";

/**
 * Consistent prefix across two keys: who sees the answer sees the question. A session that had read or written
 * one key, the question, and then wrote another one answers it. Whoever reads that answer and then the first key
 * must find the question there or something that may be newer (D. Terry, "Replicated Data Consistency Explained
 * Through Baseball", 2013, of one order of all writes; here only what the answerer is known to have known counts).
 * Values that several operations may have written say nothing and are passed over, and so are sessions that
 * answer themselves: `read-your-writes` and `monotonic-reads` speak of those.
 */
export const prefix: Checker = prefixChecker("prefix", false);

/** The same, of questions alone whose write had been acknowledged before the answer began: strict quorums keep that. */
export const acknowledgedPrefix: Checker = prefixChecker("acknowledged-prefix", true);

function prefixChecker(name: string, onlyAcknowledged: boolean): Checker {
  return {
    name,
    assumes: ["null is never written", "a write that ended before another began is older"],
    tasks: () => [{ key: -1 }],
    run: (history) => judgePrefix(history, onlyAcknowledged),
    combine: combineVerdicts,
  };
}

function judgePrefix(history: History, onlyAcknowledged: boolean): Verdict {
  const unfit = history.keys.map((_, key) => unfitForOrder(history, key));
  const reasons = unfit.filter((verdict) => verdict !== null);
  const broken = reasons.filter(({ word }) => word === "invalid");
  if (broken.length > 0) return combineVerdicts(broken);
  if (reasons.length > 0 && reasons.length === unfit.length) return combineVerdicts(reasons);
  const authors = unfit.map((verdict) => (verdict === null ? new Authors(history) : null));
  const { anomalies, judged } = new PrefixSearch(history, authors, onlyAcknowledged);
  if (judged > 0) return combineVerdicts([verdictOf(anomalies, judged)]);
  return { word: "notChecked", because: "no session read an answer and then its question" };
}

/**
 * One pass over the reads. For each it goes through the sessions that knew something of its key, or through those
 * whose answers its own session had read, whichever are fewer: linear for any fixed number of clients.
 */
class PrefixSearch {
  readonly anomalies: Anomaly[] = [];
  /** Answered reads of a key of which the writer of an answer had known something. */
  judged = 0;
  readonly #history: History;
  readonly #knowledge: readonly Knowledge[];
  readonly #keyspaces: readonly string[];
  /** By keyspace and reading session. */
  readonly #answersTo = new Map<string, ReadAnswers>();

  /** `authors`: by key, null where the key is not to be judged. */
  constructor(history: History, authors: readonly (Authors | null)[], onlyAcknowledged: boolean) {
    this.#history = history;
    this.#keyspaces = history.keys.map(({ keyspace }) => keyspace);
    const keys = history.key.subarray(0, history.length);
    keys.forEach((key, row) => {
      authors[key]?.note(row);
    });
    this.#knowledge = knowledgeOf(history, authors, onlyAcknowledged);
    keys.forEach((key, row) => {
      const known = authors[key] ?? null;
      if (known !== null && isAnsweredRead(history, row)) this.#take(row, key, known);
    });
  }

  #take(read: number, key: number, authors: Authors): void {
    const history = this.#history;
    const session = sessionOf(history, read);
    const answers = this.#answersOf(session, key);
    this.#judge(read, authors, answers);
    const write = authors.onlyAuthorOf(cell(history.result, read));
    if (write === null || sessionOf(history, write) === session) return;
    answers.note(sessionOf(history, write), { key, write, read });
  }

  #answersOf(session: number, key: number): ReadAnswers {
    const name = `${session} ${this.#keyspaces[key]}`;
    const known = this.#answersTo.get(name);
    if (known !== undefined) return known;
    const made = new ReadAnswers();
    this.#answersTo.set(name, made);
    return made;
  }

  #judge(read: number, authors: Authors, answers: ReadAnswers): void {
    const history = this.#history;
    const key = cell(history.key, read);
    const knowledge: Knowledge = this.#knowledge[key] ?? new Map();
    const shownUntil = authors.endOf(cell(history.result, read), cell(history.completeIndex, read));
    const fewer = knowledge.size < answers.size ? knowledge.keys() : answers.sessions();
    let isJudged = false;
    for (const session of fewer) {
      const answer = answers.elsewhere(session, key);
      if (answer === null || !isBefore(history, answer.read, read)) continue;
      const question = knownBefore(knowledge.get(session) ?? [], cell(history.invokeIndex, answer.write));
      if (question === null) continue;
      isJudged = true;
      if (shownUntil >= cell(history.invokeIndex, question.write)) continue;
      this.anomalies.push(this.#name(read, answer, question, authors));
      break;
    }
    if (isJudged) this.judged += 1;
  }

  #name(read: number, answer: Answer, question: Known, authors: Authors): Anomaly {
    const history = this.#history;
    const older = authors.lastAuthorOf(cell(history.result, read), cell(history.completeIndex, read));
    const says =
      `${describeOperation(history, answer.read)}, and then ${describeOperation(history, read)}, but what it answers ` +
      `was there first: in one session ${describeOperation(history, question.by)}, and then ` +
      `${describeOperation(history, answer.write)}`;
    const rows = [read, answer.read, answer.write, question.by, question.write];
    return anomalyOf(history, "prefix violation", older === null ? rows : [...rows, older], says);
  }
}
