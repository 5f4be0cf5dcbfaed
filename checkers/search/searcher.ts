import { never } from "../../harness/history/history.ts";
import type { SearchExports, Step } from "../wasm/search-instance.ts";
import { orderOfLog } from "./order-of-log.ts";
import type { ModelProblem, RegisterProblem, SearchOutcome, SearchPartial, SearchSpans } from "./problem.ts";

/** An instance whose memory has become larger is not kept: WebAssembly cannot give memory back. Chosen: 64 MiB. */
const mostKeptBytes = 64 * 1024 * 1024;

/** What the engine answers; the last two mean that it has not decided. */
export const Answer = { linearizable: 0, illegal: 1, outOfSteps: 2, outOfBytes: 3 } as const;

/** What a search has cost so far. */
export interface Cost {
  readonly steps: number;
  readonly peakBytes: number;
}

/** One engine and the problem that is in its memory. The same instance serves for as long as it stays small. */
export class Searcher {
  readonly #make: (step: Step) => SearchExports;
  readonly #mostKept: number;
  #engine: SearchExports | null = null;
  #memory = new Int32Array(0);
  #step: Step = () => -1;

  constructor(make: (step: Step) => SearchExports, mostKept: number = mostKeptBytes) {
    this.#make = make;
    this.#mostKept = mostKept;
  }

  /**
   * Writes a register's columns. False where the bytes do not suffice for them. Without foresight the search does not
   * mind that a state is needed later: slower, but its longest orders end at who needed it.
   */
  beginRegister(problem: RegisterProblem, bytes: number, foresight = true): boolean {
    const engine = this.#freshEngine();
    const { length, call, ret, needs, refuses, leaves, initial } = problem;
    const at = engine.reserve(length, 0, bytes);
    if (at === 0) return false;
    this.#write(at, [call, ret, needs, refuses, leaves], length);
    return engine.prepare(initial ?? 0, foresight ? 1 : 0) !== 0;
  }

  beginModel(problem: ModelProblem, bytes: number): boolean {
    const engine = this.#freshEngine();
    const { length, call, ret, classOf, isReadOnly } = problem;
    const at = engine.reserve(length, 1, bytes);
    const classes = at === 0 ? 0 : engine.reserveReadOnly(isReadOnly.length);
    if (classes === 0) return false;
    this.#write(at, [call, ret, classOf], length);
    new Uint8Array(engine.memory.buffer, classes, isReadOnly.length).set(isReadOnly);
    this.#step = (state, operationClass) => problem.step(state, operationClass);
    return engine.prepare(0, 0) !== 0;
  }

  /** Searches until `steps` were taken in all, or `patience` since it last got further; then it can go on. */
  goOn(steps: number, patience: number): number {
    return this.#theEngine().run(steps, patience);
  }

  /** How many bytes the search that was begun may take in all. */
  allow(bytes: number): void {
    this.#theEngine().allow(bytes);
  }

  cost(): Cost {
    return { steps: this.#theEngine().stepsTaken(), peakBytes: this.#theEngine().peakBytes() };
  }

  /** What is said of the problem that was begun; `partials` where longer orders are known than this search's own. */
  outcome(
    spans: SearchSpans,
    answer: number,
    { steps, peakBytes }: Cost,
    partials?: readonly SearchPartial[],
  ): SearchOutcome {
    const cost = { steps, peakBytes };
    if (answer === Answer.linearizable) {
      const engine = this.#theEngine();
      const order = orderOfLog(this.#words(), engine.orderStart() >> 2, engine.orderLength());
      return { ...cost, answer: "linearizable", order };
    }
    const longest = partials ?? this.partials();
    if (answer === Answer.illegal) return { ...cost, answer: "illegal", partials: longest };
    const spent = answer === Answer.outOfSteps ? "steps" : "bytes";
    return { ...cost, answer: "undecided", spent, ...undecidedPart(spans, longest[0]), partials: longest };
  }

  #theEngine(): SearchExports {
    this.#engine ??= this.#make((state, operationClass) => this.#step(state, operationClass));
    return this.#engine;
  }

  #freshEngine(): SearchExports {
    const bytes = this.#engine?.memory.buffer.byteLength ?? 0;
    if (bytes > this.#mostKept) {
      this.#engine = null;
      this.#memory = new Int32Array(0);
    }
    return this.#theEngine();
  }

  /** The engine's memory; the view is made anew when the memory has grown. */
  #words(): Int32Array {
    const { buffer } = this.#theEngine().memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Int32Array(buffer);
    return this.#memory;
  }

  #write(at: number, columns: readonly Int32Array[], length: number): void {
    const words = this.#words();
    let place = at >> 2;
    for (const column of columns) {
      words.set(column.subarray(0, length), place);
      place += length;
    }
  }

  /** The longest orders so far, the longest first. */
  partials(): SearchPartial[] {
    const engine = this.#theEngine();
    const words = this.#words();
    const partials: SearchPartial[] = [];
    for (let which = 0; which < engine.partials(); which += 1) {
      const order = orderOfLog(words, engine.partialStart(which) >> 2, engine.partialLength(which));
      const refusedAt = engine.refusedStart(which) >> 2;
      partials.push({ order, refused: words.slice(refusedAt, refusedAt + engine.refusedCount(which)) });
    }
    return partials.sort((a, b) => b.order.length - a.order.length);
  }
}

/** From the first answered operation that the longest order lacks, to the last one that the search has met. */
function undecidedPart(
  { length, ret }: SearchSpans,
  partial: SearchPartial | undefined,
): { readonly from: number; readonly to: number } {
  const isOrdered = new Uint8Array(length);
  let to = partial === undefined ? length - 1 : 0;
  for (const operation of partial?.order ?? []) {
    isOrdered[operation] = 1;
    to = Math.max(to, operation);
  }
  for (const operation of partial?.refused ?? []) to = Math.max(to, operation);
  let from = 0;
  while (from < to && (isOrdered[from] === 1 || ret[from] === never)) from += 1;
  return { from, to };
}
