import { alike } from "./alike.ts";
import type { EquivalentMutant } from "./mutation-tally.ts";

const oneIndex = "no two events, and no event and mark, have the same index";
const wholeHistory = "the checker has one task, and judges the whole history whatever the task says";

/** Changes to the checkers of the world and of counters that no test can notice. */
export const equivalentInWorld: readonly EquivalentMutant[] = [
  ...alike(
    "checkers/data-types/counter-sweep.ts",
    "EqualityOperator",
    "adding 0 to either sum changes neither",
    ["amount >= 0"],
  ),
  ...alike("checkers/data-types/counter-sweep.ts", "EqualityOperator", oneIndex, [
    "cell(this.#history.completeIndex, row) >= this.#rule.rest",
    "cell(this.#history.invokeIndex, row) >= rest",
    "cell(this.#history.completeIndex, row) <= due",
  ]),
  ...alike(
    "checkers/data-types/counter-sweep.ts",
    "EqualityOperator",
    "a wrong value lies on neither bound",
    ["value <= least", "value >= 0"],
  ),
  ...alike(
    "checkers/data-types/counter.ts",
    "AssignmentOperator",
    "safe integers reach as far below 0 as above",
    ["total -= Math.abs(amountOf(history, row))"],
  ),
  ...["availability", "clocks", "convergence", "staleness"].flatMap((name) => [
    ...alike(`checkers/world/${name}.ts`, "ObjectLiteral", wholeHistory, ["{}"]),
    ...alike(`checkers/world/${name}.ts`, "UnaryOperator", wholeHistory, ["+1"]),
  ]),
  ...alike("checkers/world/availability-measures.ts", "EqualityOperator", oneIndex, [
    "(covered[next]?.until ?? never) <= cell(invokeIndex, row)",
    "(covered[next]?.from ?? never) <= cell(endIndex, row)",
    "lastEnd <= mend.index",
    "last.until <= window.strike.index",
  ]),
  ...alike(
    "checkers/world/availability-measures.ts",
    "EqualityOperator",
    "no operation has the row after the last",
    ["row <= length"],
  ),
  ...alike("checkers/world/convergence.ts", "EqualityOperator", oneIndex, [
    "mark.index >= index",
    "cell(history.completeIndex, row) <= index",
  ]),
  ...alike("checkers/world/convergence.ts", "EqualityOperator", "no operation has the row after the last", [
    "row <= history.length",
  ]),
  ...alike(
    "checkers/world/divergence.ts",
    "EqualityOperator",
    "where as many nodes as replicas were dumped, all are compared",
    ["held.length >= n", "replicas.length <= n"],
  ),
  ...alike(
    "checkers/world/divergence.ts",
    "EqualityOperator",
    "no replica shows the nothing that a delete leaves",
    ["value >= 0"],
  ),
  ...alike(
    "checkers/world/dumps.ts",
    "EqualityOperator",
    "names are unique, and equal values have one text",
    ["a <= b", "a.node <= b.node", "canonicalText(a) <= canonicalText(b)"],
  ),
  ...alike("checkers/world/outages.ts", "EqualityOperator", oneIndex, ["mend.index >= rested"]),
  ...alike("checkers/world/outages.ts", "AssignmentOperator", "only whether it is 0 is asked", [
    "this.#others -= by",
  ]),
  ...alike(
    "checkers/world/outages.ts",
    "ArithmeticOperator",
    "pairs of ids still have numbers of their own",
    [
      "(node + 1) * (this.#history.sites.length + 1) + site - 1",
      "(node + 1) * (this.#history.sites.length + 1) - site",
      "node - 1",
    ],
  ),
  ...alike("checkers/world/staleness-sweep.ts", "EqualityOperator", oneIndex, [
    "cell(this.#history.invokeIndex, writer) >= cell(this.#history.completeIndex, read)",
  ]),
  ...alike(
    "checkers/world/staleness-sweep.ts",
    "EqualityOperator",
    "a write past the end of a typed array is ignored",
    ["at <= this.#sums.length"],
  ),
  ...alike("checkers/world/strict-quorums.ts", "OptionalChaining", "each operation has a key", [
    "key.keyspace",
  ]),
  ...alike("checkers/world/strict-quorums.ts", "StringLiteral", "each operation has a key", [
    '"Stryker was here!"',
  ]),
  ...alike(
    "checkers/world/strict-quorums.ts",
    "ConditionalExpression",
    "no quorum is less than none, and none is not more than none",
    ["false"],
  ),
];
