import { cell } from "../../harness/history/cell.ts";
import { never } from "../../harness/history/history.ts";
import type { KeyProblem } from "./key-problem.ts";
import { partOfProblem } from "./key-problem.ts";

/** How many operations are tried first; then twice as many, until they are illegal. Chosen: most need fewer. */
const firstTried = 8;
/** Most operations that are tried together short of all. Chosen: looking for explanations takes their square. */
const mostTried = 4_096;
/** Operations that may be judged, all trials together. Chosen: some hundred milliseconds by the zones. */
const mostJudged = 200_000;

/** Whether a part of a problem is certainly not linearizable. */
export type IsIllegal = (part: KeyProblem) => boolean;

/**
 * Looks for few operations that are illegal by themselves, around one that could not be ordered. Whatever else
 * could explain an answer among them is among them as well (see `explained`), so that nothing is illegal only
 * because its explanation was left out. Gives operations of the problem, ascending.
 */
export function fewestOperations(
  problem: KeyProblem,
  around: number,
  isIllegal: IsIllegal,
): readonly number[] {
  const trial = new Trial(isIllegal);
  let kept = grown(problem, around, trial);
  let part = partOfProblem(problem, kept);
  for (let size = kept.length >> 1; size >= 1; size = size === 1 ? 0 : (size + 1) >> 1) {
    for (let from = part.length - size; from > -size && !trial.isSpent; from -= size) {
      const left = explained(part, (operation) => operation < from || operation >= from + size);
      if (left.length === part.length) continue;
      const smaller = partOfProblem(part, left);
      if (!trial.isIllegal(smaller)) continue;
      kept = left.map((operation) => kept[operation] ?? 0);
      part = smaller;
    }
  }
  return kept;
}

/** Counts what was judged, and says no when it is too much. */
class Trial {
  readonly #isIllegal: IsIllegal;
  #judged = 0;

  constructor(isIllegal: IsIllegal) {
    this.#isIllegal = isIllegal;
  }

  get isSpent(): boolean {
    return this.#judged > mostJudged;
  }

  isIllegal(part: KeyProblem): boolean {
    this.#judged += part.length;
    return !this.isSpent && this.#isIllegal(part);
  }
}

/** The last operations that began before that one ended, as many as it takes; all where nothing less is illegal. */
function grown(problem: KeyProblem, around: number, trial: Trial): readonly number[] {
  const { length, call, ret } = problem;
  const end = cell(ret, around);
  let before = 0;
  while (before < length && cell(call, before) < end) before += 1;
  for (let count = firstTried; count < 2 * before && count <= mostTried; count *= 2) {
    const kept = explained(problem, (operation) => operation < before && operation >= before - count);
    if (trial.isIllegal(partOfProblem(problem, kept))) return kept;
  }
  return Array.from({ length }, (_, operation) => operation);
}

/**
 * Adds whatever may explain the answers of those that are kept. A write may explain a read of its value if it
 * began before the read ended, unless another one that is kept lies between the two. The same holds for a
 * refusal and any other value. What a compare-and-set found is only asked for where somebody who is kept may
 * have left it: else it stands for a write.
 */
export function explained(problem: KeyProblem, isKept: (operation: number) => boolean): readonly number[] {
  const { length } = problem;
  const kept = new Uint8Array(length);
  for (let operation = 0; operation < length; operation += 1) kept[operation] = isKept(operation) ? 1 : 0;
  const writers = writersByValue(problem);
  let before = -1;
  let all = keptOf(kept);
  while (all.length > before) {
    before = all.length;
    const hiddenBefore = hiddenBeforeEach(problem, kept);
    const end = lastAnswer(problem, all);
    for (const operation of all)
      addExplanations(problem, writers, kept, operation, cell(hiddenBefore, operation), end);
    all = keptOf(kept);
  }
  return all;
}

/** When the last of these that ask for something had ended: what begins later explains nothing to anybody. */
function lastAnswer({ needs, refuses, ret }: KeyProblem, operations: readonly number[]): number {
  let last = -1;
  for (const operation of operations) {
    const end = cell(ret, operation);
    const isAsking = cell(needs, operation) >= 0 || cell(refuses, operation) >= 0;
    if (isAsking && end !== never) last = Math.max(last, end);
  }
  return last;
}

function keptOf(kept: Uint8Array): number[] {
  const all: number[] = [];
  for (let operation = 0; operation < kept.length; operation += 1)
    if (kept[operation] === 1) all.push(operation);
  return all;
}

/** By operation: what ended before this place was replaced by something kept before the operation began. */
function hiddenBeforeEach({ events, call, leaves }: KeyProblem, kept: Uint8Array): Int32Array {
  const hiddenBefore = new Int32Array(kept.length);
  let newest = 0;
  for (let place = 0; place < events.length; place += 1) {
    const event = cell(events, place);
    if (event >= 0) hiddenBefore[event] = newest;
    else if (kept[~event] === 1 && cell(leaves, ~event) >= 0) newest = Math.max(newest, cell(call, ~event));
  }
  return hiddenBefore;
}

function addExplanations(
  problem: KeyProblem,
  writers: ReadonlyMap<number, readonly number[]>,
  kept: Uint8Array,
  operation: number,
  hiddenBefore: number,
  lastEnd: number,
): void {
  const { needs, refuses, leaves, ret } = problem;
  const needed = cell(needs, operation);
  const refused = cell(refuses, operation);
  const inTime = writersInTime(problem, writers, operation, lastEnd).filter(
    (writer) => leaves[writer] !== refused,
  );
  // As `partOfProblem` asks for it: also where the only other one that is kept left it too late.
  const isLeft = writers.get(needed)?.some((writer) => writer !== operation && kept[writer] === 1) ?? false;
  const isFree = needed > 0 && cell(leaves, operation) >= 0 && !isLeft;
  if (isFree) return;
  let latest = -1;
  for (const writer of inTime) {
    if (cell(ret, writer) > hiddenBefore) kept[writer] = 1;
    if (cell(ret, writer) > cell(ret, latest)) latest = writer;
  }
  // Of those that were replaced, one is kept all the same: it tells where the value came from.
  if (needed > 0) kept[latest] = 1;
}

/** Others that may have left what an operation needs, or anything at all if it only refuses something. */
function writersInTime(
  { needs, refuses, call, ret }: KeyProblem,
  writers: ReadonlyMap<number, readonly number[]>,
  operation: number,
  lastEnd: number,
): readonly number[] {
  const needed = cell(needs, operation);
  if (needed < 0 && cell(refuses, operation) < 0) return [];
  const end = Math.min(cell(ret, operation), lastEnd);
  const all = writers.get(needed) ?? [];
  return all.filter((writer) => writer !== operation && cell(call, writer) < end);
}

/** Stands for all values in the writers by value, as it does where an operation needs none. */
const anyValue = -1;

function writersByValue({ length, leaves }: KeyProblem): Map<number, number[]> {
  const all: number[] = [];
  const writers = new Map([[anyValue, all]]);
  for (let operation = 0; operation < length; operation += 1) {
    const value = cell(leaves, operation);
    if (value < 0) continue;
    all.push(operation);
    const known = writers.get(value);
    if (known === undefined) writers.set(value, [operation]);
    else known.push(operation);
  }
  return writers;
}
