import type { Budget, Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { valueText } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import type { SearchOutcome } from "../search/problem.ts";
import { searchRegister } from "../search/search.ts";
import {
  answeredOf,
  combineVerdicts,
  keyPath,
  tasksByKey,
  unfitForRegister,
  verdictOf,
} from "../verdicts.ts";
import { nameViolation } from "./classify.ts";
import { deleteAnomaliesAt } from "./deletes.ts";
import type { IsIllegal } from "./fewest.ts";
import { fewestOperations } from "./fewest.ts";
import { inversionsAt, nameInversion } from "./inversions.ts";
import type { KeyProblem } from "./key-problem.ts";
import { partOfProblem, problemOfKey } from "./key-problem.ts";
import { gatherLevels } from "./levels.ts";
import { lostWritesAt } from "./lost-write.ts";
import { nameStaleRead, RegularSweep } from "./regular.ts";
import { plainlyLinearizable } from "./screen.ts";
import { authorsAt } from "./sources.ts";
import { nameUnwrittenReads } from "./unwritten-reads.ts";
import type { ZoneReport } from "./zones.ts";
import { checkZones } from "./zones.ts";

/** Steps of one search for fewer operations. Chosen: an undecided one only keeps what is not needed. */
const stepsPerTrial = 20_000;

/**
 * Linearizability of registers with reads, writes, deletes and compare-and-sets. The zones decide it at any
 * size, unless a compare-and-set was refused or several values that somebody saw were written more than once: then
 * they may still find what is wrong, and a search within the budget decides the rest.
 */
export const linearizability: Checker = {
  name: "linearizability",
  assumes: ["null is never written", "a cas refused without an error met another value than it expected"],
  tasks: tasksByKey,
  run: runLinearizability,
  combine: combineLinearizability,
};

function runLinearizability(history: History, { key }: CheckTask, budget: Budget): Verdict {
  const unfit = unfitForRegister(history, key);
  if (unfit !== null) return unfit;
  const fine = verdictOf([], answeredOf(history, key));
  if (plainlyLinearizable(history)[key] === 1) return fine;
  const problem = problemOfKey(history, key);
  const judged: JudgedKey = { history, key, problem, budget };
  const levels = gatherLevels(problem);
  if (levels.gap !== null && isSoonOrdered(judged)) return fine;
  const report = checkZones(problem, levels);
  if (report.answer === "linearizable") return fine;
  return report.answer === "illegal" ? nameZones(judged, report) : searchKey(judged, report);
}

/**
 * Whether the search finds an order in about a step an operation. Asked first where zones can only find what is
 * wrong: measured, most keys of a correct register need fewer, and the rest of the zones takes a tenth of the time.
 */
function isSoonOrdered({ problem, budget }: JudgedKey): boolean {
  const steps = Math.min(budget.steps, problem.length);
  return searchRegister(problem, { ...budget, steps }).answer === "linearizable";
}

/** Each thing once: two chains may clash where two compare-and-sets won. */
function distinct(anomalies: readonly Anomaly[]): Anomaly[] {
  const named = new Map(anomalies.map((anomaly) => [`${anomaly.kind} ${anomaly.evidence.join()}`, anomaly]));
  return [...named.values()];
}

interface JudgedKey {
  readonly history: History;
  readonly key: number;
  readonly problem: KeyProblem;
  readonly budget: Budget;
}

/** Names what the zones found. */
function nameZones(judged: JudgedKey, { clashes, unwritten, unexplained }: ZoneReport): Verdict {
  const { history, key, problem } = judged;
  if (unexplained >= 0)
    return nameStuck(judged, unexplained, (part) => checkZones(part).answer === "illegal");
  const authors = authorsAt(history, key);
  const found = clashes.map((operations) => nameViolation(history, rowsOf(problem, operations), authors));
  const reads = unwritten.map(
    ([operation, ...proof]) => [cell(problem.rows, operation), ...rowsOf(problem, proof)] as const,
  );
  return withLosses(judged, [...distinct(found), ...nameUnwrittenReads(history, key, reads)]);
}

/** Lets the search decide what the zones leave open. */
function searchKey(judged: JudgedKey, report: ZoneReport): Verdict {
  const { history, key, problem, budget } = judged;
  const outcome = searchRegister(problem, budget);
  if (outcome.answer === "linearizable") return verdictOf([], answeredOf(history, key));
  if (outcome.answer === "undecided") return undecided(judged, report, outcome);
  // The first of those that could not come next in the longest order: the one that is due.
  const [stuck = 0] = outcome.partials.flatMap(({ refused }) => Array.from(refused));
  return nameStuck(judged, stuck, (part) => {
    const { answer } = checkZones(part);
    if (answer !== "open") return answer === "illegal";
    return searchRegister(part, { ...budget, steps: stepsPerTrial }).answer === "illegal";
  });
}

/**
 * Names what is wrong around an operation that no order explains: all stale reads and all reads of what nobody had
 * begun to write, if there are any, else all old values after newer ones, else the fewest operations that can be found.
 */
function nameStuck(judged: JudgedKey, stuck: number, isIllegal: IsIllegal): Verdict {
  const { history, key, problem } = judged;
  const { stale, unwritten } = new RegularSweep(history, key);
  const irregular = stale.map((found) => nameStaleRead(history, found));
  const reads = [...irregular, ...nameUnwrittenReads(history, key, unwritten)];
  if (reads.length > 0) return withLosses(judged, reads);
  const inverted = inversionsAt(history, key).map((found) => nameInversion(history, found));
  if (inverted.length > 0) return withLosses(judged, inverted);
  const fewest = fewestOperations(problem, stuck, isIllegal);
  const anomaly = nameViolation(history, rowsOf(problem, fewest), authorsAt(history, key));
  return withLosses(judged, [{ ...anomaly, ...ordersOf(judged, fewest) }]);
}

/** How far orders of these operations get: the search gives no more than a picture shows. */
function ordersOf(
  { history, problem, budget }: JudgedKey,
  operations: readonly number[],
): Pick<Anomaly, "partialOrders"> {
  const part = partOfProblem(problem, operations);
  const outcome = searchRegister(part, { ...budget, steps: stepsPerTrial });
  if (outcome.answer === "linearizable" || outcome.partials.length === 0) return {};
  const indices = (places: Int32Array): number[] =>
    Array.from(places, (place) => cell(history.invokeIndex, cell(part.rows, place)));
  return {
    partialOrders: outcome.partials.map(({ order, refused }) => ({
      order: indices(order),
      refused: indices(refused),
    })),
  };
}

function undecided(
  { history, key, problem, budget }: JudgedKey,
  report: ZoneReport,
  { from, to, spent }: Extract<SearchOutcome, { readonly answer: "undecided" }>,
): Verdict {
  const { keyspace, key: name } = history.keys[key] ?? { keyspace: "", key: "" };
  const indexOf = (operation: number): number => cell(history.invokeIndex, cell(problem.rows, operation));
  const operations = to - from + 1;
  const limit = spent === "steps" ? `${budget.steps} steps` : `${budget.bytes} bytes`;
  return {
    word: "unknown",
    because:
      `${keyPath(history, key)} must be searched, because ${whySearched(history, problem, report)}, and the search ` +
      `used up its ${limit} with ${operations} of ${problem.length} operations left to decide`,
    undecided: [{ keyspace, key: name, from: indexOf(from), to: indexOf(to), operations }],
  };
}

function whySearched(history: History, { valueIds }: KeyProblem, { gap, common }: ZoneReport): string {
  if (gap === "refusal") return "compare-and-sets were refused";
  const value = common === 0 ? "nothing" : valueText(history.values[cell(valueIds, common)] ?? null);
  return gap === "repeats"
    ? `${value} is not the only value that was left more than once`
    : `${value} was left more than once and compare-and-set meets it`;
}

/** Adds what more can be said of a key that is known to be wrong: what it has lost for good. */
function withLosses({ history, key }: JudgedKey, anomalies: readonly Anomaly[]): Verdict {
  return verdictOf([...anomalies, ...lostWritesAt(history, key), ...deleteAnomaliesAt(history, key)], 0);
}

function rowsOf({ rows }: KeyProblem, operations: readonly number[]): number[] {
  return operations.map((operation) => cell(rows, operation));
}

/** Says how many keys are fine where others are undecided. */
function combineLinearizability(partials: readonly Verdict[]): Verdict {
  const verdict = combineVerdicts(partials);
  const fine = partials.filter(({ word }) => word === "valid").length;
  if (verdict.word !== "unknown" || fine === 0) return verdict;
  const others = fine === 1 ? "one other key is" : `${fine} other keys are`;
  return { ...verdict, because: `${verdict.because}; ${others} linearizable` };
}
