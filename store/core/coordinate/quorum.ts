import type { Policies } from "../policies.ts";

/** What a coordinator does next. */
export const Decision = { wait: 0, succeed: 1, fail: 2, timeOut: 3 } as const;
export type DecisionCode = (typeof Decision)[keyof typeof Decision];

/**
 * The rules of a quorum, one row for each case. Success comes first: a quorum that is complete stays
 * complete, whatever else fails or however late it is.
 */
const rules: readonly DecisionCode[] = [
  //                   enough answers | too few left that could answer | deadline passed
  Decision.wait, //    no             | no                             | no
  Decision.timeOut, // no             | no                             | yes
  Decision.fail, //    no             | yes                            | no
  Decision.fail, //    no             | yes                            | yes
  Decision.succeed, // yes            | no                             | no
  Decision.succeed, // yes            | no                             | yes
  Decision.succeed, // yes            | yes                            | no
  Decision.succeed, // yes            | yes                            | yes
];

/** So many distinct replicas of a set, as bits by place. */
export interface Need {
  readonly among: number;
  readonly count: number;
}

/** Who has answered and who has failed: a bit a replica, so that nobody counts twice. */
export interface Tally {
  /** All of them must be met. */
  readonly needs: readonly Need[];
  answered: number;
  failed: number;
  /** Answers that were counted though their replica had answered before: none, unless that is planted. */
  doubled: number;
}

/** A tally to which nobody has answered. */
export function startTally(needs: readonly Need[]): Tally {
  return { needs, answered: 0, failed: 0, doubled: 0 };
}

/** Counts the answer of a replica. False when it does not count. */
export function countAnswer(tally: Tally, replica: number, policies: Policies): boolean {
  const bit = 1 << replica;
  if (!policies.countsAnswer(tally.answered, bit)) return false;
  if ((tally.answered & bit) !== 0) tally.doubled += 1;
  tally.answered |= bit;
  tally.failed &= ~bit;
  return true;
}

/** Counts a replica that said that it cannot. A replica that has answered stays answered. */
export function countFailure(tally: Tally, replica: number): void {
  const bit = 1 << replica;
  if ((tally.answered & bit) === 0) tally.failed |= bit;
}

/** What the rules say. */
export function decide(tally: Tally, isLate: boolean): DecisionCode {
  let isEnough = true;
  let isHopeless = false;
  for (const need of tally.needs) {
    if (gotOf(tally, need) < need.count) isEnough = false;
    if (bitCount(need.among & ~tally.failed) < need.count) isHopeless = true;
  }
  return rules[(isEnough ? 4 : 0) | (isHopeless ? 2 : 0) | (isLate ? 1 : 0)] ?? Decision.wait;
}

function gotOf({ answered, doubled }: Tally, { among }: Need): number {
  return bitCount(answered & among) + doubled;
}

/** Distinct replicas that must answer, over all sets. */
export function neededBy(tally: Tally): number {
  let needed = 0;
  for (const need of tally.needs) needed += need.count;
  return needed;
}

/** Of those, how many have. */
export function gotBy(tally: Tally): number {
  let got = 0;
  for (const need of tally.needs) got += Math.min(gotOf(tally, need), need.count);
  return got;
}

/** How many bits are set. */
export function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
