import { alike } from "./alike.ts";
import type { EquivalentMutant } from "./mutation-tally.ts";

const onePlace = "no two events have the same place in the order of events";
const onlyFaster = "an order in which nothing was put in later comes out the same, only more slowly";

/** Changes to what surrounds the search that no test can notice. */
export const equivalentInSearch: readonly EquivalentMutant[] = [
  ...alike("checkers/search/order-of-log.ts", "BooleanLiteral", onlyFaster, ["false"]),
  ...alike("checkers/search/order-of-log.ts", "ConditionalExpression", onlyFaster, ["true"]),
  ...alike(
    "checkers/search/order-of-log.ts",
    "EqualityOperator",
    "a write past the end of a typed array is ignored",
    ["from <= end"],
  ),
  ...alike("checkers/search/window.ts", "EqualityOperator", onePlace, [
    "cell(call, row) <= end",
    "cell(ret, row) >= start",
  ]),
  ...alike("checkers/register/lost-update.ts", "EqualityOperator", onePlace, [
    "cell(this.#history.invokeIndex, this.#newest) >= replacedSince",
  ]),
  ...alike("checkers/register/lost-update.ts", "EqualityOperator", "no operation ends twice", [
    "~event >= this.#newest",
  ]),
];
