import { check } from "../../harness/contracts/checker.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import type { SearchOutcome } from "../search/problem.ts";
import type { Call } from "./calls.test-support.ts";
import { callsOf } from "./calls.test-support.ts";
import { queueLinearizability } from "./queue-linearizability.ts";

/** A search that answers only that it has been asked. */
export const asked: SearchOutcome = {
  answer: "undecided",
  spent: "steps",
  from: 0,
  to: 0,
  partials: [],
  steps: 0,
  peakBytes: 0,
};

/** What is said of a queue without any search; `search` where it is left to one. */
export function judged(
  calls: readonly Call[],
  order: "first in, first out" | "any" = "first in, first out",
): Verdict | "search" {
  const verdict = check(
    queueLinearizability(order, () => asked),
    callsOf(calls),
  );
  return verdict.word === "unknown" ? "search" : verdict;
}

/** The anomalies of a queue without any search, as kind, sentence and evidence. */
export function found(calls: readonly Call[], order?: "any"): unknown {
  const verdict = judged(calls, order);
  if (verdict === "search" || verdict.word !== "invalid") return verdict;
  return verdict.anomalies.map(({ kind, says, evidence }: Anomaly) => [kind, says, evidence]);
}

/** An enqueue. */
export const put = (value: number, from: number, to: number | null, rest: Partial<Call> = {}): Call => ({
  f: "enqueue",
  value,
  from,
  to,
  ...rest,
});
/** A dequeue. Null: it found nothing. Without an end: it would have, had it been answered. */
export const take = (
  result: number | null,
  from: number,
  to: number | null,
  rest: Partial<Call> = {},
): Call => ({
  f: "dequeue",
  result,
  from,
  to,
  ...rest,
});
