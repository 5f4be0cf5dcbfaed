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

/** Most candidates of this pass: pairs of holds are many, and the plan without them fails as well. */
const mostTries = 1_200;

/** Seeds of the plans with jitter: three, so that an order of arrival is hardly right by chance. */
const jitterSeeds = [1, 2, 3] as const;

/**
 * Where chance on the network carries the failure, tries to say the same with messages that all take equally
 * long, but for one or two that are held on purpose: then everybody can see which ones mattered. The plan
 * must fail with a little jitter too: else it would hang on the order of things that happen at once.
 */
export const explainByHolds: Pass = (scenario, attempts) => {
  if (hasConstantLatency(scenario) || scenario.operations.length > 6) return scenario;
  attempts.demand(withJitter);
  const found = attempts.firstFailing(limited(candidates(scenario), mostTries));
  return found === null ? scenario : shortenHolds(found, attempts);
};

function withJitter(scenario: Scenario): Scenario[] {
  const latency = { kind: "uniform", minUs: latencyUs - 50, maxUs: latencyUs + 50 } as const;
  return jitterSeeds.map((seed) => withNetwork({ ...scenario, seed }, { latency }));
}

function* candidates(scenario: Scenario): Generator<Scenario> {
  const { legs: _, staggerUs: __, ...network } = scenario.network;
  const calm = withNetwork({ ...scenario, network }, { latency: { kind: "constant", us: latencyUs } });
  const room = mostFaults - scenario.faults.length;
  for (const count of [1, 2]) {
    if (count > room) return;
    for (const placed of placements(calm)) {
      const timings = [
        spaced(writesFirst(placed), isRead),
        spaced(placed, isRead),
        spaced(placed, () => true),
      ];
      for (const holds of choicesOf(possibleHolds(placed), count)) {
        for (const plan of timings) yield withHolds(plan, holds);
      }
    }
  }
}

/** As it is, and with one read moved to the node that wrote: there it is sure to meet the write. */
function placements(scenario: Scenario): Scenario[] {
  const writer = scenario.operations.find((operation) => !isRead(operation));
  if (writer === undefined) return [scenario];
  const { node } = writer;
  const elsewhere = scenario.operations.filter((operation) => isRead(operation) && operation.node !== node);
  const moved = elsewhere.map(({ id }) => ({
    ...scenario,
    operations: scenario.operations.map((other) => (other.id === id ? { ...other, node } : other)),
  }));
  return [scenario, ...moved];
}

/** Each hold alone, or each two of different operations. */
function* choicesOf(holds: readonly Hold[], count: number): Generator<readonly Hold[]> {
  for (const [place, first] of holds.entries()) {
    if (count === 1) yield [first];
    else
      for (const second of holds.slice(place + 1))
        if (first.operation !== second.operation) yield [first, second];
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

function writesFirst(scenario: Scenario): Scenario {
  const reads = scenario.operations.filter(isRead);
  const others = scenario.operations.filter((operation) => !isRead(operation));
  const lastUs = Math.max(0, ...others.map(({ atUs }) => atUs));
  return {
    ...scenario,
    operations: [...others, ...reads.map((read) => ({ ...read, atUs: read.atUs + lastUs }))],
  };
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
