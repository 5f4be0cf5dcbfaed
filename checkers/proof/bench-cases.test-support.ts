import { ampleBudget, check } from "../../harness/contracts/checker.ts";
import type { History } from "../../harness/history/history.ts";
import { problemOfKey } from "../register/key-problem.ts";
import { linearizability } from "../register/linearizability.ts";
import { searchRegister } from "../search/search.ts";
import type { Load } from "./busy-registers.test-support.ts";
import { busyRegisters } from "./busy-registers.test-support.ts";
import { porcupineFolder } from "./native-porcupine.test-support.ts";
import { publishedLogs, readPublished } from "./published-histories.test-support.ts";

/** What is to be reached: so many times porcupine's speed, or so many milliseconds. */
export interface Mark {
  readonly coldTimes?: number;
  readonly warmTimes?: number;
  readonly coldMs?: number;
  readonly warmMs?: number;
}

/** Work that is measured, from the history's columns to the verdict: sorting and partitioning included. */
export interface BenchCase {
  readonly name: string;
  readonly mark: Mark;
  histories(): readonly History[];
  /** What is said of each history. */
  readonly judge: (history: History) => string;
  /** How long porcupine may take, in all; 0: it is not asked. */
  readonly nativeMs: number;
  /** How often both are measured in turn. */
  readonly rounds: number;
}

const plain: Load = {
  operations: 100_000,
  keys: 100,
  clients: 5,
  values: 0,
  cas: 0,
  pending: 0,
  hasStaleRead: false,
};

/** The whole checker: assumptions, zones, search where it must be, names, and the verdict of all keys. */
function byChecker(history: History): string {
  return check(linearizability, { ...history }).word;
}

/** The most that the search took of its own memory for one key, by the operation of that key. */
export function searchBytes(history: History): number {
  let most = 0;
  for (let key = 0; key < history.keys.length; key += 1) {
    const problem = problemOfKey(history, key);
    const { peakBytes } = searchRegister(problem, ampleBudget);
    if (problem.length > 0) most = Math.max(most, peakBytes / problem.length);
  }
  return most;
}

/** The search alone, also where zones would do: until the first key that has no order, as porcupine does. */
function bySearch(history: History): string {
  // A copy, so that its index is made anew each time.
  const copy = { ...history };
  for (let key = 0; key < copy.keys.length; key += 1) {
    const { answer } = searchRegister(problemOfKey(copy, key), ampleBudget);
    if (answer !== "linearizable") return answer === "illegal" ? "invalid" : "unknown";
  }
  return "valid";
}

const searchMark: Mark = { coldTimes: 5, warmTimes: 8 };

function searched(name: string, load: Partial<Load>, mark: Mark = searchMark): BenchCase {
  return {
    name: `search: ${name}`,
    mark,
    histories: () => [busyRegisters({ ...plain, ...load })],
    judge: bySearch,
    nativeMs: 60_000,
    rounds: 3,
  };
}

function checked(name: string, load: Partial<Load>, mark: Mark, nativeMs: number, rounds = 3): BenchCase {
  return {
    name: `checker: ${name}`,
    mark,
    histories: () => [busyRegisters({ ...plain, ...load })],
    judge: byChecker,
    nativeMs,
    rounds,
  };
}

function logsOfEtcd(): readonly History[] {
  const there = porcupineFolder();
  return typeof there === "string" ? [] : publishedLogs.map((log) => readPublished(there.folder, log));
}

const million = { operations: 1_000_000, keys: 1_000 };
const oneKey = { keys: 1, operations: 1_000 };
const hard = { keys: 1, operations: 1_000, clients: 10, values: 4, pending: 10, hasStaleRead: true };

/** The marks of the checkers' design, and what they are measured on. */
export const benchCases: readonly BenchCase[] = [
  searched("100 keys of 1,000, own values", {}),
  searched("100 keys of 1,000, five values", { values: 5 }),
  searched("100 keys of 1,000, five values, a quarter cas", { values: 5, cas: 25 }),
  searched("1,000 keys of 100, own values, 2% of writes pending", { keys: 1_000, pending: 2 }),
  searched("one key of 10,000, 10 clients", { keys: 1, operations: 10_000, clients: 10 }, { warmTimes: 50 }),
  {
    name: "search: porcupine's 102 logs of etcd",
    mark: { warmMs: 10 },
    histories: logsOfEtcd,
    judge: bySearch,
    nativeMs: 60_000,
    rounds: 3,
  },
  {
    name: "checker: the same logs, with evidence and names",
    mark: {},
    histories: logsOfEtcd,
    judge: byChecker,
    nativeMs: 0,
    rounds: 3,
  },
  checked("one key of 1,000, own values, 20 clients", { ...oneKey, clients: 20 }, { warmMs: 5 }, 5_000),
  checked(
    "one key of 500, own values, some 31 pending, a stale read",
    { keys: 1, operations: 500, clients: 10, pending: 13, hasStaleRead: true },
    { warmMs: 10 },
    5_000,
  ),
  checked(
    "a million, own values, 2% pending",
    { ...million, pending: 2 },
    { coldMs: 1_000, warmMs: 150 },
    60_000,
  ),
  checked("a million on one key, own values", { ...million, keys: 1 }, { coldMs: 1_000, warmMs: 150 }, 0),
  checked("a million, five values", { ...million, values: 5 }, { coldMs: 1_000, warmMs: 500 }, 60_000),
  checked(
    "a million, five values, a quarter cas, 1% pending",
    { ...million, values: 5, cas: 25, pending: 1 },
    { coldMs: 1_000, warmMs: 500 },
    0,
  ),
  checked("ten million, own values", { ...million, operations: 10_000_000 }, { warmMs: 1_500 }, 0, 2),
  checked("one key of 1,000, five values, some 50 pending, a stale read", hard, {}, 5_000, 1),
];
