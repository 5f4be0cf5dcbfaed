import type { History } from "../history/history.ts";

/** The formats that histories are read from, by the names that people type. */
export const historyFormats = ["jsonl", "edn", "porcupine-etcd", "porcupine-kv"] as const;
/** One of these formats. */
export type HistoryFormat = (typeof historyFormats)[number];

/** The formats that histories are written in. */
export const writtenFormats = ["jsonl", "edn"] as const;
/** One of these formats. */
export type WrittenFormat = (typeof writtenFormats)[number];

/** What was read. */
export interface ReadHistory {
  readonly history: History;
  readonly format: HistoryFormat;
  /** What was left out or has to be known, each as a clause: `3 operations of the nemesis were left out`. */
  readonly notes: readonly string[];
}

/**
 * Reads a history that comes in pieces, cut anywhere, and keeps no more of the text than one operation. What it
 * refuses, it refuses with the number of the line, what is wrong, and what would be right.
 *
 * @throws OperatingError `bad-history`
 */
export interface HistoryReader {
  /** The line that is being read, from 1 on; 0 before the first. */
  readonly line: number;
  push(text: string): void;
  finish(): ReadHistory;
}
