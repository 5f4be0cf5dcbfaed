import { cell } from "../../harness/history/cell.ts";
import { never } from "../../harness/history/history.ts";
import type { Chains } from "./chains.ts";
import type { KeyProblem } from "./key-problem.ts";
import type { Levels } from "./levels.ts";
import { mostListed, none, several } from "./levels.ts";

/**
 * A chain that must hold without a break, and what cannot be put before, within or after it: the head of another
 * chain, or the complement of a read of a value that several operations may have left.
 */
export type Clash = readonly [chain: number, other: number];

/**
 * Finds chains that exclude each other two by two. With f the least completion of a chain and s its greatest
 * invocation, a chain with f < s is *forward*: it must hold from f to s. The others are *backward*: they may be
 * put anywhere between s and f. So forward ones must not overlap, and no backward one may lie within a forward
 * one: on dense places, one pass. A read of a value that several operations may have left counts as a backward
 * chain of its own: it cannot take effect within any other chain.
 */
export function findClashes(problem: KeyProblem, levels: Levels, chains: Chains): Clash[] {
  const marked = markPlaces(problem, levels, chains);
  const { firstReturn, lastCall } = chains;
  const clashes: Clash[] = [];
  // The forward chain that reaches furthest. The initial null holds until it was needed last.
  let furthest = 0;
  let furthestEnd = cell(lastCall, 0);
  for (let place = 0; place < marked.length && clashes.length < mostListed; place += 1) {
    const mark = cell(marked, place);
    if (mark === 0) continue;
    const isChain = mark > 0;
    // Both kinds clash when they end, if only for one operation, before the furthest one may.
    const first = isChain ? cell(firstReturn, mark) : cell(problem.ret, ~mark);
    if (first < furthestEnd) clashes.push([furthest, mark]);
    // A read or a backward chain stands at its last call, which reaches no further than what was seen.
    const end = isChain ? cell(lastCall, mark) : place;
    if (end <= furthestEnd) continue;
    furthest = mark;
    furthestEnd = end;
  }
  return clashes;
}

/** Forward chains stand at their first return, backward ones at their last call: no two at one place. */
function markPlaces(
  problem: KeyProblem,
  levels: Levels,
  { heads, firstReturn, lastCall }: Chains,
): Int32Array {
  const marked = new Int32Array(problem.events.length);
  // The initial chain stands before all places, where no cell is.
  for (const head of heads) marked[Math.min(cell(firstReturn, head), cell(lastCall, head))] = head;
  problem.needs.forEach((value, operation) => {
    const isRead = cell(problem.leaves, operation) < 0;
    if (isRead && levels.levelOf[value] === several) marked[cell(problem.call, operation)] = ~operation;
  });
  return marked;
}

/** A part of a chain, and what it is enough for. */
interface Part {
  readonly operations: readonly number[];
  readonly firstReturn: number;
  readonly lastCall: number;
}

/** The fewest operations of both sides of a clash that still exclude each other. */
export function operationsOfClash(
  problem: KeyProblem,
  levels: Levels,
  chains: Chains,
  [chain, other]: Clash,
): readonly number[] {
  const { firstReturn, lastCall } = chains;
  const others =
    other > 0
      ? partsOf(problem, levels, other, cell(firstReturn, chain), cell(lastCall, chain))
      : [partWith(problem, [~other], false)];
  const first = Math.min(...others.map((part) => part.firstReturn));
  const last = Math.max(...others.map((part) => part.lastCall));
  const operations = smallestPair(partsOf(problem, levels, chain, first, last), others);
  const explaining = other > 0 ? none : explanationBeside(problem, operations, ~other);
  return [...operations, ...(explaining === none ? [] : [explaining])].sort((a, b) => a - b);
}

/** The first parts that exclude each other: parts come with what they are made of before what is added to it. */
function smallestPair(parts: readonly Part[], others: readonly Part[]): readonly number[] {
  for (const left of parts) {
    for (const right of others) {
      if (left.firstReturn < right.lastCall && right.firstReturn < left.lastCall)
        return [...left.operations, ...right.operations];
    }
  }
  return [];
}

/**
 * A write that would explain a read, if it could be put beside the others: of several the one that ended last.
 * It proves nothing, but without it one would take the read for a stale one.
 */
function explanationBeside(problem: KeyProblem, operations: readonly number[], read: number): number {
  const { needs, leaves, call, ret } = problem;
  let latest = none;
  // What the read cannot be put within goes on after it ended.
  for (let operation = 0; cell(call, operation) < cell(ret, read); operation += 1) {
    if (leaves[operation] === needs[read] && cell(ret, operation) > cell(ret, latest)) latest = operation;
  }
  const isReplaced = operations.some(
    (operation) =>
      cell(leaves, operation) >= 0 &&
      cell(call, operation) > cell(ret, latest) &&
      cell(ret, operation) < cell(call, read),
  );
  return isReplaced ? none : latest;
}

/**
 * Of the levels that something of the chain ended in before `lastCall`, and those that something began in after
 * `firstReturn`, the two that lie nearest: all writers from one to the other, with and without those operations.
 */
function partsOf(
  problem: KeyProblem,
  levels: Levels,
  head: number,
  firstReturn: number,
  lastCall: number,
): Part[] {
  const { early, late, lower, upper } = nearestLevels(levels, head, firstReturn, lastCall);
  const base = linksBetween(problem, levels, lower, upper);
  // The initial level has neither: there the parts without them are enough, and stand before the others.
  const first = ~cell(problem.events, cell(levels.firstReturn, early));
  const last = cell(problem.events, cell(levels.lastCall, late));
  return [base, [...base, first], [...base, last], [...base, first, last]].map((operations) =>
    partWith(problem, operations, early === 0),
  );
}

function partWith({ call, ret }: KeyProblem, operations: readonly number[], isInitial: boolean): Part {
  const distinct = [...new Set(operations)];
  const part = { operations: distinct, firstReturn: isInitial ? -1 : never, lastCall: -1 };
  for (const operation of distinct) {
    part.firstReturn = Math.min(part.firstReturn, cell(ret, operation));
    part.lastCall = Math.max(part.lastCall, cell(call, operation));
  }
  return part;
}

/** Two levels of a chain; `lower` is the one of them that comes first. */
interface LevelPair {
  readonly early: number;
  readonly late: number;
  readonly lower: number;
  readonly upper: number;
}

function nearestLevels(levels: Levels, head: number, firstReturn: number, lastCall: number): LevelPair {
  let best: LevelPair = { early: head, late: head, lower: head, upper: head };
  let nearest = never;
  // Until both were met, they are further apart than any two.
  let early = { level: head, at: -never };
  let late = { level: head, at: 2 * never };
  for (let level = head, at = 0; level >= 0; level = cell(levels.child, level), at += 1) {
    if (cell(levels.firstReturn, level) < lastCall) early = { level, at };
    if (cell(levels.lastCall, level) > firstReturn) late = { level, at };
    const distance = Math.abs(early.at - late.at);
    if (distance >= nearest) continue;
    nearest = distance;
    const [lower, upper] = early.at < late.at ? [early.level, late.level] : [late.level, early.level];
    best = { early: early.level, late: late.level, lower, upper };
  }
  return best;
}

/** The writers of two levels of a chain and of all between them, and what shows that the last of them happened. */
export function linksBetween(problem: KeyProblem, levels: Levels, lower: number, upper: number): number[] {
  const links: number[] = [];
  for (let level = upper; level > 0; level = level === lower ? none : cell(levels.parent, level)) {
    links.push(cell(levels.writer, level));
  }
  return [...links, ...proofOf(problem, levels, upper)];
}

/** Operations that show that the writer of a level took effect: none where it was acknowledged. */
export function proofOf({ ret, events }: KeyProblem, levels: Levels, level: number): number[] {
  const proof: number[] = [];
  for (let next = level; next > 0; next = cell(levels.child, next)) {
    const writer = cell(levels.writer, next);
    if (next !== level) proof.push(writer);
    if (ret[writer] !== never) break;
    const seen = cell(levels.firstReturn, next);
    if (seen === never) continue;
    proof.push(~cell(events, seen));
    break;
  }
  return proof;
}
