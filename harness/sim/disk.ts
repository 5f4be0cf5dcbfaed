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
 * The disk of one node: a log of records of which a prefix is durable. It outlives processes. What was
 * written survives a kill, because the page cache belongs to the kernel; only what was synced is sure to
 * survive a power loss.
 */
export class SimDisk {
  #records: LogRecord[] = [];
  #durable = 0;
  #isTorn = false;

  /** Records written. */
  get written(): number {
    return this.#records.length;
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
    if (count > this.#durable) this.#durable = count;
  }

  /**
   * Takes what was not synced, or less: pages may have reached the disk by themselves. `drawn` decides how
   * many records of the unsynced ones are left, and whether the first lost one was torn.
   */
  losePower(drawn: number): PowerLoss {
    const unsynced = this.#records.length - this.#durable;
    const lost = unsynced - ((drawn >>> 1) % (unsynced + 1));
    this.#records.length -= lost;
    this.#durable = this.#records.length;
    const isTorn = lost > 0 && (drawn & 1) === 1;
    if (isTorn) this.#isTorn = true;
    return { unsynced, lost, isTorn };
  }

  /** What a starting process reads. Opening the log drops a torn end, and syncs the rest before anybody asks. */
  open(): RecoveredLog {
    const at = this.#records.length;
    const dropped = this.#isTorn ? ({ kind: "torn", at } as const) : null;
    this.#isTorn = false;
    this.#durable = at;
    return { records: [...this.#records], dropped };
  }
}
