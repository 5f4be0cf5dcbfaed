/** Numbers for fuzzing: the same seed gives the same ones (mulberry32). */
export class FuzzRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most + 1) }, () => this.below(256)));
  }

  /** Text of printable characters, with a strange one here and there. */
  text(most: number): string {
    const strange = ["é", "😀", "\u0000", "%", "#", "?", "/", "\ud800", "__proto__", "\\", '"'] as const;
    const one = (): string =>
      this.chance(85) ? String.fromCharCode(33 + this.below(94)) : this.pick(strange);
    return Array.from({ length: this.below(most + 1) }, one).join("");
  }

  /** Bytes with a few changes: other bytes, bits, pieces that are missing or there twice, a missing end. */
  mutated(bytes: Buffer): Buffer {
    let changed = Buffer.from(bytes);
    for (let turns = 1 + this.below(4); turns > 0 && changed.length > 0; turns -= 1) {
      const at = this.below(changed.length);
      const to = Math.min(changed.length, at + 1 + this.below(16));
      switch (this.below(5)) {
        case 0:
          changed[at] = this.below(256);
          break;
        case 1:
          changed[at] = (changed[at] ?? 0) ^ (1 << this.below(8));
          break;
        case 2:
          changed = Buffer.concat([changed.subarray(0, at), changed.subarray(to)]);
          break;
        case 3:
          changed = Buffer.concat([changed.subarray(0, to), changed.subarray(at)]);
          break;
        default:
          changed = changed.subarray(0, at);
      }
    }
    return changed;
  }
}
