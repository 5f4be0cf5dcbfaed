import { ampleBudget } from "../../harness/contracts/checker.ts";
import { never } from "../../harness/history/history.ts";
import type { RegisterProblem } from "./problem.ts";
import type { ProblemShape } from "./random-problem.test-support.ts";
import { randomProblem } from "./random-problem.test-support.ts";
import { searchRegister } from "./search.ts";

/** Processor time of the search on keys of many shapes: the first time, the best of five, steps and memory. */

interface Row {
  readonly title: string;
  readonly keys: readonly RegisterProblem[];
  readonly steps?: number;
}

const plain: ProblemShape = { operations: 1000, clients: 5, values: 0, pending: 0, cas: 0, wrong: 0 };

function keys(
  count: number,
  shape: Partial<ProblemShape>,
  change?: (problem: RegisterProblem) => void,
): RegisterProblem[] {
  return Array.from({ length: count }, (_, seed) => {
    const problem = randomProblem({ ...plain, ...shape }, seed + 1);
    change?.(problem);
    return problem;
  });
}

/** Gives the last answered read a value: `stale` an old one, `phantom` one that was only written long before. */
function falsify(share: number, value: (problem: RegisterProblem, read: number) => number) {
  return (problem: RegisterProblem): void => {
    for (let read = Math.floor(problem.length * share); read < problem.length; read += 1) {
      if ((problem.needs[read] ?? -1) < 0 || (problem.leaves[read] ?? -1) >= 0 || problem.ret[read] === never)
        continue;
      problem.needs[read] = value(problem, read);
      return;
    }
  };
}

const stale = falsify(0.9, ({ leaves, ret }, read) => {
  for (let write = Math.floor(read / 2); write < read; write += 1) {
    if ((leaves[write] ?? -1) >= 0 && ret[write] !== never) return leaves[write] ?? 0;
  }
  return 0;
});
const phantom = falsify(0.95, () => 1_000_000);

const rows: Row[] = [
  { title: "1000 × 100, 5 clients, unique", keys: keys(1000, { operations: 100 }) },
  { title: "100 × 1000, 5 clients, unique", keys: keys(100, {}) },
  { title: "100 × 1000, 5 clients, 5 values", keys: keys(100, { values: 5 }) },
  { title: "100 × 1000, 5 clients, 5 values, cas", keys: keys(100, { values: 5, cas: 25 }) },
  { title: "1000 × 100, 5 clients, unique, pending", keys: keys(1000, { operations: 100, pending: 2 }) },
  {
    title: "1000 × 100, 5 clients, 5 values, pending",
    keys: keys(1000, { operations: 100, values: 5, pending: 2 }),
  },
  { title: "100 × 1000, unique, stale read", keys: keys(100, {}, stale) },
  { title: "1 × 10^4, 10 clients, unique", keys: keys(1, { operations: 10_000, clients: 10 }) },
  {
    title: "1 × 10^4, 10 clients, 5 values, cas",
    keys: keys(1, { operations: 10_000, clients: 10, values: 5, cas: 20 }),
  },
  { title: "1 × 1000, 20 clients, unique", keys: keys(1, { clients: 20 }) },
  { title: "1 × 1000, 30 clients, unique", keys: keys(1, { clients: 30 }) },
  { title: "1 × 1000, 100 clients, unique", keys: keys(1, { clients: 100 }) },
  { title: "1 × 500, 20 clients, 5 values", keys: keys(1, { operations: 500, clients: 20, values: 5 }) },
  {
    title: "1 × 500, 5 clients, 12 % pending, stale",
    keys: keys(1, { operations: 500, pending: 12 }, stale),
  },
  {
    title: "1 × 400, 15 clients, 5 values, phantom",
    keys: keys(1, { operations: 400, clients: 15, values: 5 }, phantom),
  },
  {
    title: "1 × 400, 20 clients, 5 values, phantom",
    keys: keys(1, { operations: 400, clients: 20, values: 5 }, phantom),
  },
  {
    title: "1 × 100, 5 values, 25 % pending, phantom",
    keys: keys(1, { operations: 100, values: 5, pending: 25 }, phantom),
  },
  {
    title: "1 × 200, 5 values, 25 % pending, phantom",
    keys: keys(1, { operations: 200, values: 5, pending: 25 }, phantom),
  },
  {
    title: "1 × 400, 5 values, 22 % pending, phantom",
    keys: keys(1, { operations: 400, values: 5, pending: 22 }, phantom),
  },
  {
    title: "1 × 400, 5 values, cas, 16 % pending, ph.",
    keys: keys(1, { operations: 400, values: 5, pending: 16, cas: 25 }, phantom),
  },
  {
    title: "1 × 1000, 10 clients, 5 values, 10 % p., ph.",
    keys: keys(1, { clients: 10, values: 5, pending: 10 }, phantom),
  },
  { title: "1000 × 1000, 5 clients, unique", keys: keys(1000, {}) },
  { title: "1000 × 1000, 5 clients, 5 values, cas", keys: keys(1000, { values: 5, cas: 20 }) },
  {
    title: "1 × 10^6, 5 clients, 5 values, cas",
    keys: keys(1, { operations: 1_000_000, values: 5, cas: 20 }),
  },
  { title: "1 × 10^6, 5 clients, unique, 1 % pending", keys: keys(1, { operations: 1_000_000, pending: 1 }) },
  {
    title: "1 × 10^6, 5 clients, 5 values, stale end",
    keys: keys(1, { operations: 1_000_000, values: 5 }, phantom),
  },
];

function run(row: Row): { readonly ms: number; readonly text: string } {
  const tally = new Map<string, number>();
  let steps = 0;
  let bytes = 0;
  const from = process.cpuUsage();
  for (const key of row.keys) {
    const outcome = searchRegister(key, { ...ampleBudget, steps: row.steps ?? 5_000_000 });
    tally.set(outcome.answer, (tally.get(outcome.answer) ?? 0) + 1);
    steps += outcome.steps;
    bytes = Math.max(bytes, outcome.peakBytes);
  }
  const { user, system } = process.cpuUsage(from);
  const ms = (user + system) / 1000;
  const operations = row.keys[0]?.length ?? 1;
  const answers = Array.from(tally, ([answer, count]) => `${count} ${answer}`).join(", ");
  return { ms, text: `${answers}; ${steps} steps, ${(bytes / operations).toFixed(0)} B/op` };
}

const only = process.argv[2];
for (const row of rows) {
  if (only !== undefined && !row.title.includes(only)) continue;
  const first = run(row);
  let best = first.ms;
  for (let again = 0; again < 5 && first.ms < 2000; again += 1) best = Math.min(best, run(row).ms);
  console.log(
    `${row.title.padEnd(44)} ${first.ms.toFixed(1).padStart(8)} ${best.toFixed(1).padStart(8)} ms  ${first.text}`,
  );
}
