import type { History } from "../history/history.ts";

/** The formats that histories are read from, by the names that people type. */
export const historyFormats = ["jsonl", "edn", "porcupine-etcd", "porcupine-kv"] as const;
/** One of these formats. */
export type HistoryFormat = (typeof historyFormats)[number];

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
  push(text: string): void;
  finish(): ReadHistory;
}
