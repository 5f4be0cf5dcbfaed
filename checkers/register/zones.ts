import { cell } from "../../harness/history/cell.ts";
import type { Chains } from "./chains.ts";
import { gatherChains } from "./chains.ts";
import { findClashes, linksBetween, operationsOfClash, proofOf } from "./clashes.ts";
import { findUnexplainedRead } from "./common-value.ts";
import type { KeyProblem } from "./key-problem.ts";
import { partOfProblem } from "./key-problem.ts";
import type { Gap, Levels } from "./levels.ts";
import { gatherLevels, none } from "./levels.ts";

/** Most operations of a clash that is known to need them all: three are of one level, at least one of the other. */
const mostOfOneLevel = 3;

/** What the zone check found at one key. Operations are those of the problem. */
export interface ZoneReport {
  /**
   * `open`: nothing is wrong as far as the zones see, but they do not see everything; `gap` says why.
   */
  readonly answer: "linearizable" | "illegal" | "open";
  readonly gap: Gap | null;
  /** The value that several operations may have left and that somebody needs, or −1. */
  readonly common: number;
  /**
   * Operations that need a value which nobody had begun to write when they ended, each with those that show that
   * it happened.
   */
  readonly unwritten: readonly (readonly [operation: number, ...proof: number[]])[];
  /**
   * Operations, ascending, that are not linearizable even by themselves: of chains that exclude each other, or
   * of one that is at odds with itself. Every clash proves itself, but not every clash is listed.
   */
  readonly clashes: readonly (readonly number[])[];
  /** A read of the common value that nothing explains, or −1. */
  readonly unexplained: number;
}

/**
 * Judges the linearizability of a register from the zones of its values: P. Gibbons, E. Korach, "Testing Shared
 * Memories", SIAM J. Comput. 26(4), 1997, taken further to compare-and-sets and to one repeated value.
 *
 * Where no needed value was left twice, nothing can take effect between the operations of a chain (see `Chains`):
 * its value would have to come back. So an order of the key's operations is an order of its chains, each of which
 * has its inner order: level after level, the writer first. That inner order respects real time exactly when no
 * operation ended before one of an earlier level, or the writer of its own, began. Between chains, A must come
 * before B exactly when something of A ended before something of B began: with f the least completion and s the
 * greatest invocation of a chain, when f(A) < s(B). An order exists when these demands have no circle. Take a
 * circle, in it the chain A with the least f, and let P come before A and Q before P: f(A) ≤ f(Q) < s(P), so A
 * must come before P too. So a circle holds two chains that must each come before the other: a *clash*.
 *
 * Operations of unknown outcome happened where something that did needs their value. The others can be left out
 * of any order that has them, as nobody needs what they leave; that is not so where a refused compare-and-set may
 * have met it. Then, and where several needed values were left twice, what is found is still wrong, since all
 * of the above holds of the operations with values of their own, but finding nothing proves nothing.
 */
export function checkZones(problem: KeyProblem, levels: Levels = gatherLevels(problem)): ZoneReport {
  const chains = gatherChains(levels);
  const { gap, common } = levels;
  const unwritten = levels.unwritten.map(
    ([operation, level]) => [operation, ...proofOf(problem, levels, level)] as const,
  );
  const found = [...withinChains(problem, levels, chains), ...betweenChains(problem, levels, chains)];
  // Of a repeated value, a part could be illegal only because what explained it is left out.
  const clashes = common === none ? found.map((operations) => fewer(problem, operations)) : found;
  const report = { gap, common, unwritten, clashes, unexplained: none };
  if (unwritten.length + clashes.length > 0) return { answer: "illegal", ...report };
  if (gap !== null) return { answer: "open", ...report };
  if (common === none) return { answer: "linearizable", ...report };
  const unexplained = findUnexplainedRead(problem, levels, chains);
  return { ...report, answer: unexplained === none ? "linearizable" : "illegal", unexplained };
}

/** Takes away what a clash of several levels does not need. */
function fewer(problem: KeyProblem, operations: readonly number[]): readonly number[] {
  if (operations.length <= mostOfOneLevel) return operations;
  return operations.reduce((kept, operation) => {
    const left = kept.filter((other) => other !== operation);
    const isNeeded = left.some((other) => problem.needs[other] === problem.leaves[operation]);
    return !isNeeded && isClash(partOfProblem(problem, left)) ? left : kept;
  }, operations);
}

function isClash(problem: KeyProblem): boolean {
  const levels = gatherLevels(problem);
  const chains = gatherChains(levels);
  const within = levels.rivals.length + chains.disorders.length + chains.circles.length;
  return within + findClashes(problem, levels, chains).length > 0;
}

function betweenChains(problem: KeyProblem, levels: Levels, chains: Chains): (readonly number[])[] {
  return findClashes(problem, levels, chains).map((clash) =>
    operationsOfClash(problem, levels, chains, clash),
  );
}

/** Compare-and-sets that found the same value, levels out of order, and circles. */
function withinChains(problem: KeyProblem, levels: Levels, chains: Chains): number[][] {
  const { writer } = levels;
  return [
    ...levels.rivals.map((pair) => operationsOfRivals(problem, levels, pair)),
    ...chains.disorders.map(([earlier, later]) => operationsOfDisorder(problem, levels, earlier, later)),
    ...chains.circles.map((circle) => ascending(circle.map((level) => cell(writer, level)))),
  ];
}

function operationsOfRivals(
  problem: KeyProblem,
  levels: Levels,
  [first, second]: readonly [number, number],
): number[] {
  const { levelOf, writer } = levels;
  const found = cell(levelOf, cell(problem.needs, cell(writer, first)));
  const base = found > 0 ? [cell(writer, found)] : [];
  const pair = [first, second].flatMap((level) => linksBetween(problem, levels, level, level));
  return ascending([...base, ...pair]);
}

function operationsOfDisorder(problem: KeyProblem, levels: Levels, earlier: number, later: number): number[] {
  const { events } = problem;
  const late = cell(events, cell(levels.lastCall, earlier));
  const early = ~cell(events, cell(levels.firstReturn, later));
  return ascending([...linksBetween(problem, levels, earlier, later), late, early]);
}

function ascending(operations: readonly number[]): number[] {
  return [...new Set(operations)].sort((a, b) => a - b);
}
