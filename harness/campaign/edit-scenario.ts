import type { FaultPlan, OperationPlan, Scenario } from "../contracts/scenario.ts";

/** Leaves only these faults. */
export function withFaults(scenario: Scenario, kept: ReadonlySet<number>): Scenario {
  return { ...scenario, faults: scenario.faults.filter(({ id }) => kept.has(id)) };
}

/**
 * Leaves only these operations, and of them only those whose value or context still has a source. What came
 * after a removed operation now comes after what that one came after; a message held for it is held no more.
 */
export function withOperations(scenario: Scenario, wanted: ReadonlySet<number>): Scenario {
  const kept = closedUnderSources(scenario.operations, wanted);
  const byId = new Map(scenario.operations.map((operation) => [operation.id, operation]));
  const operations = scenario.operations
    .filter(({ id }) => kept.has(id))
    .map((operation) => withAfter(operation, [...ancestors(operation, kept, byId, new Set())]));
  const faults = scenario.faults.filter((fault) => fault.kind !== "hold" || kept.has(fault.operation));
  return { ...scenario, operations, faults };
}

/** The operation after exactly these. */
export function withAfter(operation: OperationPlan, after: readonly number[]): OperationPlan {
  const { after: _, ...rest } = operation;
  if (after.length === 0) return rest;
  return { ...rest, after: [...after].sort((a, b) => a - b) };
}

/** Ids of the operations that this one takes a value or a context from. */
export function sourcesOf(operation: OperationPlan): number[] {
  const sources: number[] = [];
  if (operation.contextFrom !== undefined) sources.push(operation.contextFrom);
  if (operation.valueFrom !== undefined) sources.push(operation.valueFrom.op);
  return sources;
}

/** Moves every operation and fault in time. */
export function withTimes(scenario: Scenario, move: (timeUs: number) => number): Scenario {
  const faults = scenario.faults.map(
    (fault): FaultPlan => ({
      ...fault,
      atUs: move(fault.atUs),
      untilUs: fault.untilUs === null ? null : move(fault.untilUs),
    }),
  );
  const operations = scenario.operations.map((operation) => ({ ...operation, atUs: move(operation.atUs) }));
  return { ...scenario, operations, faults };
}

function closedUnderSources(
  operations: readonly OperationPlan[],
  wanted: ReadonlySet<number>,
): ReadonlySet<number> {
  let kept = wanted;
  for (;;) {
    const next = new Set<number>();
    for (const operation of operations) {
      if (kept.has(operation.id) && sourcesOf(operation).every((id) => kept.has(id))) next.add(operation.id);
    }
    if (next.size === kept.size) return next;
    kept = next;
  }
}

/** The kept operations that come right before this one, looking through those that were removed. */
function ancestors(
  operation: OperationPlan,
  kept: ReadonlySet<number>,
  byId: ReadonlyMap<number, OperationPlan>,
  seen: Set<number>,
): ReadonlySet<number> {
  const found = new Set<number>();
  for (const id of operation.after ?? []) {
    if (seen.has(id)) continue;
    seen.add(id);
    const before = byId.get(id);
    if (kept.has(id)) found.add(id);
    else if (before !== undefined) for (const far of ancestors(before, kept, byId, seen)) found.add(far);
  }
  return found;
}
