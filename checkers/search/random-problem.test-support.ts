import { cell } from "../../harness/history/cell.ts";
import { never } from "../../harness/history/history.ts";
import type { RegisterProblem } from "./problem.ts";

/** What random problems of a register may contain; shares are in percent. */
export interface ProblemShape {
  readonly operations: number;
  readonly clients: number;
  /** Different values that are written; 0 for a new one with each write. */
  readonly values: number;
  /** Of all operations: how many never return. Half of them take effect. */
  readonly pending: number;
  readonly cas: number;
  /** Of reads: how many are answered with a value drawn freely. */
  readonly wrong: number;
}

/** A number below `n`, from a generator that is the same for a seed wherever it runs. */
export function dice(seed: number): (n: number) => number {
  let state = Math.imul(seed, 0x9e37_79b1);
  return (n) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 0x9e37_79b9;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a_2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % n;
  };
}

/** Clients that use a register, which takes each operation at some time between its call and its return. */
export function randomProblem(shape: ProblemShape, seed: number): RegisterProblem {
  return new RandomClients(shape, seed).run();
}

class RandomClients {
  readonly #shape: ProblemShape;
  readonly #roll: (n: number) => number;
  readonly #problem: RegisterProblem;
  readonly #running: { operation: number; isTaken: boolean }[] = [];
  #state = 0;
  #place = 0;
  #started = 0;

  constructor(shape: ProblemShape, seed: number) {
    this.#shape = shape;
    this.#roll = dice(seed);
    const column = (): Int32Array => new Int32Array(shape.operations).fill(-1);
    const ret = column().fill(never);
    this.#problem = {
      length: shape.operations,
      call: column(),
      ret,
      needs: column(),
      refuses: column(),
      leaves: column(),
    };
  }

  run(): RegisterProblem {
    const { operations, clients } = this.#shape;
    while (this.#started < operations || this.#running.length > 0) {
      const mayStart = this.#started < operations && this.#running.length < clients;
      if (mayStart && this.#roll(2) === 0) this.#start();
      else if (this.#running.length > 0) this.#goOn(this.#roll(this.#running.length));
    }
    return this.#problem;
  }

  #start(): void {
    const { call, needs, leaves } = this.#problem;
    const operation = this.#started++;
    call[operation] = this.#place++;
    const kind = this.#roll(100);
    if (kind < this.#shape.cas) needs[operation] = this.#roll(2) === 0 ? this.#state : this.#anyValue();
    if (kind < this.#shape.cas || kind % 2 === 0) {
      leaves[operation] = this.#shape.values === 0 ? operation + 1 : 1 + this.#roll(this.#shape.values);
    }
    this.#running.push({ operation, isTaken: false });
  }

  #anyValue(): number {
    return this.#roll(this.#shape.values === 0 ? this.#started + 1 : this.#shape.values + 1);
  }

  /** The operation is taken, or it returns, or it never will. */
  #goOn(which: number): void {
    const one = this.#running[which];
    if (one === undefined) return;
    const isLost = this.#roll(200) < this.#shape.pending;
    if (isLost || one.isTaken) this.#running.splice(which, 1);
    if (isLost) return;
    if (one.isTaken) this.#problem.ret[one.operation] = this.#place++;
    else this.#take(one.operation);
    one.isTaken = true;
  }

  #take(operation: number): void {
    const { needs, refuses, leaves } = this.#problem;
    const needed = cell(needs, operation);
    const left = cell(leaves, operation);
    if (needed >= 0 && needed !== this.#state) {
      refuses[operation] = needed;
      needs[operation] = -1;
      leaves[operation] = -1;
    } else if (left >= 0) this.#state = left;
    else needs[operation] = this.#roll(100) < this.#shape.wrong ? this.#anyValue() : this.#state;
  }
}

/** The same with one wrong answer, which another value is put in place of: of the first read after nine tenths. */
export function falsifiedProblem(shape: ProblemShape, seed: number): RegisterProblem {
  const problem = randomProblem(shape, seed);
  const from = Math.floor(shape.operations * 0.9);
  const read = problem.needs.findIndex(
    (value, at) => at >= from && value >= 0 && problem.leaves[at] === -1 && problem.ret[at] !== never,
  );
  problem.needs[read] = 1 + (cell(problem.needs, read) % shape.values);
  return problem;
}
