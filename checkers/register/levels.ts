import { cell } from "../../harness/history/cell.ts";
import { never } from "../../harness/history/history.ts";
import type { KeyProblem } from "./key-problem.ts";

/** Most findings of a kind that are listed for a key. Chosen: verdicts list no more than a hundred. */
export const mostListed = 128;

/** Stands where there is no level, operation or value. */
export const none = -1;
/** Stands for the writer of a value that several operations may have written. */
export const several = -2;

/**
 * The levels of a key: each is an operation that leaves a value, and the answered reads of that value. Number 0
 * is the initial null, which was written before everything. A compare-and-set joins two levels: its own, and
 * the one whose value it found. Columns are by level, places are those of the problem.
 */
export interface Levels {
  /** Levels without the initial one. */
  readonly count: number;
  /** By value: the level that left it, `none`, or `several` where more than one operation may have. */
  readonly levelOf: Int32Array;
  /** The operation that leaves the value. */
  readonly writer: Int32Array;
  /** 1 where the value was certainly written: it was acknowledged, or something that happened needs it. */
  readonly happened: Uint8Array;
  /** Least completion of the level; `never` for a pending write that nobody read, −1 for the initial level. */
  readonly firstReturn: Int32Array;
  /** Greatest invocation of the level. */
  readonly lastCall: Int32Array;
  /** The level whose value a compare-and-set found that happened. */
  readonly parent: Int32Array;
  /** The level that such a compare-and-set made of this one. */
  readonly child: Int32Array;
  /** Operations that need a value which nobody had begun to write when they ended; beside a compare-and-set, its level. */
  readonly unwritten: readonly (readonly [operation: number, level: number])[];
  /** The levels of two compare-and-sets that happened and found the same value, which can be there only once. */
  readonly rivals: readonly (readonly [first: number, second: number])[];
  /** The one value that several operations may have left and that somebody needs, if there is one. */
  readonly common: number;
  /** Why the levels do not tell everything: then they can prove that something is wrong, but not that nothing is. */
  readonly gap: Gap | null;
}

/**
 * What the levels do not tell. `refusal`: a compare-and-set met another value, which may be any. `repeats`: two
 * values, both needed, may have been left by several operations each. `repeatInCas`: one was, and a
 * compare-and-set found or left it.
 */
export type Gap = "refusal" | "repeats" | "repeatInCas";

/** Gathers the levels of a key. */
export function gatherLevels(problem: KeyProblem): Levels {
  return new LevelGatherer(problem).gathered();
}

class LevelGatherer {
  readonly #problem: KeyProblem;
  /** By value: the level that it was left by, `none` or `several`. */
  readonly #levelOf: Int32Array;
  readonly #writer: Int32Array;
  readonly #happened: Uint8Array;
  readonly #firstReturn: Int32Array;
  readonly #lastCall: Int32Array;
  readonly #parent: Int32Array;
  readonly #child: Int32Array;
  readonly #unwritten: (readonly [number, number])[] = [];
  readonly #rivals: (readonly [number, number])[] = [];
  /** Levels that happened, and whose own needs are still to be looked at. */
  readonly #waiting: number[] = [];
  #count = 0;
  #common = none;
  #gap: Gap | null = null;

  constructor(problem: KeyProblem) {
    this.#problem = problem;
    const size = 1 + countWriters(problem);
    this.#levelOf = new Int32Array(problem.valueIds.length).fill(none);
    this.#writer = new Int32Array(size).fill(none);
    this.#happened = new Uint8Array(size);
    this.#firstReturn = new Int32Array(size).fill(-1);
    this.#lastCall = new Int32Array(size).fill(-1);
    this.#parent = new Int32Array(size).fill(none);
    this.#child = new Int32Array(size).fill(none);
  }

  gathered(): Levels {
    this.#levelOf[0] = 0;
    this.#happened[0] = 1;
    this.#numberWriters();
    this.#noteAnswers();
    for (let level = this.#waiting.pop(); level !== undefined; level = this.#waiting.pop()) {
      this.#noteNeedOf(level);
    }
    return {
      count: this.#count,
      levelOf: this.#levelOf,
      writer: this.#writer,
      happened: this.#happened,
      firstReturn: this.#firstReturn,
      lastCall: this.#lastCall,
      parent: this.#parent,
      child: this.#child,
      unwritten: this.#unwritten,
      rivals: this.#rivals,
      common: this.#common,
      gap: this.#gap ?? this.#gapOfCommon(),
    };
  }

  #numberWriters(): void {
    const { length, leaves, call, ret } = this.#problem;
    for (let operation = 0; operation < length; operation += 1) {
      const value = cell(leaves, operation);
      if (value < 0) continue;
      this.#count += 1;
      const level = this.#count;
      this.#writer[level] = operation;
      this.#levelOf[value] = this.#levelOf[value] === none ? level : several;
      this.#lastCall[level] = cell(call, operation);
      this.#firstReturn[level] = cell(ret, operation);
      if (ret[operation] !== never) this.#happen(level);
    }
  }

  /** What was answered: reads and refusals. Those of compare-and-sets that happened are looked at later. */
  #noteAnswers(): void {
    const { length, needs, refuses, leaves } = this.#problem;
    for (let operation = 0; operation < length; operation += 1) {
      if (cell(refuses, operation) >= 0) this.#gap = "refusal";
      if (cell(leaves, operation) >= 0 || cell(needs, operation) < 0) continue;
      const level = this.#levelNeededBy(operation, none);
      if (level >= 0) this.#noteRead(operation, level);
    }
  }

  #noteRead(read: number, level: number): void {
    const ret = cell(this.#problem.ret, read);
    const call = cell(this.#problem.call, read);
    if (ret < cell(this.#firstReturn, level)) this.#firstReturn[level] = ret;
    if (call > cell(this.#lastCall, level)) this.#lastCall[level] = call;
    this.#happen(level);
  }

  #happen(level: number): void {
    if (this.#happened[level] === 1) return;
    this.#happened[level] = 1;
    this.#waiting.push(level);
  }

  /** The value that a compare-and-set found. */
  #noteNeedOf(level: number): void {
    const operation = cell(this.#writer, level);
    if (cell(this.#problem.needs, operation) < 0) return;
    const parent = this.#levelNeededBy(operation, level);
    if (parent < 0) return;
    const rival = cell(this.#child, parent);
    if (rival !== none) {
      if (this.#rivals.length < mostListed) this.#rivals.push([rival, level]);
      return;
    }
    this.#child[parent] = level;
    this.#parent[level] = parent;
    this.#happen(parent);
  }

  /** The level of the value that an operation needs, if one is known that had begun in time; `own` is its own. */
  #levelNeededBy(operation: number, own: number): number {
    const { needs, call, ret } = this.#problem;
    const value = cell(needs, operation);
    const level = cell(this.#levelOf, value);
    if (level === several) {
      this.#noteCommon(value, own !== none);
      return none;
    }
    const isInTime =
      level > 0 && level !== own && cell(call, cell(this.#writer, level)) < cell(ret, operation);
    if (level === 0 || isInTime) return level;
    if (this.#unwritten.length < mostListed) this.#unwritten.push([operation, own]);
    return none;
  }

  #noteCommon(value: number, isCas: boolean): void {
    if (this.#common !== none && this.#common !== value) this.#gap ??= "repeats";
    this.#common = value;
    if (isCas) this.#gap ??= "repeatInCas";
  }

  /** A compare-and-set that leaves the common value is no plain write of it. */
  #gapOfCommon(): Gap | null {
    const { length, needs, leaves } = this.#problem;
    if (this.#common === none) return null;
    for (let operation = 0; operation < length; operation += 1) {
      if (leaves[operation] === this.#common && cell(needs, operation) >= 0) return "repeatInCas";
    }
    return null;
  }
}

function countWriters({ length, leaves }: KeyProblem): number {
  let count = 0;
  for (let operation = 0; operation < length; operation += 1) {
    if (cell(leaves, operation) >= 0) count += 1;
  }
  return count;
}
