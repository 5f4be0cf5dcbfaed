import { cell } from "../../harness/history/cell.ts";
import { never } from "../../harness/history/history.ts";
import type { Chains } from "./chains.ts";
import { DueQueue } from "./due-queue.ts";
import type { KeyProblem } from "./key-problem.ts";
import type { Levels } from "./levels.ts";

/** Stands where no read must have been answered by a place. */
const noRead = -1;

/**
 * Judges a key whose values were written once each, but for one, the *common* value, which several plain writes
 * may have left: null, most often, left by deletes. Its chains must not clash. Gives the read of the common
 * value that cannot be explained, or −1 where an order explains everything.
 *
 * Why a sweep decides this. (1) A forward chain holds from its first return f to its last call s, and may begin
 * at f: its writer had begun by then, and beginning later leaves more room to others. So the stretches of time
 * within forward chains are given, and outside of them no value but the common one is needed by anybody. There
 * the register only *shows* the common value or does not. (2) A backward chain must be put at one moment of its
 * window, from s to f, and after it the common value is gone. It costs nothing at a moment when the common value
 * does not show, or just before a write of the common value takes effect. So it can wait: until such a moment,
 * or its window ends. Moving it from earlier to then never hides the common value at a moment when it showed.
 * (3) A write of the common value harms nobody, but can be used once. So it too can wait: until its window ends,
 * or a read of the common value ends for which that value never showed. In the meantime nobody missed it, and a
 * read that it would have served early is still open then, or was served otherwise. (4) Of the writes that are open at that moment, the one whose
 * window ends first is taken: in an order that takes another one, the two can change places. So any order that
 * explains everything can be turned, move by move, into what the sweep does; where the sweep fails, there is none.
 *
 * A window that ends within a forward chain ends, in effect, where that chain begins.
 */
export function findUnexplainedRead(problem: KeyProblem, levels: Levels, chains: Chains): number {
  return new CommonValueSweep(problem, levels, chains).run();
}

class CommonValueSweep {
  readonly #problem: KeyProblem;
  readonly #common: number;
  /** By place: where the forward chain ends that begins there; 0 elsewhere. */
  readonly #holdsUntil: Int32Array;
  /** By place: one more than the last call of a backward chain whose window ends there; 0 elsewhere. */
  readonly #hidesSince: Int32Array;
  /** By place: of the reads that must have been answered there, the one that began last. */
  readonly #readDue: Int32Array;
  /** By place, when what ends there is due. */
  readonly #dueBy: Int32Array;
  /** When the open writes of the common value must have taken effect. */
  readonly #open = new DueQueue();
  /** Where the initial value must hold until, if it is not the common one. */
  readonly #initialUntil: number;
  /** Whether the common value shows, and when it last did: at the moment before a place. */
  #shows: boolean;
  #lastShown = -1;
  /** When a write of the common value last took effect. */
  #lastWritten = -1;

  constructor(problem: KeyProblem, levels: Levels, chains: Chains) {
    const places = problem.events.length;
    this.#problem = problem;
    this.#common = levels.common;
    this.#holdsUntil = new Int32Array(places);
    this.#hidesSince = new Int32Array(places);
    this.#readDue = new Int32Array(places).fill(noRead);
    this.#shows = levels.common === 0;
    this.#initialUntil = cell(chains.lastCall, 0);
    this.#placeChains(chains);
    this.#dueBy = this.#placeReads();
  }

  run(): number {
    const { events, leaves } = this.#problem;
    for (let place = 0; place < events.length; place += 1) {
      const unexplained = this.#settle(place);
      if (unexplained !== noRead) return unexplained;
      const event = cell(events, place);
      if (leaves[event] === this.#common) this.#open.add(this.#dueOf(event));
    }
    return noRead;
  }

  /** What must happen at the moment before a place. Nothing is due within a forward chain, and nothing shows there. */
  #settle(place: number): number {
    if (this.#shows) this.#lastShown = place;
    while (this.#open.nextDue() <= place) this.#writeCommon(place);
    const read = cell(this.#readDue, place);
    if (read !== noRead && this.#lastShown <= cell(this.#problem.call, read)) {
      if (this.#open.isEmpty) return read;
      this.#writeCommon(place);
    }
    const since = cell(this.#hidesSince, place);
    // Where it was hidden since then, it shows only if it was written again.
    if (since > 0 && this.#lastWritten < since) this.#shows = false;
    if (cell(this.#holdsUntil, place) > 0) this.#shows = false;
    return noRead;
  }

  #dueOf(write: number): number {
    const ret = cell(this.#problem.ret, write);
    return ret === never ? never : cell(this.#dueBy, ret);
  }

  #writeCommon(place: number): void {
    this.#open.take();
    this.#shows = true;
    this.#lastShown = place;
    this.#lastWritten = place;
  }

  /** Writes of the common value hide nothing: when they end, one has taken effect. The initial value has no place. */
  #placeChains({ heads, firstReturn, lastCall }: Chains): void {
    for (const head of heads) {
      const first = cell(firstReturn, head);
      const last = cell(lastCall, head);
      if (first < last) this.#holdsUntil[first] = last;
      else this.#hidesSince[first] = last + 1;
    }
  }

  /** Gives, by place, when what ends there is due: where a forward chain begins, if it ends within that. */
  #placeReads(): Int32Array {
    const { length, needs, leaves, ret, events } = this.#problem;
    const dueBy = new Int32Array(events.length);
    let due = 0;
    let heldUntil = this.#initialUntil;
    for (let place = 0; place < events.length; place += 1) {
      if (place > heldUntil) {
        due = place;
        heldUntil = cell(this.#holdsUntil, place);
      }
      dueBy[place] = due;
    }
    for (let operation = 0; operation < length; operation += 1) {
      // A compare-and-set from the common value is of unknown outcome here, and nobody needs it to have happened.
      if (needs[operation] !== this.#common || cell(leaves, operation) >= 0) continue;
      // Ascending, so that of those that are due together the one that began last stays.
      this.#readDue[cell(dueBy, cell(ret, operation))] = operation;
    }
    return dueBy;
  }
}
