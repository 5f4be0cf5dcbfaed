import type { HistoryValue } from "../history/values.ts";
import type { FaultPlan, OperationPlan, Scenario } from "./scenario.ts";

/** What is wrong with a scenario, and where. */
export interface ScenarioTrouble {
  readonly path: readonly (string | number)[];
  readonly says: string;
}

/**
 * What makes no sense in a scenario of the right form: names that nobody has, or two have; an operation that
 * waits for itself; a fault that ends before it begins. Operations that others depend on may be missing: the
 * run skips those that lack them, and shrinking counts on it.
 */
export function scenarioTrouble(scenario: Scenario): ScenarioTrouble | null {
  return (
    twiceNamed(scenario) ??
    firstOf(scenario.operations, (plan, index) => operationTrouble(scenario, plan, index)) ??
    firstOf(scenario.faults, (fault, index) => faultTrouble(scenario, fault, index)) ??
    cycleAmong(scenario.operations)
  );
}

function firstOf<Item>(
  items: readonly Item[],
  troubleOf: (item: Item, index: number) => ScenarioTrouble | null,
): ScenarioTrouble | null {
  for (const [index, item] of items.entries()) {
    const trouble = troubleOf(item, index);
    if (trouble !== null) return trouble;
  }
  return null;
}

function twiceNamed({ nodes, sites, keyspaces, operations, faults }: Scenario): ScenarioTrouble | null {
  const seen = new Map<string, string>();
  const take = (house: string, field: string, list: string, index: number, name: string | number) => {
    const key = `${house}/${name}`;
    const before = seen.get(key);
    seen.set(key, `${list}[${index}]`);
    if (before === undefined) return null;
    return trouble([list, index, field], `${JSON.stringify(name)} is the ${field} of ${before} already`);
  };
  // Links name nodes and sites alike, so no node may be called like a site.
  return (
    firstOf(nodes, ({ id }, index) => take("place", "id", "nodes", index, id)) ??
    firstOf(sites, ({ id }, index) => take("place", "id", "sites", index, id)) ??
    firstOf(keyspaces, ({ name }, index) => take("keyspace", "name", "keyspaces", index, name)) ??
    firstOf(operations, ({ id }, index) => take("operation", "id", "operations", index, id)) ??
    firstOf(faults, ({ id }, index) => take("fault", "id", "faults", index, id))
  );
}

function operationTrouble(scenario: Scenario, plan: OperationPlan, index: number): ScenarioTrouble | null {
  const path = ["operations", index];
  const nodes = scenario.nodes.map(({ id }) => id);
  return (
    unknownName([...path, "node"], "node", plan.node, nodes) ??
    (plan.retry?.node === undefined
      ? null
      : unknownName([...path, "retry", "node"], "node", plan.retry.node, nodes)) ??
    unknownName(
      [...path, "site"],
      "site",
      plan.site,
      scenario.sites.map(({ id }) => id),
    ) ??
    unknownName(
      [...path, "keyspace"],
      "keyspace",
      plan.keyspace,
      scenario.keyspaces.map(({ name }) => name),
    ) ??
    valueTrouble(path, plan)
  );
}

/** `null` is what a read returns where nothing is: written, it could not be told from that. */
function valueTrouble(path: readonly (string | number)[], plan: OperationPlan): ScenarioTrouble | null {
  const { f, value, valueFrom } = plan;
  const at = [...path, "value"];
  if (f === "read" || f === "delete") {
    return (value ?? null) === null ? null : trouble(at, `a ${f} takes no value`);
  }
  if (valueFrom !== undefined) return null;
  if (value === undefined) return trouble(at, `is missing; a ${f} needs a value or a valueFrom`);
  if (value === null) return trouble(at, "null means that nothing is there, and cannot be written");
  const wrong = shapeTrouble(f, value);
  return wrong === null ? null : trouble(at, wrong);
}

/** What is wrong with the form of a value, for what is to be done with it. */
function shapeTrouble(f: OperationPlan["f"], value: HistoryValue): string | null {
  if (f === "cas" && !(Array.isArray(value) && value.length === 2)) {
    return "a cas takes a list of two values: [expected, new]";
  }
  if (f === "increment" && !Number.isSafeInteger(value)) {
    return "an increment takes a whole number, the amount";
  }
  return null;
}

function faultTrouble(scenario: Scenario, fault: FaultPlan, index: number): ScenarioTrouble | null {
  const path = ["faults", index];
  const { atUs, untilUs } = fault;
  // Of no length at all is fine: a process may be killed and started in one go.
  if (untilUs !== null && untilUs < atUs) {
    const says = `a fault that begins at ${atUs} cannot end before; null is when everything is mended`;
    return trouble([...path, "untilUs"], says);
  }
  const nodes = scenario.nodes.map(({ id }) => id);
  if ("nodes" in fault) {
    return firstOf(fault.nodes, (name, place) => unknownName([...path, "nodes", place], "node", name, nodes));
  }
  const places = [...nodes, ...scenario.sites.map(({ id }) => id)];
  return firstOf(fault.links, ({ from, to }, place) => {
    const at = [...path, "links", place];
    if (from === to) return trouble(at, `${JSON.stringify(from)} has no link to itself`);
    return (
      unknownName([...at, "from"], "node or site", from, places) ??
      unknownName([...at, "to"], "node or site", to, places)
    );
  });
}

/** Finds an operation that would wait for itself: through what it depends on, or its client's order. */
function cycleAmong(operations: readonly OperationPlan[]): ScenarioTrouble | null {
  const waitsFor = awaitedBy(operations);
  const settled = new Set<number>();
  for (const [index, { id }] of operations.entries()) {
    const cycle = cycleFrom(id, waitsFor, settled);
    if (cycle !== null) {
      return trouble(["operations", index], `waits for itself: ${cycle.join(" waits for ")}`);
    }
  }
  return null;
}

function awaitedBy(operations: readonly OperationPlan[]): Map<number, readonly number[]> {
  const waitsFor = new Map<number, readonly number[]>();
  const lastOf = new Map<string, number>();
  for (const { id, client, after = [], contextFrom, valueFrom } of operations) {
    const before = lastOf.get(client);
    const awaited = [before, ...after, contextFrom, valueFrom?.op];
    waitsFor.set(
      id,
      awaited.filter((other) => other !== undefined),
    );
    lastOf.set(client, id);
  }
  return waitsFor;
}

/** Depth first without recursion: plans may be longer than the stack is deep. */
function cycleFrom(
  start: number,
  waitsFor: ReadonlyMap<number, readonly number[]>,
  settled: Set<number>,
): readonly number[] | null {
  const trail: { readonly id: number; next: number }[] = [{ id: start, next: 0 }];
  const onTrail = new Set([start]);
  for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
    const awaited = waitsFor.get(top.id)?.[top.next];
    top.next += 1;
    if (awaited === undefined) {
      settled.add(top.id);
      onTrail.delete(top.id);
      trail.pop();
    } else if (onTrail.has(awaited)) {
      const ids = trail.map(({ id }) => id);
      return [...ids.slice(ids.indexOf(awaited)), awaited];
    } else if (!settled.has(awaited)) {
      onTrail.add(awaited);
      trail.push({ id: awaited, next: 0 });
    }
  }
  return null;
}

function unknownName(
  path: readonly (string | number)[],
  what: string,
  name: string,
  known: readonly string[],
): ScenarioTrouble | null {
  if (known.includes(name)) return null;
  const those = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
  return trouble(path, `there is no ${what} ${JSON.stringify(name)}; ${those}`);
}

function trouble(path: readonly (string | number)[], says: string): ScenarioTrouble {
  return { path, says };
}
