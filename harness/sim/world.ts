import { draw, retryCause, storePurposes } from "../base/draw.ts";
import { InvariantViolation } from "../base/invariant.ts";
import type { TraceListener } from "../contracts/trace.ts";
import type { Scheduled } from "./scheduler.ts";
import { Scheduler } from "./scheduler.ts";
import type { SimEvent } from "./sim-event.ts";

/** Hears every draw, for tests of the rule that draws depend on causes alone. */
export type DrawListener = (
  purpose: number,
  cause: number,
  leg: number,
  attempt: number,
  drawn: number,
) => void;

/**
 * Events at one instant beyond which a run counts as stuck. Chosen: a run of 200 operations has under
 * 10,000 events in all.
 */
const mostAtOneInstant = 1_000_000;

/** What all parts of one simulated run share: virtual time, the event heap, the seed and the ears. */
export class World {
  /** True virtual time in microseconds since the cluster was opened. */
  nowUs = 0;
  readonly trace: TraceListener | null;
  readonly #seed: number;
  readonly #onDraw: DrawListener | null;
  readonly #scheduler = new Scheduler<SimEvent>();
  /** The operations of causes that stand for a later try. */
  readonly #operations = new Map<number, number>();
  #digest = 0;
  #atThisInstant = 0;

  constructor(seed: number, trace: TraceListener | null, onDraw: DrawListener | null) {
    this.#seed = seed;
    this.trace = trace;
    this.#onDraw = onDraw;
  }

  /** A 32-bit digest of everything that has happened, in order: equal digests mean equal runs. */
  get digest(): number {
    return this.#digest;
  }

  /** A 31-bit integer by cause. */
  draw(purpose: number, cause: number, leg: number, attempt: number): number {
    const drawn = draw(this.#seed, purpose, cause, leg, attempt);
    if (this.#onDraw !== null) this.#onDraw(purpose, cause, leg, attempt, drawn);
    return drawn;
  }

  /** The same for the store, whose purposes never meet the world's. */
  drawForStore(purpose: number, cause: number, leg: number, attempt: number): number {
    return this.draw(storePurposes + purpose, cause, leg, attempt);
  }

  /** What a try of an operation happens because of: the operation, or for a later try a cause of its own. */
  causeOfTry(operation: number, attempt: number): number {
    if (attempt === 0) return operation;
    const cause = retryCause(operation, attempt);
    this.#operations.set(cause, operation);
    return cause;
  }

  /** The operation that a cause is a try of; other causes stand for themselves. For those who listen. */
  operationOf(cause: number): number {
    return this.#operations.get(cause) ?? cause;
  }

  /** Lets an event happen that many microseconds from now. */
  schedule(event: SimEvent, delayUs: number): void {
    this.#scheduler.add(event, this.nowUs + delayUs);
  }

  /** Takes an event back; harmless when it has happened. */
  cancel(event: Scheduled): void {
    this.#scheduler.cancel(event);
  }

  /** The pending events for which `wanted` holds, in the order in which they were scheduled. */
  pending(wanted: (event: SimEvent) => boolean): SimEvent[] {
    return this.#scheduler.pending(wanted);
  }

  /** The next event, with time moved on to it; null when nothing is left to happen. */
  next(): SimEvent | null {
    const event = this.#scheduler.takeNext();
    if (event === null) return null;
    if (event.timeUs > this.nowUs) this.#atThisInstant = 0;
    this.#atThisInstant += 1;
    if (this.#atThisInstant > mostAtOneInstant) {
      throw new InvariantViolation(
        `time stands still at ${this.nowUs} µs: events bring about events at once`,
      );
    }
    this.nowUs = event.timeUs;
    this.#fold(event.timeUs | 0);
    this.#fold((event.kind << 16) ^ (event.place << 8) ^ event.peer);
    this.#fold(event.message === null ? event.cause : event.cause ^ (event.message.kind << 24));
    return event;
  }

  #fold(value: number): void {
    const mixed = Math.imul(this.#digest ^ value, 0x9e3779b1);
    this.#digest = mixed ^ (mixed >>> 15);
  }
}
