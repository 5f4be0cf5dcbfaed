import type { Disk, DiskTarget } from "../runtime.ts";
import type { State } from "../versions/version.ts";
import { RecordKind } from "./record.ts";

/** Numbers the records of one node's log and hands them to the disk. All keyspaces share it. */
export class Log {
  readonly #disk: Disk;
  readonly #ringEpoch: number;
  #sequence: number;
  #unsynced = false;

  constructor(disk: Disk, ringEpoch: number, lastSequence: number) {
    this.#disk = disk;
    this.#ringEpoch = ringEpoch;
    this.#sequence = lastSequence;
  }

  /** Appends what a replica was told of a key; synced where a target waits for it. */
  append(keyspace: string, key: string, state: State, target: DiskTarget | null, cause: number): void {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const ringEpoch = this.#ringEpoch;
    if (target === null) this.#unsynced = true;
    const record = { sequence, kind: RecordKind.state, keyspace, ringEpoch, key, state };
    this.#disk.append(record, target, 0, cause);
  }

  /** Syncs what was appended without waiting, if anything was. */
  syncIfNeeded(target: DiskTarget, cause: number): void {
    if (!this.#unsynced) return;
    this.#unsynced = false;
    this.#disk.sync(target, 0, cause);
  }
}
