import type { Disk, DiskTarget } from "../runtime.ts";
import type { LogRecord } from "./record.ts";

/** Hears that the log has grown so far as it asked. */
export interface LogListener {
  onAppended(cause: number): void;
}

/** The log of one node. All keyspaces share it. */
export class Log {
  readonly disk: Disk;
  #appended = 0;
  #unsynced = false;
  #dueAt: number = Number.POSITIVE_INFINITY;
  #listener: LogListener | null = null;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  /** Records appended by this life of the node. */
  get appended(): number {
    return this.#appended;
  }

  /** Appends a record; synced where a target waits for it. */
  append(record: LogRecord, target: DiskTarget | null, tag: number, cause: number): void {
    this.#appended += 1;
    if (target === null) this.#unsynced = true;
    this.disk.append(record, target, tag, cause);
    if (this.#appended >= this.#dueAt) this.#tell(cause);
  }

  /** Tells the listener once, when so many records have been appended; it is the only one. */
  whenAppended(count: number, listener: LogListener): void {
    this.#dueAt = count;
    this.#listener = listener;
  }

  /** Syncs what was appended without waiting, if anything was. */
  syncIfNeeded(target: DiskTarget, cause: number): void {
    if (!this.#unsynced) return;
    this.#unsynced = false;
    this.disk.sync(target, 0, cause);
  }

  #tell(cause: number): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#listener?.onAppended(cause);
  }
}
