/** Numbers that look random and are the same each time (G. Marsaglia, "Xorshift RNGs", 2003; 32 bits). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e37_79b1) | 1;
    for (let round = 0; round < 4; round += 1) this.below(2);
  }

  /** From 0 to one less than the bound. */
  below(bound: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % bound;
  }

  /** True this often in a hundred. */
  percent(chance: number): boolean {
    return this.below(100) < chance;
  }

  /** One of these. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("there is nothing to pick from");
    return item;
  }
}
