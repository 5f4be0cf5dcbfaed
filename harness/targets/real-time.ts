import type { Scenario } from "../contracts/scenario.ts";

/**
 * How much slower a virtual schedule runs for real, at most. Chosen: a virtual millisecond becomes a tenth of
 * a second, since a real fault takes some tenths of a second to be struck and proven.
 */
const mostSlowing = 100;

/** The schedule of a replay is stretched to at most this, in microseconds; what is as long already stays. */
const longestUs = 20_000_000;

/** Rest for real, at most: anti-entropy keeps its own pace, so a rest need not be stretched like the rest. */
const longestRestUs = 3_000_000;

/**
 * The same schedule at the pace of real processes: every planned time and every time-out is stretched by one
 * factor, so that what came first still does. Latencies are those of the real network.
 */
export function atRealPace(scenario: Scenario): { readonly scenario: Scenario; readonly slowedBy: number } {
  const slowedBy = Math.max(1, Math.min(mostSlowing, Math.floor(longestUs / spanUs(scenario))));
  const slow = (us: number): number => us * slowedBy;
  const operations = scenario.operations.map((plan) => ({
    ...plan,
    atUs: slow(plan.atUs),
    ...(plan.thinkUs === undefined ? {} : { thinkUs: slow(plan.thinkUs) }),
    ...(plan.timeoutUs === undefined ? {} : { timeoutUs: slow(plan.timeoutUs) }),
  }));
  const faults = scenario.faults.map((fault) => ({
    ...fault,
    atUs: slow(fault.atUs),
    untilUs: fault.untilUs === null ? null : slow(fault.untilUs),
  }));
  const restUs = Math.max(scenario.restUs, Math.min(slow(scenario.restUs), longestRestUs));
  return { scenario: { ...scenario, operations, faults, restUs }, slowedBy };
}

/** From the start to the last planned moment. */
function spanUs({ operations, faults }: Scenario): number {
  const moments = [
    ...operations.map(({ atUs }) => atUs),
    ...faults.map(({ atUs, untilUs }) => Math.max(atUs, untilUs ?? 0)),
  ];
  return Math.max(1, ...moments);
}
