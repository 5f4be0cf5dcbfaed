import type { LogRecord } from "./record.ts";

/** A part of a node whose state is in the log. */
export interface Durable {
  /** Takes a record of the log or the snapshot, in the order in which they were appended. */
  recover(record: LogRecord): void;
  /** All that it would need after a restart, as records: what a snapshot keeps. */
  records(): Iterable<LogRecord>;
}
