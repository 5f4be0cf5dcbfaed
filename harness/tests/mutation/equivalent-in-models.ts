import { alike } from "./alike.ts";
import type { EquivalentMutant } from "./mutation-tally.ts";

const oneIndex = "no two events have the same index";
const notThere = "what has no place among the events is never asked for";

/** Changes to the judges of models that no test can notice. */
export const equivalentInModels: readonly EquivalentMutant[] = [
  ...alike("checkers/models/nondeterministic.ts", "EqualityOperator", "each text is there once", ["a <= b"]),
  ...alike("checkers/models/queue-rules.ts", "EqualityOperator", oneIndex, [
    "cell(completeIndex, take) <= (invokeIndex[enqueue] ?? never)",
    "this.#endOf(next) <= this.#endOf(cell(this.#emptyFirstOver, at))",
    "by <= (this.#history.invokeIndex[this.#unheard[at] ?? -1] ?? never)",
  ]),
  ...alike(
    "checkers/models/queue-rules.ts",
    "EqualityOperator",
    "where the first is late, the rules were broken even if the earliest dequeue had taken it",
    ["late > 0"],
  ),
  ...alike("checkers/models/queue-rules.ts", "EqualityOperator", "the first stay overtakes none", [
    "overtaker <= 0",
  ]),
  ...alike("checkers/models/queue-stays.ts", "EqualityOperator", oneIndex, [
    "this.overAt(overtaker) <= cell(this.#takeBegan, stay)",
    "at <= to",
    "this.overAt(stay) <= this.overAt(first)",
    "cell(this.#takeBegan, stay) >= cell(this.#takeBegan, longest)",
  ]),
  ...alike("checkers/models/queue-stays.ts", "EqualityOperator", "no enqueue ended before the first began", [
    "stay > 0",
  ]),
  ...alike("checkers/models/queue-stays.ts", "ArithmeticOperator", "a write past the end is ignored", [
    "found.length + 1",
  ]),
  ...alike("checkers/models/queue-stays.ts", "ArrayDeclaration", notThere, ['["Stryker was here"]']),
  ...alike(
    "checkers/models/queue-violations.ts",
    "EqualityOperator",
    "the first operation is no enqueue that came too late",
    ["enqueue <= 0"],
  ),
];
