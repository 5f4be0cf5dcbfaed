import type { Budget, Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { functionName } from "../../harness/history/lines.ts";
import type { PartialOrder, UndecidedWindow, Verdict } from "../../harness/history/verdict.ts";
import type { SearchOutcome, SearchPartial } from "../search/problem.ts";
import { searchModel } from "../search/search.ts";
import { anomalyOf, combineVerdicts, verdictOf } from "../verdicts.ts";
import { ModelStop } from "./automaton.ts";
import { describeCall } from "./describe-call.ts";
import type { SearchModel } from "./evidence.ts";
import { fewestIllegal } from "./evidence.ts";
import type { Model } from "./model.ts";
import { objectName, objectRows, objectsOf } from "./model-rows.ts";
import type { ObjectOperation } from "./object-problem.ts";
import { ObjectOperations } from "./object-problem.ts";

/** Most operations that a sentence tells one by one. Chosen: more than that nobody follows. */
const mostTold = 12;

/**
 * Judges histories of any object: some order of its operations must explain all answers, each within its span.
 *
 * @param search Another one, to hold it against the one that is used.
 */
export function modelLinearizability<State>(model: Model<State>, search: SearchModel = searchModel): Checker {
  const plain = model as Model;
  return {
    name: `${model.name}-linearizability`,
    assumes: [
      `at first a ${model.name} is as its model says`,
      "an operation of unknown outcome takes effect at most once, at any time after it began",
    ],
    tasks: (history) => objectsOf(history, plain),
    run: (history, task, budget) => judgeObject({ history, model: plain, search, budget }, task),
    combine: combineVerdicts,
  };
}

/** What all steps of judging one object need. */
interface Judging {
  readonly history: History;
  readonly model: Model;
  readonly search: SearchModel;
  readonly budget: Budget;
}

function judgeObject(judging: Judging, { key }: CheckTask): Verdict {
  const { history, model } = judging;
  const rows = objectRows(history, model, key);
  const name = objectName(history, model, key);
  const odd = rows.find((row) => model.functions?.includes(functionName(history, row)) === false);
  if (odd !== undefined) {
    const because = `${name} is no ${model.name}: it has ${functionName(history, odd)} operations`;
    return { word: "notChecked", because };
  }
  try {
    return searchObject(judging, rows, name);
  } catch (error) {
    if (error instanceof ModelStop) return stopped(judging, error, rows, name);
    throw error;
  }
}

function searchObject(judging: Judging, rows: readonly number[], name: string): Verdict {
  const { history, model, search, budget } = judging;
  const whole = new ObjectOperations(history, model, rows, budget.bytes);
  if (whole.answered === 0) return { word: "notChecked", because: `no operation on ${name} was answered` };
  const outcome = search(whole.problem(whole.operations), budget);
  if (outcome.answer === "linearizable") return verdictOf([], whole.answered);
  if (outcome.answer === "illegal") return illegal(judging, whole, outcome.partials, name);
  return undecided(judging, whole.operations, outcome, name);
}

function illegal(
  { history, search, budget }: Judging,
  whole: ObjectOperations,
  found: readonly SearchPartial[],
  name: string,
): Verdict {
  const { operations, partials } = fewestIllegal(whole, found, search, budget);
  const rows = operations.map(({ row }) => row);
  const says = explanation(history, operations, partials, name);
  const anomaly = anomalyOf(history, "not linearizable", rows, says);
  const partialOrders = partials.map((partial) => orderOf(history, operations, partial));
  return verdictOf([{ ...anomaly, partialOrders }], 0);
}

function explanation(
  history: History,
  operations: readonly ObjectOperation[],
  partials: readonly SearchPartial[],
  name: string,
): string {
  const rows = operations.map(({ row }) => row);
  const count = rows.length;
  if (count === 1) return `nothing explains this answer: ${told(history, rows)}`;
  if (count <= mostTold) {
    return `no order of these ${count} operations explains what they were answered: ${told(history, rows)}`;
  }
  const orders = `no order of ${count} operations on ${name} explains what they were answered`;
  return `${orders}: ${stuck(history, operations, partials)}`;
}

function told(history: History, rows: readonly number[]): string {
  return rows.map((row) => describeCall(history, row)).join("; ");
}

/** How far the longest order comes, where there are too many operations to tell. */
function stuck(
  history: History,
  operations: readonly ObjectOperation[],
  [longest]: readonly SearchPartial[],
): string {
  const refused = Array.from(longest?.refused ?? [], (at) => operations[at]?.row ?? 0).slice(0, mostTold);
  return `the longest has ${longest?.order.length ?? 0} of them, and stops at ${told(history, refused)}`;
}

function orderOf(
  { invokeIndex }: History,
  operations: readonly ObjectOperation[],
  { order, refused }: SearchPartial,
): PartialOrder {
  const index = (place: number): number => cell(invokeIndex, operations[place]?.row ?? 0);
  return { order: Array.from(order, index), refused: Array.from(refused, index) };
}

function undecided(
  { history, budget }: Judging,
  operations: readonly ObjectOperation[],
  { spent, from, to }: SearchOutcome & { answer: "undecided" },
  name: string,
): Verdict {
  const most = spent === "steps" ? `${budget.steps} steps` : `${budget.bytes} bytes`;
  const because = `the search of ${name} (${operations.length} operations) used up its budget of ${most}`;
  const rows = operations.slice(from, to + 1).map(({ row }) => row);
  return { word: "unknown", because, undecided: [windowOf(history, rows)] };
}

/** A model that fails, or has too many states, leaves the whole object undecided. */
function stopped(
  { history, budget }: Judging,
  { why, message }: ModelStop,
  rows: readonly number[],
  name: string,
): Verdict {
  const because =
    why === "fault"
      ? message
      : `the search of ${name} (${rows.length} operations) used up its budget of ${budget.bytes} bytes: ${message}`;
  return { word: "unknown", because, undecided: [windowOf(history, rows)] };
}

function windowOf(history: History, rows: readonly number[]): UndecidedWindow {
  const first = rows[0] ?? 0;
  const last = rows[rows.length - 1] ?? first;
  const { keyspace, key } = history.keys[cell(history.key, first)] ?? { keyspace: "", key: "" };
  return {
    keyspace,
    key,
    from: cell(history.invokeIndex, first),
    to: cell(history.invokeIndex, last),
    operations: rows.length,
  };
}
