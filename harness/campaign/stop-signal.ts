/** Tells a campaign and its threads to end: what is under way is finished or cut short, and kept. */
export class StopSignal {
  /** One integer, shared with the threads: 1 once stopped. */
  readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #flag: Int32Array = new Int32Array(this.buffer);

  stop(): void {
    Atomics.store(this.#flag, 0, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#flag, 0) === 1;
  }
}
