import type { Budget } from "../../harness/contracts/checker.ts";
import { never } from "../../harness/history/history.ts";
import type { ModelProblem, SearchOutcome, SearchPartial } from "../search/problem.ts";

/** Tries every order, with each configuration tried once: slow and plain, to hold the real search against. */
export function referenceSearch(problem: ModelProblem, budget: Budget): SearchOutcome {
  const { length, call, ret, classOf } = problem;
  const seen = new Set<string>();
  const taken: boolean[] = Array.from({ length }, () => false);
  let best: SearchPartial = { order: new Int32Array(), refused: new Int32Array() };
  let deepest = -1;
  let steps = 0;
  const openAt = (): number[] => {
    const left = Array.from({ length }, (_, at) => at).filter((at) => !taken[at]);
    const firstEnd = left.reduce((least, at) => Math.min(least, ret[at] ?? never), never);
    return left.filter((at) => (call[at] ?? 0) < firstEnd);
  };
  const order: number[] = [];
  const finish = (state: number): boolean => {
    steps += 1;
    if (steps > budget.steps) return false;
    if (taken.every((isTaken, at) => isTaken || ret[at] === never)) return true;
    const text = `${state} ${taken.map(Number).join("")}`;
    if (seen.has(text)) return false;
    seen.add(text);
    const open = openAt();
    if (order.length > deepest) {
      deepest = order.length;
      best = { order: Int32Array.from(order), refused: Int32Array.from(open) };
    }
    return open.some((at) => {
      const next = problem.step(state, classOf[at] ?? 0);
      if (next < 0) return false;
      taken[at] = true;
      order.push(at);
      if (finish(next)) return true;
      taken[at] = false;
      order.pop();
      return false;
    });
  };
  const isFound = finish(0);
  const spent = { steps, peakBytes: seen.size * (length + 16) };
  if (isFound) return { ...spent, answer: "linearizable", order: Int32Array.from(order) };
  if (steps <= budget.steps) return { ...spent, answer: "illegal", partials: [best] };
  return { ...spent, answer: "undecided", spent: "steps", from: 0, to: length - 1, partials: [best] };
}
