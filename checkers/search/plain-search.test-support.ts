import { never } from "../../harness/history/history.ts";
import type { ModelProblem, RegisterProblem, SearchSpans } from "./problem.ts";

/** The state after an operation, or −1 where it is not legal. */
export type Apply = (state: number, operation: number) => number;

/** What an operation of a register does. */
export function registerApply({ needs, refuses, leaves }: RegisterProblem): Apply {
  return (state, operation) => {
    const needed = needs[operation] ?? -1;
    const left = leaves[operation] ?? -1;
    if ((needed >= 0 && needed !== state) || refuses[operation] === state) return -1;
    return left < 0 ? state : left;
  };
}

/** Tries every order of at most 30 operations, remembering what was seen as a whole: slow and plain. */
export function hasOrder(spans: SearchSpans, apply: Apply): boolean {
  const seen = new Set<string>();
  const all = Array.from({ length: spans.length }, (_, operation) => operation);
  const owed = all.filter((operation) => spans.ret[operation] !== never);
  const canFinish = (done: number, state: number): boolean => {
    const left = owed.filter((operation) => (done & (1 << operation)) === 0);
    if (left.length === 0) return true;
    const name = `${done} ${state}`;
    if (seen.has(name)) return false;
    seen.add(name);
    const first = Math.min(...left.map((operation) => spans.ret[operation] ?? never));
    return all.some((operation) => {
      if ((done & (1 << operation)) !== 0 || (spans.call[operation] ?? 0) > first) return false;
      const next = apply(state, operation);
      return next >= 0 && canFinish(done | (1 << operation), next);
    });
  };
  return canFinish(0, 0);
}

/** Says what is wrong with an order as a proof, or of a partial one as far as it goes: null where nothing is. */
export function faultOfOrder(
  spans: SearchSpans,
  apply: Apply,
  order: Int32Array,
  extent: "whole" | "partial" = "whole",
): string | null {
  const taken = new Set<number>();
  let state = 0;
  let latestCall = -1;
  for (const operation of order) {
    if (taken.has(operation)) return `${operation} is there twice`;
    taken.add(operation);
    if ((spans.ret[operation] ?? 0) < latestCall)
      return `${operation} had returned before another was called`;
    latestCall = Math.max(latestCall, spans.call[operation] ?? 0);
    state = apply(state, operation);
    if (state < 0) return `${operation} is not legal where it stands`;
  }
  const missing = spans.ret.findIndex((ret, operation) => ret !== never && !taken.has(operation));
  return extent === "whole" && missing >= 0 ? `${missing} is missing` : null;
}

/** A register's key as one of any model, with a class for each demand and effect, and states that are values. */
export function asModel(problem: RegisterProblem): ModelProblem {
  const classes = new Map<string, number>();
  const apply = registerApply(problem);
  const examples: number[] = [];
  const classOf = Int32Array.from({ length: problem.length }, (_, operation) => {
    const { needs, refuses, leaves } = problem;
    const name = `${needs[operation]} ${refuses[operation]} ${leaves[operation]}`;
    const known = classes.get(name);
    if (known !== undefined) return known;
    examples.push(operation);
    classes.set(name, examples.length - 1);
    return examples.length - 1;
  });
  const isReadOnly = Uint8Array.from(examples, (operation) => ((problem.leaves[operation] ?? 0) < 0 ? 1 : 0));
  const { length, call, ret } = problem;
  const step = (state: number, operationClass: number): number => apply(state, examples[operationClass] ?? 0);
  return { length, call, ret, classOf, isReadOnly, step };
}
