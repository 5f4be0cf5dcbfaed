import type { Choice } from "../harness/base/choice.ts";
import type { FaultBody, FaultPlan } from "../harness/contracts/scenario.ts";

/** When a fault strikes and when it is mended, in microseconds of the strike phase. */
export interface Window {
  readonly atUs: number;
  readonly untilUs: number | null;
}

/** A window that starts in the first two thirds of the run and lasts from 10 to `mostPercent` of it. */
export function windowWithin(choice: Choice, spanUs: number, mostPercent = 60): Window {
  const atUs = Math.floor((spanUs * choice.below(66)) / 100);
  return { atUs, untilUs: atUs + Math.floor((spanUs * choice.between(10, mostPercent)) / 100) };
}

/**
 * `count` windows one after the other, so that faults of one node never overlap: a node that is killed
 * twice at once would be started by the first mend.
 */
export function windowsInTurn(choice: Choice, spanUs: number, count: number, mostPercent = 60): Window[] {
  const slotUs = Math.floor(spanUs / count);
  return Array.from({ length: count }, (_, index) => {
    const { atUs, untilUs } = windowWithin(choice, slotUs, mostPercent);
    const end = Math.min(untilUs ?? slotUs, slotUs - 1);
    return { atUs: index * slotUs + atUs, untilUs: index * slotUs + end };
  });
}

/** The same fault on and off again, as a flapping link or a node that crashes over and over. */
export function flapping(window: Window, times: number): Window[] {
  if (window.untilUs === null) return [window];
  const slotUs = Math.floor((window.untilUs - window.atUs) / times);
  return Array.from({ length: times }, (_, index) => ({
    atUs: window.atUs + index * slotUs,
    untilUs: window.atUs + index * slotUs + Math.ceil(slotUs / 2),
  }));
}

/** Numbers faults from 1, each in its window. */
export function planned(faults: readonly (readonly [FaultBody, Window])[]): FaultPlan[] {
  return faults.map(([body, { atUs, untilUs }], index) => ({ id: index + 1, atUs, untilUs, ...body }));
}
