import type { FaultPlan, Leg, OperationPlan, Scenario } from "../contracts/scenario.ts";
import type { Attempts } from "./attempts.ts";
import { withAfter } from "./edit-scenario.ts";
import type { Pass } from "./shrink-passes.ts";
import { integersSpace } from "./shrink-passes.ts";
import { hasConstantLatency, withNetwork } from "./shrink-times.ts";

/** Messages take this long but for those that are held. Chosen: a round figure, and what families draw around. */
const latencyUs = 1_000;

/** How long a message is held: long enough for a few operations, short of every client's patience. */
const holdUs = 12_000;

/** Most faults that a shrunk scenario may end up with: the issue's own limit. */
const mostFaults = 2;

/** Most runs for this pass: pairs of holds are many, and the plan without them fails as well. */
const mostTries = 500;

/**
 * Where chance on the network carries the failure, tries to say the same with messages that all take equally
 * long, but for one or two that are held on purpose: then everybody can see which ones mattered.
 */
export const explainByHolds: Pass = (scenario, attempts) => {
  if (hasConstantLatency(scenario) || scenario.operations.length > 6) return scenario;
  const found = attempts.firstFailing(limited(candidates(scenario), mostTries));
  return found === null ? scenario : shortenHolds(found, attempts);
};

function* candidates(scenario: Scenario): Generator<Scenario> {
  const { legs: _, staggerUs: __, ...network } = scenario.network;
  const calm = withNetwork({ ...scenario, network }, { latency: { kind: "constant", us: latencyUs } });
  const timings = [calm, spaced(calm, isRead), spaced(calm, () => true), spaced(calm, () => false)];
  for (const holds of choicesOf(possibleHolds(scenario), mostFaults - scenario.faults.length)) {
    for (const plan of timings) yield withHolds(plan, holds);
  }
}

/** Each hold alone, then each two of different operations, as far as there is room for faults. */
function* choicesOf(holds: readonly Hold[], room: number): Generator<readonly Hold[]> {
  if (room < 1) return;
  for (const hold of holds) yield [hold];
  if (room < 2) return;
  for (const [place, first] of holds.entries()) {
    const others = holds.slice(place + 1).filter(({ operation }) => operation !== first.operation);
    for (const second of others) yield [first, second];
  }
}

/** A message of one operation to some of its replicas. */
interface Hold {
  readonly operation: number;
  readonly leg: Leg;
  readonly from: string;
  readonly to: readonly string[];
}

/** Requests to any of the other nodes: first those that keep a write away, since they explain most. */
function possibleHolds({ operations, nodes }: Scenario): Hold[] {
  const ids = nodes.map(({ id }) => id);
  const holdsOf = (operation: OperationPlan): Hold[] => {
    const others = ids.filter((id) => id !== operation.node);
    const leg = isRead(operation) ? "readRequest" : "writeRequest";
    return subsets(others).map((to) => ({ operation: operation.id, leg, from: operation.node, to }));
  };
  const writes = operations.filter((operation) => !isRead(operation));
  return [...writes.flatMap(holdsOf), ...operations.filter(isRead).flatMap(holdsOf)];
}

function withHolds(scenario: Scenario, holds: readonly Hold[]): Scenario {
  const lastId = Math.max(0, ...scenario.faults.map(({ id }) => id));
  const faults = holds.map(
    ({ operation, leg, from, to }, place): FaultPlan => ({
      id: lastId + 1 + place,
      kind: "hold",
      operation,
      leg,
      links: to.map((node) => ({ from, to: node })),
      byUs: holdUs,
      atUs: 0,
      untilUs: null,
    }),
  );
  return { ...scenario, faults: [...scenario.faults, ...faults] };
}

/** Lets one operation begin a message's time after the other, and those of a kind wait for one another. */
function spaced(scenario: Scenario, waits: (operation: OperationPlan) => boolean): Scenario {
  const inTime = [...scenario.operations].sort((a, b) => a.atUs - b.atUs);
  let before: OperationPlan | null = null;
  const plans = new Map<number, OperationPlan>();
  for (const [place, operation] of inTime.entries()) {
    const after = new Set(operation.after ?? []);
    if (before !== null && waits(operation)) after.add(before.id);
    plans.set(operation.id, withAfter({ ...operation, atUs: place * latencyUs }, [...after]));
    if (waits(operation)) before = operation;
  }
  return {
    ...scenario,
    operations: scenario.operations.map((operation) => plans.get(operation.id) ?? operation),
  };
}

/** Shorter holds make shorter pictures. */
function shortenHolds(scenario: Scenario, attempts: Attempts): Scenario {
  const holds = scenario.faults.flatMap((fault) => (fault.kind === "hold" ? [fault] : []));
  const space = integersSpace(
    holds.map(({ byUs }) => Math.round(byUs / latencyUs)),
    (plan) => {
      const byUs = new Map(holds.map(({ id }, place) => [id, (plan[place] ?? 0) * latencyUs]));
      const faults = scenario.faults.map((fault) =>
        fault.kind === "hold" ? { ...fault, byUs: byUs.get(fault.id) ?? fault.byUs } : fault,
      );
      return { ...scenario, faults };
    },
  );
  return attempts.minimise(space) ?? scenario;
}

function isRead({ f }: OperationPlan): boolean {
  return f === "read";
}

/** All of them but the empty one, the large ones first. */
function subsets(items: readonly string[]): string[][] {
  const all: string[][] = [];
  for (let mask = 1; mask < 2 ** items.length; mask += 1) {
    all.push(items.filter((_, place) => (mask & (1 << place)) !== 0));
  }
  return all.sort((a, b) => b.length - a.length);
}

function* limited<Item>(items: Iterable<Item>, most: number): Generator<Item> {
  let count = 0;
  for (const item of items) {
    if (count >= most) return;
    count += 1;
    yield item;
  }
}
