import { alike } from "./alike.ts";
import type { EquivalentMutant } from "./mutation-tally.ts";

const oneIndex = "no two events, and no event and mark, have the same index";

/** Changes to the checkers of siblings, sets and carts that no test can notice. */
export const equivalentInDataTypes: readonly EquivalentMutant[] = [
  ...alike(
    "checkers/data-types/counter-sweep.ts",
    "ConditionalExpression",
    "where no bound is strict, the sums have no places, and a write past the end of a typed array is ignored",
    ["true"],
  ),
  ...alike("checkers/data-types/items-back-again.ts", "EqualityOperator", oneIndex, [
    "cell(history.invokeIndex, row) <= rest",
    "cell(history.invokeIndex, read) >= from",
    "this.#endOf(b) <= this.#endOf(a)",
    "cell(completeIndex, later) <= cell(completeIndex, this.#firstToEnd[at] ?? 0)",
  ]),
  ...alike(
    "checkers/data-types/items-back-again.ts",
    "EqualityOperator",
    "a read that does not show an item is another one than the read that does",
    ["gone <= place"],
  ),
  ...alike(
    "checkers/data-types/items-back-again.ts",
    "AssignmentOperator",
    "each read that shows the item asks in turn, and the loop before makes up for it",
    ["this.#next -= 1"],
  ),
  ...alike("checkers/data-types/items-back-again.ts", "ArrayDeclaration", "no place is before a text", [
    '["Stryker was here"]',
  ]),
  ...alike("checkers/data-types/observed-set.ts", "EqualityOperator", oneIndex, [
    "cell(invokeIndex, add) > this.#mayReach",
    "cell(this.#history.completeIndex, add) <= (this.#removal?.observedFrom ?? 0)",
  ]),
  ...alike(
    "checkers/data-types/observed-set.ts",
    "OptionalChaining",
    "where adds are gone for sure there is a removal",
    ["this.#removal.row"],
  ),
  ...alike(
    "checkers/data-types/observed-set.ts",
    "ConditionalExpression",
    "without a removal, more than may be left is more than were added",
    ["false"],
  ),
  ...alike("checkers/data-types/set-items.ts", "EqualityOperator", oneIndex, [
    "cell(history.invokeIndex, row) > before",
  ]),
  ...alike("checkers/data-types/set-stories.ts", "ConditionalExpression", "only the time differs", ["true"]),
  ...alike(
    "checkers/data-types/set-stories.ts",
    "EqualityOperator",
    `${oneIndex}; a read that shows an element twice is the same read`,
    [
      "end <= cell(completeIndex, story.firstShown)",
      "end >= cell(completeIndex, story.lastShown)",
      "end > story.knownSince",
      "story.knownSince <= call",
    ],
  ),
  ...alike("checkers/data-types/set.ts", "ArrayDeclaration", "what is no number is sorted behind all lags", [
    '["Stryker was here"]',
  ]),
  ...alike("checkers/data-types/set.ts", "EqualityOperator", oneIndex, [
    "cell(history.invokeIndex, add) <= cell(history.completeIndex, firstShown)",
    "cell(history.completeIndex, lastShown) <= cell(history.invokeIndex, lastMissed)",
  ]),
  ...alike(
    "checkers/data-types/set.ts",
    "EqualityOperator",
    "the first operation began before any read ended, and before anything was known",
    ["add > 0", "add <= 0", "lastMissed <= 0"],
  ),
  ...alike("checkers/data-types/siblings.ts", "EqualityOperator", oneIndex, [
    "cell(invokeIndex, row) <= this.#blindUntil",
    "cell(this.#history.completeIndex, row) <= this.#rest",
  ]),
];
