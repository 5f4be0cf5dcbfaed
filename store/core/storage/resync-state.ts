import type { Metrics } from "../metrics.ts";
import type { DiskTarget } from "../runtime.ts";
import type { Durable } from "./durable.ts";
import type { Log } from "./log.ts";
import type { LogRecord } from "./record.ts";
import { nodeRecord, RecordKind } from "./record.ts";

/**
 * Whether the node may have forgotten what it acknowledged, as its log tells it. It is over only when the
 * log says so: a node that dies in between must begin again.
 */
export class ResyncState implements Durable, DiskTarget {
  readonly #log: Log;
  readonly #metrics: Metrics;
  #isNeeded = false;

  constructor(log: Log, metrics: Metrics) {
    this.#log = log;
    this.#metrics = metrics;
  }

  get isNeeded(): boolean {
    return this.#isNeeded;
  }

  recover(record: LogRecord): void {
    this.#isNeeded = record.text !== "done";
  }

  *records(): Generator<LogRecord> {
    if (this.#isNeeded) yield nodeRecord(RecordKind.resync, 0, "needed");
  }

  /** From now on it is needed, in this life and the next. */
  begin(cause: number): void {
    this.#isNeeded = true;
    this.#log.append(nodeRecord(RecordKind.resync, 0, "needed"), this, 0, cause);
  }

  /** It is over: whatever was learnt is in the log before this record, so it is durable with it. */
  end(cause: number): void {
    this.#isNeeded = false;
    this.#log.append(nodeRecord(RecordKind.resync, 0, "done"), this, 0, cause);
  }

  /** Nobody waits for it: what is appended later is not durable before it. */
  onDurable(): void {
    return;
  }

  /** The next life begins where this one did. */
  onDiskFailed(): void {
    this.#metrics.diskFailures += 1;
  }
}
