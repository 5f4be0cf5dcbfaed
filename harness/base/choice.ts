import { invariant, present } from "./invariant.ts";

/**
 * A stream of choices for drawing scenarios. Streams may be order-dependent there, because what is
 * drawn is recorded: only the recorded plan is replayed, shrunk or pinned.
 */
export class Choice {
  #state: number;

  constructor(seed: number, runIndex: number) {
    this.#state = (Math.imul(seed ^ 0x6c62272e, 0x9e3779b1) ^ Math.imul(runIndex + 1, 0x85ebca6b)) | 0;
    for (let round = 0; round < 4; round += 1) this.#next();
  }

  /** An integer from 0 to `bound` − 1. */
  below(bound: number): number {
    invariant(bound >= 1, "a choice needs something to choose from");
    return this.#next() % bound;
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in about `percent` of a hundred cases. */
  percent(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One of the items, each as likely as the others. */
  oneOf<Item>(items: readonly Item[]): Item {
    return present(items[this.below(items.length)], "the chosen item");
  }

  /** `count` different items in random order. */
  sample<Item>(items: readonly Item[], count: number): Item[] {
    const rest = [...items];
    const chosen: Item[] = [];
    while (chosen.length < count && rest.length > 0) chosen.push(...rest.splice(this.below(rest.length), 1));
    return chosen;
  }

  /** Mulberry32 (Tommy Ettinger, public domain), cut to 31 bits. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let hash = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    hash = (hash + Math.imul(hash ^ (hash >>> 7), 61 | hash)) ^ hash;
    return (hash ^ (hash >>> 14)) & 0x7fff_ffff;
  }
}
