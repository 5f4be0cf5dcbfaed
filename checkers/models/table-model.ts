import type { HistoryValue } from "../../harness/history/values.ts";
import { sameValue } from "../../harness/history/values.ts";
import type { Model, ModelOperation } from "./model.ts";
import { nondeterministic } from "./nondeterministic.ts";

/** A way from one state to another. */
export interface TableTransition {
  readonly from: string;
  readonly f: string;
  /** What was asked; anything where it is left out. */
  readonly value?: HistoryValue;
  /** What came back; anything where it is left out. */
  readonly result?: HistoryValue;
  /** `fail`: the data refuses it. `ok` where it is left out. */
  readonly outcome?: "ok" | "fail";
  readonly to: string;
}

/** A model as plain data. */
export interface ModelTable {
  readonly name: string;
  /** `key` where it is left out. */
  readonly partition?: "key" | "whole";
  /** A state, or all states that it may be in at first. */
  readonly initial: string | readonly string[];
  readonly transitions: readonly TableTransition[];
}

/**
 * The model that a table tells. What no transition allows is forbidden; where several allow it, the object may
 * be in any of the states that they lead to. An operation of unknown outcome may do what any of its answers does.
 */
export function tableModel({
  name,
  partition = "key",
  initial,
  transitions,
}: ModelTable): Model<readonly string[]> {
  const refused = transitions.filter(({ outcome }) => outcome === "fail");
  const byState = new Map<string, TableTransition[]>();
  for (const transition of transitions) {
    const known = byState.get(transition.from);
    if (known === undefined) byState.set(transition.from, [transition]);
    else known.push(transition);
  }
  return nondeterministic({
    name,
    partition,
    initial: typeof initial === "string" ? [initial] : initial,
    functions: [...new Set(transitions.map(({ f }) => f))],
    refusals: [...new Set(refused.map(({ f }) => f))],
    step: (state, operation) =>
      (byState.get(state) ?? []).filter((each) => allows(each, operation)).map(({ to }) => to),
    textOf: (state) => state,
  });
}

function allows(transition: TableTransition, { f, value, result, outcome }: ModelOperation): boolean {
  if (transition.f !== f) return false;
  if (transition.value !== undefined && !sameValue(transition.value, value)) return false;
  if (outcome === "unknown") return true;
  if (outcome !== (transition.outcome ?? "ok")) return false;
  return transition.result === undefined || sameValue(transition.result, result ?? null);
}
