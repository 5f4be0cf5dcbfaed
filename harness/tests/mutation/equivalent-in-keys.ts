import { alike } from "./alike.ts";
import type { EquivalentMutant } from "./mutation-tally.ts";

const oneIndex = "no two events, and no event and mark, have the same index";
const pastTheEnd = "past the end of a typed array there is nothing to read, and what is written is ignored";
const onlyTime = "the result is the same: only time or memory differs";
const openEnds = "two operations have the same end only where neither has one, and then neither is asked for";

/** Changes to what the checkers of single keys share that no test can notice. */
const equivalentInShared: readonly EquivalentMutant[] = [
  ...alike("checkers/counts.ts", "EqualityOperator", oneIndex, [
    "cell(latestEnd, begun) >= cell(history.invokeIndex, row)",
  ]),
  ...alike("checkers/final-state.ts", "EqualityOperator", oneIndex, [
    "cell(history.invokeIndex, row) >= rest",
  ]),
  ...alike("checkers/history-sanity.ts", "EqualityOperator", oneIndex, [
    "cell(history.endIndex, before) >= call",
  ]),
  ...alike("checkers/key-events.ts", "EqualityOperator", onlyTime, ["this.#places <= 8 * count + 1_024"]),
  ...alike("checkers/key-events.ts", "ArithmeticOperator", onlyTime, ["8 / count", "8 * count - 1_024"]),
  ...alike("checkers/key-events.ts", "EqualityOperator", pastTheEnd, [
    "place <= byPlace.length",
    "next <= offsets.length",
    "row <= length",
  ]),
  ...alike("checkers/key-events.ts", "EqualityOperator", "places without an event were passed over", [
    "event >= 0",
  ]),
  ...alike("checkers/key-events.ts", "EqualityOperator", "compare-and-sets were answered before", [
    "kind >= Fn.cas",
  ]),
  ...alike("checkers/verdicts.ts", "EqualityOperator", "where all is equal the lengths decide", [
    "at <= Math.min(a.evidence.length, b.evidence.length)",
  ]),
];

/** Changes to the checkers of registers that no test can notice. */
const equivalentInRegister: readonly EquivalentMutant[] = [
  ...alike("checkers/register/chains.ts", "EqualityOperator", oneIndex, [
    "first <= last",
    "cell(lastCall, earlier) <= place",
  ]),
  ...alike("checkers/register/clashes.ts", "EqualityOperator", pastTheEnd, ["place <= marked.length"]),
  ...alike("checkers/register/clashes.ts", "EqualityOperator", oneIndex, [
    "first <= furthestEnd",
    "end < furthestEnd",
    "left.firstReturn <= right.lastCall",
    "right.firstReturn <= left.lastCall",
    "cell(call, operation) <= cell(ret, read)",
    "cell(call, operation) >= cell(ret, latest)",
    "cell(ret, operation) <= cell(call, read)",
    "cell(levels.firstReturn, level) <= lastCall",
    "cell(levels.lastCall, level) >= firstReturn",
  ]),
  ...alike(
    "checkers/register/clashes.ts",
    "EqualityOperator",
    "the initial chain stands at no place: a mark of 0 was passed over",
    ["mark >= 0", "other >= 0", "other >= 0"],
  ),
  ...alike("checkers/register/clashes.ts", "EqualityOperator", "of a level and itself either comes first", [
    "early.at <= late.at",
  ]),
  ...alike("checkers/register/linearizability.ts", "ConditionalExpression", onlyTime, [
    "false",
    "false",
    "true",
    "false",
  ]),
  ...alike("checkers/register/linearizability.ts", "EqualityOperator", onlyTime, ["levels.gap === null"]),
  ...alike("checkers/register/linearizability.ts", "BlockStatement", onlyTime, ["{}"]),
  ...alike("checkers/register/common-value.ts", "EqualityOperator", pastTheEnd, ["operation <= length"]),
  ...alike(
    "checkers/register/common-value.ts",
    "EqualityOperator",
    "the common value appears and goes where something ends, never where something begins",
    ["this.#lastShown < cell(this.#problem.call, read)", "place >= heldUntil", "first <= last"],
  ),
  ...alike("checkers/register/deletes.ts", "EqualityOperator", oneIndex, [
    "this.#endOf(anyDelete) <= began",
    "this.#endOf(found) <= began",
    "this.#endOf(gone) <= this.#finalIndex",
    "this.#finalIndex <= began",
  ]),
  ...alike("checkers/register/deletes.ts", "EqualityOperator", openEnds, [
    "this.#endOf(row) >= this.#endOf(known)",
  ]),
  ...alike(
    "checkers/register/deletes.ts",
    "EqualityOperator",
    "no delete that ended begins after the one that ended last",
    ["value < 0"],
  ),
  ...alike("checkers/register/due-queue.ts", "EqualityOperator", "equal places are due alike", [
    "above < due",
    "right <= left",
  ]),
  ...alike("checkers/register/failed-writes.ts", "EqualityOperator", oneIndex, [
    "cell(history.invokeIndex, read) >= cell(history.endIndex, write)",
  ]),
  ...alike("checkers/register/levels.ts", "EqualityOperator", pastTheEnd, ["operation <= length"]),
  ...alike("checkers/register/levels.ts", "EqualityOperator", oneIndex, [
    "ret <= cell(this.#firstReturn, level)",
    "call >= cell(this.#lastCall, level)",
    "cell(call, cell(this.#writer, level)) <= cell(ret, operation)",
  ]),
  ...alike("checkers/register/lost-write.ts", "EqualityOperator", oneIndex, [
    "cell(this.#history.completeIndex, row) >= lastBegun",
    "(this.#shownUntil[first] ?? -1) <= call",
    "dumpedUntil <= call",
  ]),
  ...alike("checkers/register/lost-write.ts", "EqualityOperator", openEnds, [
    "cell(history.completeIndex, row) >= cell(history.completeIndex, known)",
  ]),
  ...alike("checkers/register/regular.ts", "EqualityOperator", openEnds, [
    "this.#endOf(row) >= this.#endOf(known - 1)",
  ]),
  ...alike("checkers/register/regular.ts", "EqualityOperator", "a write ends once", [
    "this.#callOf(row) >= this.#callOf(this.#newest - 1)",
  ]),
  ...alike("checkers/register/screen.ts", "EqualityOperator", oneIndex, [
    "cell(writeCall, value) >= end",
    "cell(firstReturn, value) <= reach",
    "end >= reach",
  ]),
  ...alike("checkers/register/screen.ts", "EqualityOperator", pastTheEnd, [
    "row <= length",
    "place <= places",
  ]),
  ...alike(
    "checkers/register/screen.ts",
    "MethodExpression",
    "of two that clash the later one shows it, whichever of their ends puts them in order",
    ["Math.max(cell(firstReturn, value), cell(lastCall, value))"],
  ),
];

/** Changes to the checkers of single keys that no test can notice. */
export const equivalentInKeys: readonly EquivalentMutant[] = [...equivalentInShared, ...equivalentInRegister];
