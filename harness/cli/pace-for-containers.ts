import type { Scenario } from "../contracts/scenario.ts";

/**
 * Between a fault's strike or mend and what comes after it, in microseconds. Measured: setting a clock, the
 * slowest of them, takes a container 1.4 s on two busy cores; the rest is slack.
 */
const settleUs = 3_000_000;

/**
 * The same plan for real containers. In the simulator a fault strikes in no time, and a shrunk plan counts on
 * it; containers need a second or two. So each strike and mend gets the time to take effect, and everything
 * planned for then or later is put off by as much: the order of the plan stays.
 */
export function paceForContainers(scenario: Scenario): Scenario {
  const { operations, faults } = scenario;
  const turns = new Set(faults.flatMap(({ atUs, untilUs }) => (untilUs === null ? [atUs] : [atUs, untilUs])));
  const before = (us: number): number => [...turns].filter((turn) => turn < us).length;
  const turnUs = (us: number): number => us + settleUs * before(us);
  const laterUs = (us: number): number => us + settleUs * (before(us) + (turns.has(us) ? 1 : 0));
  return {
    ...scenario,
    operations: operations.map((plan) => ({ ...plan, atUs: laterUs(plan.atUs) })),
    faults: faults.map((fault) => ({
      ...fault,
      atUs: turnUs(fault.atUs),
      untilUs: fault.untilUs === null ? null : Math.max(turnUs(fault.untilUs), turnUs(fault.atUs) + settleUs),
    })),
  };
}
