import type { Disk, DiskTarget } from "../runtime.ts";
import type { LogRecord } from "../storage/record.ts";
import type { RecoveredLog } from "../storage/recovery.ts";

/** Runs something when the disk has had its time, unless that life of the node is over by then. */
export type WhenSynced = (run: () => void) => void;

/**
 * The disk of one node of a `FakeWorld`. Records are counted from the first that was ever appended, so that
 * a sync that was asked for before a snapshot was installed still means the same records.
 */
export class FakeDisk {
  /** While it is full, appends fail and what is there stays. */
  isFull: boolean = false;
  /** While it is broken, whatever waits for it fails. */
  isBroken: boolean = false;
  backlog: number = 0;
  #installed: readonly LogRecord[] = [];
  /** The log from the record after `#dropped` on. */
  #records: LogRecord[] = [];
  #dropped = 0;
  #durable = 0;
  /** Where the torn record stands that the last power loss left; overwritten by the next one. */
  #tornAt: number | null = null;

  /** How many records a start would read. */
  get size(): number {
    return this.#installed.length + this.#records.length;
  }

  /** The power fails: what is not durable is gone, perhaps with a part of the first lost record left. */
  losePower(isTorn: boolean): void {
    const kept = this.#durable - this.#dropped;
    if (isTorn && this.#records.length > kept) this.#tornAt = this.#durable;
    this.#records.length = kept;
  }

  /** An empty disk takes its place. */
  erase(): void {
    this.#installed = [];
    this.#dropped = this.#end();
    this.#records = [];
    this.#durable = this.#dropped;
    this.#tornAt = null;
  }

  /** Flips a byte of the last record, durable as it is: it looks torn now. */
  tearLast(): void {
    this.#records.pop();
    this.#durable = this.#end();
    this.#tornAt = this.#end();
  }

  /** What a starting node reads. It is durable from then on. */
  open(): RecoveredLog {
    const at = this.#end();
    const dropped = this.#tornAt === at ? ({ kind: "torn", at } as const) : null;
    this.#durable = at;
    return { records: [...this.#installed, ...this.#records], dropped };
  }

  /** The disk as one life of the node sees it. */
  attach(whenSynced: WhenSynced): Disk {
    return new AttachedDisk(this, whenSynced);
  }

  append(record: LogRecord): boolean {
    if (this.isFull) return false;
    this.#records.push(record);
    return true;
  }

  /** How many records there ever were. */
  written(): number {
    return this.#end();
  }

  makeDurable(count: number): void {
    this.#durable = Math.max(this.#durable, count);
    if (this.#tornAt !== null && this.#durable > this.#tornAt) this.#tornAt = null;
  }

  install(snapshot: readonly LogRecord[], upTo: number): void {
    this.#installed = snapshot;
    this.#records.splice(0, upTo - this.#dropped);
    this.#dropped = Math.max(this.#dropped, upTo);
    this.makeDurable(upTo);
  }

  #end(): number {
    return this.#dropped + this.#records.length;
  }
}

class AttachedDisk implements Disk {
  readonly #disk: FakeDisk;
  readonly #whenSynced: WhenSynced;
  #begun: LogRecord[] = [];
  #boundary = 0;

  constructor(disk: FakeDisk, whenSynced: WhenSynced) {
    this.#disk = disk;
    this.#whenSynced = whenSynced;
  }

  get isFull(): boolean {
    return this.#disk.isFull;
  }

  get backlog(): number {
    return this.#disk.backlog;
  }

  append(record: LogRecord, target: DiskTarget | null, tag: number): void {
    const isWritten = this.#disk.append(record);
    if (target === null) return;
    if (isWritten) this.sync(target, tag);
    else this.#whenSynced(() => target.onDiskFailed(tag));
  }

  sync(target: DiskTarget, tag: number): void {
    const count = this.#disk.written();
    this.#whenSynced(() => {
      if (this.#disk.isBroken) {
        target.onDiskFailed(tag);
        return;
      }
      this.#disk.makeDurable(count);
      target.onDurable(tag);
    });
  }

  rotate(): void {
    this.#begun = [];
    this.#boundary = this.#disk.written();
  }

  snapshot(records: readonly LogRecord[]): void {
    this.#begun.push(...records);
  }

  install(target: DiskTarget, tag: number): void {
    const snapshot = this.#begun;
    const boundary = this.#boundary;
    this.#whenSynced(() => {
      if (this.#disk.isBroken || this.#disk.isFull) {
        target.onDiskFailed(tag);
        return;
      }
      this.#disk.install(snapshot, boundary);
      target.onDurable(tag);
    });
  }
}
