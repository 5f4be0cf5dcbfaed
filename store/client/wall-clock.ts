/**
 * A step back of the clock by more than this is believed; one of less is waited out. Chosen: ten ticks
 * of `Date.now()`, more than the counter can run ahead, less than any skew that a test makes.
 */
const smallStepUs = 10_000;

/**
 * Microseconds of the node's own clock: `Date.now()`, whose tick is a millisecond, and a counter within the
 * tick. Strictly increasing, unless the clock is set back. `performance.timeOrigin` would be finer, but
 * libfaketime does not move it, so that a test's skew would silently do nothing.
 */
export class WallClock {
  readonly #nowMs: () => number;
  #lastUs = 0;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  nowUs(): number {
    const tickUs = this.#nowMs() * 1_000;
    const isNew = tickUs > this.#lastUs || tickUs < this.#lastUs - smallStepUs;
    this.#lastUs = isNew ? tickUs : this.#lastUs + 1;
    return this.#lastUs;
  }
}
