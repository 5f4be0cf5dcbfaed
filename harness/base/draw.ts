/**
 * Random numbers by cause. A draw is a pure function of what it is for, so that taking one operation
 * or fault out of a scenario leaves every other draw as it was; that is what makes shrinking work.
 * Only `Math.imul` and xor: the same bits on every Node. Results are 31-bit, so they stay small integers.
 */

/** What the world draws for. The store's own purposes are numbered from `storePurposes` on. */
export const Purpose = {
  messageLatency: 1,
  messageLoss: 2,
  messageDuplicate: 3,
  duplicateLatency: 4,
  messageReorder: 5,
  clientLatency: 6,
  diskLatency: 7,
  tornTail: 8,
  incarnation: 9,
  jitter: 10,
} as const;

/** Purposes that the store draws for are shifted by this much, so that they never meet the world's. */
export const storePurposes = 1_000;

/** Causes below this are operation ids; from it on, hashes of background work and faults. */
export const backgroundCauses = 0x2000_0000;

/** Causes from this on are hashes of an operation's later tries. */
const retryCauses = 0x4000_0000;

/** A 31-bit integer that depends on its five arguments and on nothing else. */
export function draw(seed: number, purpose: number, cause: number, leg: number, attempt: number): number {
  let hash = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1);
  hash = mix(hash ^ purpose);
  hash = mix(hash ^ cause);
  hash = mix(hash ^ leg);
  hash = mix(hash ^ attempt);
  return hash & 0x7fff_ffff;
}

/** The cause of background work: the task and period of one life of a node. Never an operation's id. */
export function backgroundCause(node: number, incarnation: number, task: number, period: number): number {
  const hash = mix(mix(mix(mix(0x2545f491 ^ node) ^ incarnation) ^ task) ^ period);
  return (hash & 0x1fff_ffff) | backgroundCauses;
}

/** The cause of an operation's later try, so that what befell the first does not befall it again. */
export function retryCause(operation: number, attempt: number): number {
  return (mix(mix(0x51ed270b ^ operation) ^ attempt) & 0x3fff_ffff) | retryCauses;
}

/** Three rounds of multiply and shift (the finaliser of MurmurHash3, with a round more). */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}
