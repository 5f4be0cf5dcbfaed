import type { LogRecord } from "../../store/core/storage/record.ts";
import type { RecoveredLog } from "../../store/core/storage/recovery.ts";

/** What a power loss did to a disk. */
export interface PowerLoss {
  /** Records that were written and not synced when the power went. */
  readonly unsynced: number;
  /** How many of those are gone. */
  readonly lost: number;
  /** The first of the lost ones had been written in part. */
  readonly isTorn: boolean;
}

/**
 * The disk of one node: a snapshot, and a log of records of which a prefix is durable. It outlives processes.
 * What was written survives a kill, because the page cache belongs to the kernel; only what was synced is
 * sure to survive a power loss. Records are counted from the first that was ever written.
 */
export class SimDisk {
  /** While it is full, nothing can be written. What is there stays. */
  isFull = false;
  #snapshot: readonly LogRecord[] = [];
  /** The log behind the snapshot. */
  #records: LogRecord[] = [];
  /** Records that the snapshot stands for. */
  #replaced = 0;
  #durable = 0;
  /** How many records stand before a torn one; it is gone once another is durable in its place. */
  #tornAfter = -1;

  /** Records written. */
  get written(): number {
    return this.#replaced + this.#records.length;
  }

  /** Records, counted from the first, that a power loss cannot take. */
  get durable(): number {
    return this.#durable;
  }

  /** Writes a record, for now into the page cache. */
  append(record: LogRecord): void {
    this.#records.push(record);
  }

  /** A sync of the first `count` records has ended. */
  makeDurable(count: number): void {
    if (count <= this.#durable) return;
    this.#durable = count;
    if (count > this.#tornAfter) this.#tornAfter = -1;
  }

  /** A snapshot, synced and renamed, takes the place of the first `count` records. */
  install(snapshot: readonly LogRecord[], count: number): void {
    this.#snapshot = snapshot;
    this.#records.splice(0, count - this.#replaced);
    this.#replaced = count;
    this.makeDurable(count);
  }

  /**
   * Takes what was not synced, or less: pages may have reached the disk by themselves. `drawn` decides how
   * many records of the unsynced ones are left, and whether the first lost one was torn.
   */
  losePower(drawn: number): PowerLoss {
    const unsynced = this.written - this.#durable;
    const lost = unsynced - ((drawn >>> 1) % (unsynced + 1));
    this.#records.length -= lost;
    this.makeDurable(this.written);
    const isTorn = lost > 0 && (drawn & 1) === 1;
    if (isTorn) this.#tornAfter = this.written;
    return { unsynced, lost, isTorn };
  }

  /**
   * What a starting process reads. Opening the log syncs it before anybody asks; a torn end is passed over,
   * and told of until something durable stands in its place.
   */
  open(): RecoveredLog {
    const at = this.written;
    const dropped = this.#tornAfter === at ? ({ kind: "torn", at } as const) : null;
    this.#durable = at;
    return { records: [...this.#snapshot, ...this.#records], dropped };
  }
}
