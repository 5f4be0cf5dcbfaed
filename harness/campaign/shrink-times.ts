import type { Duration, NetworkPlan, Scenario } from "../contracts/scenario.ts";
import type { History } from "../history/history.ts";
import { withOperations, withTimes } from "./edit-scenario.ts";
import type { Pass } from "./shrink-passes.ts";
import { integersSpace } from "./shrink-passes.ts";

/** Times are rounded to the coarsest of these that still fails, in microseconds. Chosen for readable figures. */
const unitsUs = [1_000, 100, 10, 1] as const;

/** Shortens the gaps between whatever happens, and rounds them. */
export const shrinkTimes: Pass = (scenario, attempts) => {
  const timesUs = timesOf(scenario);
  for (const unitUs of unitsUs) {
    const gaps = timesUs.map((timeUs, place) => Math.round((timeUs - (timesUs[place - 1] ?? 0)) / unitUs));
    const space = integersSpace(gaps, (plan) => {
      const moved = new Map<number, number>();
      let nowUs = 0;
      for (const [place, timeUs] of timesUs.entries()) {
        nowUs += (plan[place] ?? 0) * unitUs;
        moved.set(timeUs, nowUs);
      }
      return withTimes(scenario, (timeUs) => moved.get(timeUs) ?? timeUs);
    });
    const smaller = attempts.minimise(space);
    if (smaller !== null) return smaller;
  }
  return scenario;
};

/** Makes durations constant where chance does not carry the failure: the picture gets easier to follow. */
export const shrinkDurations: Pass = (scenario, attempts) => {
  let simplest = scenario;
  for (const simpler of [withoutLegs, withoutStagger]) {
    const candidate = simpler(simplest);
    if (attempts.fails(candidate)) simplest = candidate;
  }
  const { network, disk } = simplest;
  const sync = constants(disk.sync).map((duration) => ({ ...simplest, disk: { ...disk, sync: duration } }));
  simplest = attempts.firstFailing(sync) ?? simplest;
  const client = constants(network.clientLatency).map((clientLatency) =>
    withNetwork(simplest, { clientLatency }),
  );
  simplest = attempts.firstFailing(client) ?? simplest;
  const between = constants(network.latency).map((latency) => withNetwork(simplest, { latency }));
  return attempts.firstFailing(between) ?? simplest;
};

/**
 * Plans every operation for the moment at which it really began, in that order, and without those that never
 * did: so taking one away leaves the others where they were, and whatever an operation waits for stands
 * before it, whichever clients are merged.
 */
export function pinTimes(scenario: Scenario, history: History): Scenario {
  const strike = history.marks.find((mark) => mark.kind === "phase" && mark.phase === "strike");
  const startNs = strike?.timeNs ?? 0;
  const beganUs = new Map<number, number>();
  for (let row = 0; row < history.length; row += 1) {
    const op = history.op[row] ?? -1;
    const invokedNs = history.invokedNs[row] ?? startNs;
    if (!beganUs.has(op)) beganUs.set(op, Math.floor((invokedNs - startNs) / 1_000));
  }
  const begun = withOperations(scenario, new Set(beganUs.keys()));
  const operations = begun.operations
    .map((operation) => ({ ...operation, atUs: beganUs.get(operation.id) ?? operation.atUs }))
    .sort((a, b) => a.atUs - b.atUs);
  return { ...begun, operations };
}

/** Whether messages between nodes take a fixed time. */
export function hasConstantLatency(scenario: Scenario): boolean {
  const { latency, legs } = scenario.network;
  return latency.kind === "constant" && Object.values(legs ?? {}).every(({ kind }) => kind === "constant");
}

/** The scenario with parts of its network replaced. */
export function withNetwork(scenario: Scenario, parts: Partial<NetworkPlan>): Scenario {
  return { ...scenario, network: { ...scenario.network, ...parts } };
}

function timesOf(scenario: Scenario): number[] {
  const times = new Set(scenario.operations.map(({ atUs }) => atUs));
  for (const { atUs, untilUs } of scenario.faults) {
    times.add(atUs);
    if (untilUs !== null) times.add(untilUs);
  }
  return [...times].sort((a, b) => a - b);
}

function withoutLegs(scenario: Scenario): Scenario {
  const { legs: _, ...network } = scenario.network;
  return { ...scenario, network };
}

function withoutStagger(scenario: Scenario): Scenario {
  const { staggerUs: _, ...network } = scenario.network;
  return { ...scenario, network };
}

/** Durations that read well, in microseconds. */
const roundUs = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000] as const;

/** The round figures nearest to what the duration was like; none where it is constant already. */
function constants(duration: Duration): Duration[] {
  if (duration.kind === "constant") return [];
  const typical = typicalUs(duration);
  const distance = (us: number): number => Math.max(us, typical) / Math.max(1, Math.min(us, typical));
  const nearest = [...roundUs].sort((a, b) => distance(a) - distance(b));
  return nearest.slice(0, 4).map((us) => ({ kind: "constant", us }));
}

function typicalUs(duration: Duration): number {
  switch (duration.kind) {
    case "constant":
      return duration.us;
    case "uniform":
      return (duration.minUs + duration.maxUs) / 2;
    case "exponential":
    case "heavy-tail":
      return duration.meanUs;
    case "lognormal":
      return duration.medianUs;
    case "pareto":
      return duration.minUs;
  } // No default: with noImplicitReturns a missing case is a type error.
}
