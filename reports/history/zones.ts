import { never } from "../../harness/history/history.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import type { StoryOperation } from "../story/operations.ts";

/** Two values of a register that each had to come before the other. */
export interface Clash {
  readonly a: Zone;
  readonly b: Zone;
}

/** The operations on one value: a register with unique values holds it once, from before `f` until after `s`. */
export interface Zone {
  readonly value: HistoryValue;
  /** The first of them to end; null of the initial value, which is there before anything begins. */
  readonly f: StoryOperation | null;
  /** The last of them to begin. */
  readonly s: StoryOperation;
}

/**
 * The clash that some operations of one register prove, if they do: the first of A's ended before the last of
 * B's began, and the other way round. Said of reads and writes alone: deletes and cas have no zone of their own.
 */
export function clashOf(evidence: readonly StoryOperation[]): Clash | null {
  if (evidence.some(({ f }) => f !== "read" && f !== "write")) return null;
  if (evidence.some(({ key, keyspace }) => key !== evidence[0]?.key || keyspace !== evidence[0]?.keyspace)) {
    return null;
  }
  const zones = zonesOf(evidence);
  for (const a of zones) {
    const b = zones.find((other) => other !== a && precedes(a, other) && precedes(other, a));
    if (b !== undefined) return { a, b };
  }
  return null;
}

function zonesOf(evidence: readonly StoryOperation[]): Zone[] {
  const members = new Map<string, StoryOperation[]>();
  for (const operation of evidence) {
    const { f, outcome, result, argument } = operation;
    if (f === "read" ? outcome !== "ok" : outcome === "fail") continue;
    const name = JSON.stringify(f === "read" ? result : argument);
    members.set(name, [...(members.get(name) ?? []), operation]);
  }
  return [...members.values()].map((all) => {
    const value = valueShown(all[0]);
    const f = all.reduce((first, each) => (each.completeIndex < first.completeIndex ? each : first));
    const s = all.reduce((last, each) => (each.invokeIndex > last.invokeIndex ? each : last));
    return { value, f: value === null ? null : f, s };
  });
}

function valueShown(operation: StoryOperation | undefined): HistoryValue {
  if (operation === undefined) return null;
  return operation.f === "read" ? operation.result : operation.argument;
}

function precedes({ f }: Zone, { s }: Zone): boolean {
  return f === null || (f.completeIndex !== never && f.completeIndex < s.invokeIndex);
}
