import { ampleBudget } from "../../harness/contracts/checker.ts";
import type { History } from "../../harness/history/history.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import { problemOfKey } from "../register/key-problem.ts";
import { linearizability } from "../register/linearizability.ts";
import { regular } from "../register/regular.ts";
import { plainlyLinearizable } from "../register/screen.ts";
import { checkZones } from "../register/zones.ts";
import type { SearchOutcome } from "../search/problem.ts";
import type { Searches } from "../search/search.ts";
import { searchModel, searchRegister } from "../search/search.ts";
import { hasOrder, isRegularSmall } from "./every-order.test-support.ts";
import type { SmallOperation } from "./small-histories.test-support.ts";
import { historyOfSmall, writtenOut } from "./small-histories.test-support.ts";
import type { SmallProblem } from "./small-problems.test-support.ts";
import { isExplanation, modelProblemOf, problemOfSmall } from "./small-problems.test-support.ts";

/** How many histories each judge gave an answer to, all of them right. */
export interface Tally {
  histories: number;
  /** Those that really have no order. */
  illegal: number;
  search: number;
  /** The search again, with the register as a model like any other. */
  model: number;
  /** What the quick look at whole histories lets pass. */
  screen: number;
  zones: number;
  linearizability: number;
  regular: number;
}

/** A judge that said something else, with the history. */
export class Disagreement extends Error {}

/** A tally of nothing. */
export function freshTally(): Tally {
  return {
    histories: 0,
    illegal: 0,
    search: 0,
    model: 0,
    screen: 0,
    zones: 0,
    linearizability: 0,
    regular: 0,
  };
}

/** Histories that are judged together, as keys of one. Chosen: most of the cost of a history is spread out. */
const batch = 1_024;

/** Holds the product's judges against brute force, many small histories at a time. */
export class SmallJudges {
  readonly tally: Tally = freshTally();
  readonly #waiting: (readonly SmallOperation[])[] = [];

  add(operations: readonly SmallOperation[]): void {
    if (this.#waiting.push(operations) >= batch) this.finish();
  }

  /** @throws Disagreement */
  finish(): void {
    judgeSmall(this.#waiting, this.#waiting.map(hasOrder), this.tally);
    this.#waiting.length = 0;
  }
}

/**
 * Asks each of the product's judges about each history, which must say what is known of it.
 *
 * @throws Disagreement
 */
export function judgeSmall(
  histories: readonly (readonly SmallOperation[])[],
  known: readonly boolean[],
  tally: Tally,
): void {
  const history = historyOfSmall(histories);
  const screened = plainlyLinearizable(history);
  for (const [key, operations] of histories.entries()) {
    const isLegal = known[key] === true;
    tally.histories += 1;
    if (!isLegal) tally.illegal += 1;
    searchSmall({ searchRegister, searchModel }, operations, isLegal);
    tally.search += 1;
    tally.model += 1;
    const agree = (judge: keyof Tally, said: boolean | null, truth: boolean): void => {
      // Not to judge what is wrong is only right where the judge says that such histories are not its business.
      if (said === null && (truth || judge !== "linearizability")) return;
      tally[judge] += 1;
      if (said !== truth) throw new Disagreement(disagreement(judge, said, operations));
    };
    agree("screen", screened[key] === 1 ? true : null, isLegal);
    agree("zones", zonesSay(history, key), isLegal);
    agree("linearizability", saidBy(linearizability.run(history, { key }, ampleBudget)), isLegal);
    agree("regular", saidBy(regular.run(history, { key }, ampleBudget)), isRegularSmall(operations));
  }
}

/**
 * Asks a search, given by its engine, about a history of which it is known whether it has an order; where it
 * finds one, looks whether that explains everything.
 *
 * @throws Disagreement
 */
export function searchSmall(
  { searchRegister: register, searchModel: model }: Searches,
  operations: readonly SmallOperation[],
  isLegal: boolean,
): void {
  const problem = problemOfSmall(operations);
  const outcomes: [string, SearchOutcome][] = [
    ["search", register(problem, ampleBudget)],
    ["search of a model", model(modelProblemOf(problem), ampleBudget)],
  ];
  for (const [judge, outcome] of outcomes) {
    const said = answerOf(problem, outcome);
    if (said !== isLegal) throw new Disagreement(disagreement(judge, said, operations));
  }
}

/** Null for an answer that proves nothing. */
function answerOf(problem: SmallProblem, outcome: SearchOutcome): boolean | null {
  if (outcome.answer === "linearizable") return isExplanation(problem, outcome.order) ? true : null;
  return outcome.answer === "illegal" ? false : null;
}

function disagreement(judge: string, saidYes: boolean | null, operations: readonly SmallOperation[]): string {
  const said = saidYes === null ? "nothing that holds" : saidYes ? "valid" : "invalid";
  const truth = hasOrder(operations) ? "linearizable" : "not linearizable";
  const regularity = isRegularSmall(operations) ? "regular" : "not regular";
  return `${judge} says ${said}, but this is ${truth} and ${regularity}:\n${writtenOut(operations)}`;
}

/** Null where nothing was judged. */
function saidBy(verdict: Verdict): boolean | null {
  if (verdict.word === "unknown") throw new Disagreement(`undecided: ${verdict.because}`);
  return verdict.word === "notChecked" ? null : verdict.word === "valid";
}

/** Null where the zones leave it to the search. */
function zonesSay(history: History, key: number): boolean | null {
  const { answer } = checkZones(problemOfKey(history, key));
  return answer === "open" ? null : answer === "linearizable";
}
