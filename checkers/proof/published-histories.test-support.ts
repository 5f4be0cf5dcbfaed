import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Budget } from "../../harness/contracts/checker.ts";
import { openReader } from "../../harness/foreign/open-reader.ts";
import type { History } from "../../harness/history/history.ts";

/** A history that porcupine publishes, with the verdict that its own tests expect. */
export interface PublishedHistory {
  /** Within porcupine's folder `test_data`. */
  readonly path: string;
  readonly isLegal: boolean;
}

/** The logs of etcd that are linearizable, by number; from 0 to 102 all others are not. */
const legalLogs = [
  2, 5, 7, 18, 25, 31, 38, 45, 48, 49, 51, 53, 56, 67, 75, 76, 80, 87, 92, 98, 100, 101, 102,
];
/** Its cluster never started, and nobody judges it. */
const emptyLog = 95;

/** Jepsen's runs against etcd, as porcupine's `porcupine_test.go` (version 1.3.1) judges them. */
export const publishedLogs: readonly PublishedHistory[] = Array.from({ length: 103 }, (_, number) => number)
  .filter((number) => number !== emptyLog)
  .map((number) => ({
    path: join("jepsen", `etcd_${String(number).padStart(3, "0")}.log`),
    isLegal: legalLogs.includes(number),
  }));

/** Histories of a key-value store with 1, 10 and 50 clients, from the same place. */
export const publishedTexts: readonly PublishedHistory[] = ["c01", "c10", "c50"].flatMap((clients) => [
  { path: join("kv", `${clients}-ok.txt`), isLegal: true },
  { path: join("kv", `${clients}-bad.txt`), isLegal: false },
]);

/**
 * What judging one of them may cost for each key. Chosen: twice what the hardest of the legal ones needs. An illegal
 * one also has keys that nobody can decide, and one that can be is enough (porcupine stops at that one).
 */
export function publishedBudget({ isLegal }: PublishedHistory): Budget {
  return { steps: isLegal ? 250_000 : 20_000, bytes: 128 * 1024 * 1024 };
}

/** A published history as the product reads it, from the folder of porcupine's module. */
export function readPublished(folder: string, { path }: PublishedHistory): History {
  const reader = openReader({ format: "auto", isIndependent: false });
  reader.push(readFileSync(join(folder, "test_data", path), "utf8"));
  return reader.finish().history;
}
