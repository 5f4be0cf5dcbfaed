import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import type { AnomalyKind } from "../../harness/history/verdict.ts";
import { eventsOfKey, keyEvents } from "../key-events.ts";
import { isAnsweredRead } from "../register/register-operations.ts";

/** When an acknowledged increment must show. */
export interface CounterRule {
  /** In every read that begins after it; else only in reads that begin after the rest. */
  readonly isStrict: boolean;
  /** Index of the mark from which on the replicas are at rest. */
  readonly rest: number;
}

/** A read that showed what no choice among the increments adds up to. */
export interface WrongRead {
  readonly row: number;
  readonly kind: AnomalyKind;
  readonly least: number;
  readonly most: number;
  readonly isAtRest: boolean;
  /** Some increments that it must or may have counted, as rows. */
  readonly examples: readonly number[];
}

/** Increments that a finding names. Chosen: the sum is the proof, and these are examples. */
const mostExamples = 5;

/**
 * One pass over the events of a key, in their order. A read must show what was acknowledged in time, and may show
 * what had begun when it ended: with amounts above and below 0 apart, that is an interval (as in Jepsen's counter
 * checker). An increment of unknown outcome never becomes sure.
 */
export class CounterSweep {
  readonly wrong: WrongRead[] = [];
  /** Answered reads that show no whole number. */
  readonly odd: number[] = [];
  /** Answered reads. */
  reads = 0;
  readonly #history: History;
  readonly #rule: CounterRule;
  /** Sums of the amounts above and below 0: begun, acknowledged, and acknowledged by the rest. */
  #begunPlus = 0;
  #begunMinus = 0;
  #surePlus = 0;
  #sureMinus = 0;
  #restPlus = 0;
  #restMinus = 0;
  /** By rank of an invocation, where the rule is strict: what had been acknowledged by then. */
  readonly #plusAtCall: Float64Array;
  readonly #minusAtCall: Float64Array;
  /** The first of each, as rows. */
  readonly #firstBegun: readonly [plus: number[], minus: number[]] = [[], []];
  readonly #firstSure: readonly [plus: number[], minus: number[]] = [[], []];

  constructor(history: History, key: number, rule: CounterRule) {
    const events = eventsOfKey(keyEvents(history), key);
    this.#history = history;
    this.#rule = rule;
    this.#plusAtCall = new Float64Array(rule.isStrict ? events.length : 0);
    this.#minusAtCall = new Float64Array(rule.isStrict ? events.length : 0);
    const { callAt } = keyEvents(history);
    for (const event of events) {
      if (event >= 0) this.#begin(event, cell(callAt, event));
      else this.#end(~event, cell(callAt, ~event));
    }
  }

  #begin(row: number, rank: number): void {
    if (this.#history.f[row] === Fn.increment) {
      if (this.#history.outcome[row] === Outcome.fail) return;
      const amount = amountOf(this.#history, row);
      if (amount > 0) this.#begunPlus += amount;
      else this.#begunMinus += amount;
      keep(this.#firstBegun, amount, row);
    } else if (this.#rule.isStrict) {
      this.#plusAtCall[rank] = this.#surePlus;
      this.#minusAtCall[rank] = this.#sureMinus;
    }
  }

  #end(row: number, rank: number): void {
    if (isAnsweredRead(this.#history, row)) {
      this.reads += 1;
      this.#judge(row, rank);
    } else if (this.#history.outcome[row] === Outcome.ok) {
      const amount = amountOf(this.#history, row);
      if (amount > 0) this.#surePlus += amount;
      else this.#sureMinus += amount;
      keep(this.#firstSure, amount, row);
      if (cell(this.#history.completeIndex, row) > this.#rule.rest) return;
      this.#restPlus = this.#surePlus;
      this.#restMinus = this.#sureMinus;
    }
  }

  #judge(row: number, rank: number): void {
    // A counter that nobody has incremented may show nothing.
    const shown = this.#history.values[cell(this.#history.result, row)] ?? 0;
    if (!Number.isSafeInteger(shown)) {
      this.odd.push(row);
      return;
    }
    const { isStrict, rest } = this.#rule;
    const isAtRest = cell(this.#history.invokeIndex, row) > rest;
    const surePlus = isStrict ? (this.#plusAtCall[rank] ?? 0) : isAtRest ? this.#restPlus : 0;
    const sureMinus = isStrict ? (this.#minusAtCall[rank] ?? 0) : isAtRest ? this.#restMinus : 0;
    const least = surePlus + this.#begunMinus;
    const most = sureMinus + this.#begunPlus;
    const value = shown as number;
    if (value >= least && value <= most) return;
    const kind = this.#kindOf(value);
    const examples = this.#examplesFor(row, kind, value < least);
    this.wrong.push({ row, kind, least, most, isAtRest, examples });
  }

  /** Leaving increments out explains what lies between all below 0 and all above; more is counted twice. */
  #kindOf(value: number): AnomalyKind {
    if (value >= this.#begunMinus && value <= this.#begunPlus) return "lost increment";
    const beyond = value > 0 ? this.#begunPlus : this.#begunMinus;
    return beyond === 0 ? "phantom value" : "doubled increment";
  }

  #examplesFor(read: number, kind: AnomalyKind, isTooLow: boolean): number[] {
    if (kind !== "lost increment") return [...this.#firstBegun[isTooLow ? 1 : 0]];
    const { isStrict, rest } = this.#rule;
    const due = isStrict ? cell(this.#history.invokeIndex, read) : rest;
    const lost = this.#firstSure[isTooLow ? 0 : 1];
    return lost.filter((row) => cell(this.#history.completeIndex, row) < due);
  }
}

/** Keeps a row on its side while there is room; an increment by 0 is no example of anything. */
function keep(sides: readonly [plus: number[], minus: number[]], amount: number, row: number): void {
  const side = sides[amount > 0 ? 0 : 1];
  if (amount !== 0 && side.length < mostExamples) side.push(row);
}

/** What an increment adds; not a number where it is none. */
export function amountOf(history: History, row: number): number {
  const amount = history.values[cell(history.argument, row)];
  return typeof amount === "number" ? amount : Number.NaN;
}
