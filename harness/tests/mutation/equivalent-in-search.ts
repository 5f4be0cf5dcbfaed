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
  ...alike(
    "checkers/search/patient-search.ts",
    "EqualityOperator",
    "a window never begins with the first operation",
    ["proof.from > 0"],
  ),
  ...alike(
    "checkers/search/patient-search.ts",
    "ConditionalExpression",
    "an order that explains all answers is said as it is, whatever else was looked for",
    ["false"],
  ),
  ...alike(
    "checkers/search/searcher.ts",
    "ConditionalExpression",
    "another view of the same memory shows the same",
    ["true"],
  ),
  ...alike(
    "checkers/search/searcher.ts",
    "ArrowFunction",
    "no engine asks for a step before a model was begun",
    ["() => undefined"],
  ),
  ...alike(
    "checkers/search/searcher.ts",
    "UnaryOperator",
    "no engine asks for a step before a model was begun",
    ["+1"],
  ),
  ...alike("checkers/register/lost-update.ts", "EqualityOperator", onePlace, [
    "cell(this.#history.invokeIndex, this.#newest) >= replacedSince",
  ]),
  ...alike("checkers/register/lost-update.ts", "EqualityOperator", "no operation ends twice", [
    "~event >= this.#newest",
  ]),
  ...alike(
    "checkers/wasm/search-instance.ts",
    "EqualityOperator",
    "a write past the end of a typed array is ignored",
    ["place <= text.length"],
  ),
];
