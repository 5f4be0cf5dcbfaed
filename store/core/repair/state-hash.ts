import type { State, Version } from "../versions/version.ts";

/** 64 bits, as two signed 32-bit halves. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/** Odd multipliers and seeds of the two halves: the constants of MurmurHash3, which mix well. */
const highMultiplier = 0x85ebca6b;
const lowMultiplier = 0xc2b2ae35;
const highSeed = 0x9747b28c;
const lowSeed = 0x2545f491;
const twoTo32 = 4_294_967_296;

/** 32 bits of a key, signed, of which every bit depends on every character: its digits are its path in a tree. */
export function digitsOf(key: string): number {
  const hasher = new Hasher();
  hasher.text(key);
  return hasher.end().high;
}

/**
 * What a replica holds of a key: the key, the versions with their deleted flags, and the context. Not the
 * values, for a version names a value. Against chance only: an adversary could make two states meet.
 */
export function hashOf(key: string, state: State): Hash64 {
  const hasher = new Hasher();
  hasher.text(key);
  hasher.number(state.entries.length);
  for (const { version, deleted } of state.entries) {
    hasher.version(version);
    hasher.number(deleted ? 1 : 0);
  }
  for (const { node, incarnation, counter } of state.context) {
    hasher.text(node);
    hasher.text(incarnation);
    hasher.number(counter);
  }
  return hasher.end();
}

/** Two lanes over the same words: each step is a bijection of the lane, so that no word is forgotten. */
class Hasher {
  #high = highSeed;
  #low = lowSeed;

  text(text: string): void {
    // The length first, or ("ab", "c") and ("a", "bc") would be one.
    this.#word(text.length);
    for (let at = 0; at < text.length; at += 1) this.#word(text.charCodeAt(at));
  }

  /** A whole number of up to 53 bits. */
  number(number: number): void {
    this.#word(number | 0);
    this.#word((number / twoTo32) | 0);
  }

  version({ time, node, incarnation, sequence }: Version): void {
    this.number(time);
    this.text(node);
    this.text(incarnation);
    this.number(sequence);
  }

  end(): Hash64 {
    const high = avalanche(this.#high ^ Math.imul(this.#low, lowMultiplier));
    const low = avalanche(this.#low ^ Math.imul(high, highMultiplier));
    return { high, low };
  }

  #word(word: number): void {
    const high = Math.imul(this.#high ^ word, highMultiplier);
    const low = Math.imul(this.#low ^ word, lowMultiplier);
    this.#high = high ^ (high >>> 15);
    this.#low = low ^ (low >>> 13);
  }
}

/** The finaliser of MurmurHash3. */
function avalanche(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
