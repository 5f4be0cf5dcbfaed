/**
 * What a clock without error shows when a run begins, in microseconds. Chosen: 100 s, more than any skew
 * that scenarios draw (60 s), so that no clock shows a negative time, and short enough to read in pictures.
 */
export const epochUs = 100_000_000;

/**
 * A wall clock with an error. Strictly increasing, as the store is promised, except when its error changes.
 * Each fault has a share of the error, so that overlapping faults keep apart.
 */
export class SimClock {
  /** In the order of the fault ids. */
  #shares: readonly { readonly fault: number; readonly offsetUs: number }[] = [];
  #offsetUs = 0;
  #lastUs = Number.MIN_SAFE_INTEGER;

  /** How far the clock is ahead of true time, in microseconds. */
  get offsetUs(): number {
    return this.#offsetUs;
  }

  /** Reads the clock at a true time: later than any reading before, unless the error has changed since. */
  read(nowUs: number): number {
    const shown = this.peek(nowUs);
    this.#lastUs = shown > this.#lastUs ? shown : this.#lastUs + 1;
    return this.#lastUs;
  }

  /** What a reading would show at a true time, without being one. */
  peek(nowUs: number): number {
    return epochUs + nowUs + this.#offsetUs;
  }

  /** Sets one fault's share of the error; 0 takes it away. */
  setOffset(fault: number, offsetUs: number): void {
    const others = this.#shares.filter((share) => share.fault !== fault);
    this.#shares =
      offsetUs === 0 ? others : [...others, { fault, offsetUs }].sort((a, b) => a.fault - b.fault);
    const sum = this.#shares.reduce((total, share) => total + share.offsetUs, 0);
    if (sum === this.#offsetUs) return;
    this.#offsetUs = sum;
    this.#lastUs = Number.MIN_SAFE_INTEGER;
  }
}
