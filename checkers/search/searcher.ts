import type { Budget } from "../../harness/contracts/checker.ts";
import { never } from "../../harness/history/history.ts";
import type { SearchExports, Step } from "../wasm/search-instance.ts";
import { orderOfLog } from "./order-of-log.ts";
import type { ModelProblem, RegisterProblem, SearchOutcome, SearchPartial, SearchSpans } from "./problem.ts";

/** An instance whose memory has become larger is not kept: WebAssembly cannot give memory back. Chosen: 64 MiB. */
const mostKeptBytes = 64 * 1024 * 1024;

/** What `run` answers. */
const Answer = { linearizable: 0, illegal: 1, outOfSteps: 2 } as const;

/** Searches with one engine after the other; the same one for as long as it stays small. */
export class Searcher {
  readonly #make: (step: Step) => SearchExports;
  #engine: SearchExports | null = null;
  #memory = new Int32Array(0);
  #step: Step = () => -1;

  constructor(make: (step: Step) => SearchExports) {
    this.#make = make;
  }

  ofRegister(problem: RegisterProblem, budget: Budget): SearchOutcome {
    const engine = this.#engineNow();
    const { length } = problem;
    const at = engine.reserve(length, 0, budget.bytes);
    if (at === 0 && length > 0) return tooLarge(length);
    const { call, ret, needs, refuses, leaves } = problem;
    this.#write(at, [call, ret, needs, refuses, leaves], length);
    return this.#run(problem, budget);
  }

  ofModel(problem: ModelProblem, budget: Budget): SearchOutcome {
    const engine = this.#engineNow();
    const { length, call, ret, classOf, isReadOnly } = problem;
    const at = engine.reserve(length, 1, budget.bytes);
    const classes = engine.reserveReadOnly(isReadOnly.length);
    if (at === 0 || classes === 0) return tooLarge(length);
    this.#write(at, [call, ret, classOf], length);
    new Uint8Array(engine.memory.buffer, classes, isReadOnly.length).set(isReadOnly);
    this.#step = (state, operationClass) => problem.step(state, operationClass);
    return this.#run(problem, budget);
  }

  #engineNow(): SearchExports {
    if (this.#engine !== null && this.#engine.memory.buffer.byteLength <= mostKeptBytes) return this.#engine;
    this.#engine = this.#make((state, operationClass) => this.#step(state, operationClass));
    return this.#engine;
  }

  #words(): Int32Array {
    const buffer = this.#engine?.memory.buffer;
    if (buffer !== undefined && this.#memory.buffer !== buffer) this.#memory = new Int32Array(buffer);
    return this.#memory;
  }

  #write(at: number, columns: readonly Int32Array[], length: number): void {
    const words = this.#words();
    let place = at >> 2;
    for (const column of columns) {
      words.set(column.length === length ? column : column.subarray(0, length), place);
      place += length;
    }
  }

  #run(problem: SearchSpans, budget: Budget): SearchOutcome {
    const engine = this.#engineNow();
    const answer = engine.run(budget.steps);
    const cost = { steps: engine.stepsTaken(), peakBytes: engine.peakBytes() };
    if (answer === Answer.linearizable) {
      const order = orderOfLog(this.#words(), engine.orderStart() >> 2, engine.orderLength());
      return { ...cost, answer: "linearizable", order };
    }
    const partials: SearchPartial[] = [];
    for (let which = 0; which < engine.partials(); which += 1) partials.push(this.#partial(engine, which));
    partials.sort((a, b) => b.order.length - a.order.length);
    if (answer === Answer.illegal) return { ...cost, answer: "illegal", partials };
    const spent = answer === Answer.outOfSteps ? "steps" : "bytes";
    return { ...cost, answer: "undecided", spent, ...undecidedPart(problem, partials[0]), partials };
  }

  #partial(engine: SearchExports, which: number): SearchPartial {
    const words = this.#words();
    const order = orderOfLog(words, engine.partialStart(which) >> 2, engine.partialLength(which));
    const refusedAt = engine.refusedStart(which) >> 2;
    return { order, refused: words.slice(refusedAt, refusedAt + engine.refusedCount(which)) };
  }
}

function tooLarge(length: number): SearchOutcome {
  return {
    answer: "undecided",
    spent: "bytes",
    steps: 0,
    peakBytes: 0,
    from: 0,
    to: length - 1,
    partials: [{ order: new Int32Array(0), refused: new Int32Array(0) }],
  };
}

/** From the first answered operation that the longest order lacks, to the last one that the search has met. */
function undecidedPart(
  { length, ret }: SearchSpans,
  partial: SearchPartial | undefined,
): { readonly from: number; readonly to: number } {
  const isOrdered = new Uint8Array(length);
  let to = 0;
  for (const operation of partial?.order ?? []) {
    isOrdered[operation] = 1;
    to = Math.max(to, operation);
  }
  for (const operation of partial?.refused ?? []) to = Math.max(to, operation);
  let from = 0;
  while (from < to && (isOrdered[from] === 1 || ret[from] === never)) from += 1;
  return { from, to };
}
