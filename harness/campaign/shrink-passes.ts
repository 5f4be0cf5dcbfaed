import fc from "fast-check";
import type { FaultPlan, OperationPlan, Scenario } from "../contracts/scenario.ts";
import type { HistoryValue } from "../history/values.ts";
import type { Attempts, PlanSpace } from "./attempts.ts";
import { withFaults, withOperations } from "./edit-scenario.ts";

/** One way to make a failing scenario smaller. It returns its argument when it finds none. */
export type Pass = (scenario: Scenario, attempts: Attempts) => Scenario;

/** Takes faults away. */
export const shrinkFaults: Pass = (scenario, attempts) => {
  const ids = scenario.faults.map(({ id }) => id);
  if (ids.length === 0) return scenario;
  const space = subsetSpace(ids, 0, (kept) => withFaults(scenario, new Set(kept)));
  return attempts.minimise(space) ?? scenario;
};

/** Takes links and nodes out of the faults that are left. */
export const shrinkFaultPlaces: Pass = (scenario, attempts) => {
  let smallest = scenario;
  for (const { id } of scenario.faults) {
    const fault = smallest.faults.find((other) => other.id === id);
    const places = fault === undefined ? 0 : placesOf(fault);
    if (fault === undefined || places <= 1) continue;
    const all = Array.from({ length: places }, (_, place) => place);
    const space = subsetSpace(all, 1, (kept) => withFault(smallest, withPlaces(fault, kept)));
    smallest = attempts.minimise(space) ?? smallest;
  }
  return smallest;
};

/** Takes operations away. */
export const shrinkOperations: Pass = (scenario, attempts) => {
  const ids = scenario.operations.map(({ id }) => id);
  const space = subsetSpace(ids, 0, (kept) => withOperations(scenario, new Set(kept)));
  return attempts.minimise(space) ?? scenario;
};

/** Lets fewer clients do the same. */
export const shrinkClients: Pass = (scenario, attempts) => {
  const clients = distinct(scenario.operations.map(({ client }) => client));
  const first = new Map(
    clients.map((name) => [name, scenario.operations.find(({ client }) => client === name)]),
  );
  const merged = mergeNames(scenario, attempts, clients, (operation, nameOf) => {
    const client = nameOf(operation.client);
    const model = first.get(client);
    if (client === operation.client || model === undefined) return operation;
    return { ...operation, client, session: model.session, site: model.site };
  });
  const renamed = withPlainClients(merged);
  return attempts.fails(renamed) ? renamed : merged;
};

/** Lets fewer nodes coordinate, then takes away nodes that no keyspace needs and nothing names. */
export const shrinkNodes: Pass = (scenario, attempts) => {
  const nodes = distinct(scenario.operations.map(({ node }) => node));
  const merged = mergeNames(scenario, attempts, nodes, (operation, nameOf) => ({
    ...operation,
    node: nameOf(operation.node),
  }));
  return dropIdleNodes(merged, attempts);
};

/** Lets fewer keys be used, then numbers the values from 1. */
export const shrinkValues: Pass = (scenario, attempts) => {
  const keys = distinct(scenario.operations.map(({ key }) => key));
  const merged = mergeNames(scenario, attempts, keys, (operation, nameOf) => ({
    ...operation,
    key: nameOf(operation.key),
  }));
  const renumbered = withSmallValues(merged);
  return attempts.fails(renumbered) ? renumbered : merged;
};

/** Any subset of the items with at least `fewest`, as a plan. */
export function subsetSpace(
  items: readonly number[],
  fewest: number,
  build: (kept: readonly number[]) => Scenario,
): PlanSpace<number[]> {
  return { arbitrary: fc.subarray([...items], { minLength: fewest }), current: [...items], build };
}

/** Small integers side by side, each from 0 to the one that stands there now. */
export function integersSpace(
  current: readonly number[],
  build: (plan: readonly number[]) => Scenario,
): PlanSpace<number[]> {
  const arbitrary = fc.tuple(...current.map((max) => fc.integer({ min: 0, max })));
  return { arbitrary, current: [...current], build };
}

/** Maps each name to itself or to one before it in the list. */
function mergeNames(
  scenario: Scenario,
  attempts: Attempts,
  names: readonly string[],
  rename: (operation: OperationPlan, nameOf: (name: string) => string) => OperationPlan,
): Scenario {
  if (names.length < 2) return scenario;
  const space = integersSpace([...names.keys()], (plan) => {
    const nameOf = (name: string): string => names[plan[names.indexOf(name)] ?? 0] ?? name;
    return { ...scenario, operations: scenario.operations.map((operation) => rename(operation, nameOf)) };
  });
  return attempts.minimise(space) ?? scenario;
}

function dropIdleNodes(scenario: Scenario, attempts: Attempts): Scenario {
  const needed = replicasNeeded(scenario);
  const named = namedIn(scenario);
  let smallest = scenario;
  for (const { id } of [...scenario.nodes].reverse()) {
    if (named.has(id) || smallest.nodes.length <= needed) continue;
    const candidate = { ...smallest, nodes: smallest.nodes.filter((node) => node.id !== id) };
    if (attempts.fails(candidate)) smallest = candidate;
  }
  return smallest;
}

/** How many nodes the largest keyspace needs; all of them where a keyspace does not say so with a plain `n`. */
function replicasNeeded(scenario: Scenario): number {
  const needs = scenario.keyspaces.map(({ n }) => (typeof n === "number" ? n : scenario.nodes.length));
  return Math.max(1, ...needs);
}

function namedIn({ operations, faults }: Scenario): ReadonlySet<string> {
  const asked = operations.flatMap(({ node, retry }) =>
    retry?.node === undefined ? [node] : [node, retry.node],
  );
  const broken = faults.flatMap((fault) =>
    "nodes" in fault ? fault.nodes : fault.links.flatMap(({ from, to }) => [from, to]),
  );
  return new Set([...asked, ...broken]);
}

function placesOf(fault: FaultPlan): number {
  return "nodes" in fault ? fault.nodes.length : fault.links.length;
}

function withPlaces(fault: FaultPlan, kept: readonly number[]): FaultPlan {
  if ("nodes" in fault) return { ...fault, nodes: fault.nodes.filter((_, place) => kept.includes(place)) };
  return { ...fault, links: fault.links.filter((_, place) => kept.includes(place)) };
}

function withFault(scenario: Scenario, fault: FaultPlan): Scenario {
  return { ...scenario, faults: scenario.faults.map((other) => (other.id === fault.id ? fault : other)) };
}

/** Renames the written numbers to 1, 2, 3… in order of appearance, so that different stays different. */
function withSmallValues(scenario: Scenario): Scenario {
  const small = new Map<number, number>();
  const rename = (value: HistoryValue): HistoryValue => {
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== "number") return value;
    const known = small.get(value) ?? small.size + 1;
    small.set(value, known);
    return known;
  };
  const operations = scenario.operations.map((operation) =>
    operation.value === undefined ? operation : { ...operation, value: rename(operation.value) },
  );
  return { ...scenario, operations };
}

/** Calls the clients c1, c2, c3… in order of appearance, and their sessions after them. */
function withPlainClients(scenario: Scenario): Scenario {
  const clients = distinct(scenario.operations.map(({ client }) => client));
  const operations = scenario.operations.map((operation) => {
    const client = `c${clients.indexOf(operation.client) + 1}`;
    return {
      ...operation,
      client,
      session: operation.session === operation.client ? client : operation.session,
    };
  });
  return { ...scenario, operations };
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
