import { alike } from "./alike.ts";
import type { EquivalentMutant } from "./mutation-tally.ts";

const oneIndex = "no two events, and no event and mark, have the same index";
const fewer = "both ways go through all sessions that are in both: only the time differs";

/** Changes to the checkers of sessions that no test can notice. */
export const equivalentInSessions: readonly EquivalentMutant[] = [
  ...alike("checkers/sessions/knowledge.ts", "EqualityOperator", oneIndex, [
    "(known[middle]?.since ?? 0) <= before",
  ]),
  ...alike("checkers/sessions/knowledge.ts", "OptionalChaining", "the place is within the list", [
    "known[middle].since",
  ]),
  ...alike("checkers/sessions/monotonic-reads.ts", "EqualityOperator", oneIndex, [
    "this.#authors.endOf(value, end) > cell(history.invokeIndex, newest)",
  ]),
  ...alike("checkers/sessions/prefix.ts", "EqualityOperator", oneIndex, [
    "shownUntil > cell(history.invokeIndex, question.write)",
  ]),
  ...alike("checkers/sessions/prefix.ts", "EqualityOperator", fewer, [
    "knowledge.size >= answers.size",
    "knowledge.size <= answers.size",
  ]),
  ...alike("checkers/sessions/prefix.ts", "ConditionalExpression", fewer, ["true"]),
  ...alike(
    "checkers/sessions/prefix.ts",
    "ConditionalExpression",
    "both ways go through all sessions that are in both; an answer that nobody is known to have written is before all that was known",
    ["false"],
  ),
  ...alike("checkers/sessions/read-your-writes.ts", "EqualityOperator", oneIndex, [
    "this.#authors.endOf(value, end) > cell(history.invokeIndex, own)",
  ]),
  ...alike("checkers/sessions/session-writes.ts", "EqualityOperator", oneIndex, [
    "authors.endOf(0, never) <= cell(history.invokeIndex, row)",
    "(history.completeIndex[row] ?? never) <= atRest",
    "cell(completeIndex, row) <= cell(completeIndex, known)",
  ]),
  ...alike("checkers/sessions/session.ts", "EqualityOperator", oneIndex, [
    "(history.completeIndex[first] ?? never) <= cell(history.invokeIndex, second)",
  ]),
];
