import { alike } from "./alike.ts";
import type { EquivalentMutant } from "./mutation-tally.ts";

const oneIndex = "no two events have the same index";

/** Changes to the names of violations that no test can notice. */
export const equivalentInNames: readonly EquivalentMutant[] = [
  ...alike("checkers/register/classify.ts", "EqualityOperator", oneIndex, [
    "cell(history.invokeIndex, row) <= cell(history.completeIndex, other)",
    "cell(history.completeIndex, first) <= cell(history.invokeIndex, second)",
    "cell(history.completeIndex, row) <= cell(history.completeIndex, first)",
    "cell(history.completeIndex, row) >= cell(history.completeIndex, last)",
  ]),
  ...alike(
    "checkers/register/classify.ts",
    "EqualityOperator",
    "a delete between two views of a value was named before, and nothing lies between two views of nothing",
    ["left >= 0"],
  ),
  ...alike(
    "checkers/register/inversions.ts",
    "ArrayDeclaration",
    "what is no read began at no index, which is before nothing",
    ['["Stryker was here"]'],
  ),
  ...alike(
    "checkers/register/inversions.ts",
    "ConditionalExpression",
    "nobody leaves the value of an operation that found none, so nothing replaced it",
    ["true"],
  ),
  ...alike("checkers/register/inversions.ts", "EqualityOperator", oneIndex, [
    "this.#authors.endOf(value, end) <= cell(invokeIndex, newer.read)",
  ]),
  ...alike(
    "checkers/register/sources.ts",
    "ArrayDeclaration",
    "a value stands for itself where nothing else does, and a circle is left one step later",
    ["[]"],
  ),
  ...alike(
    "checkers/register/sources.ts",
    "ConditionalExpression",
    "the argument of a write is what it leaves, which makes the smallest circle",
    ["true"],
  ),
];
