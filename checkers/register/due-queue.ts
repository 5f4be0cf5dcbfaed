import { never } from "../../harness/history/history.ts";

/** Places at which something is due, the first on top: a binary heap. `never` is a place after all others. */
export class DueQueue {
  readonly #heap: number[] = [];

  get isEmpty(): boolean {
    return this.#heap.length === 0;
  }

  /** The first place; `never` where there is none. */
  nextDue(): number {
    return this.#heap[0] ?? never;
  }

  add(due: number): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up] ?? never;
      if (above <= due) break;
      heap[at] = above;
      at = up;
    }
    heap[at] = due;
  }

  /** Takes the first out. */
  take(): void {
    const heap = this.#heap;
    const last = heap.pop() ?? never;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1] ?? never;
      const right = heap[2 * at + 2] ?? never;
      if (Math.min(left, right) >= last) break;
      heap[at] = Math.min(left, right);
      at = right < left ? 2 * at + 2 : 2 * at + 1;
    }
    heap[at] = last;
  }
}
