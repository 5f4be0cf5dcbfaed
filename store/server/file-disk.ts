import { performance } from "node:perf_hooks";
import type { Disk, DiskTarget } from "../core/runtime.ts";
import type { LogRecord } from "../core/storage/record.ts";
import { encodeLogRecord } from "../core/storage/record-codec.ts";
import type { DataDirectory } from "./data-directory.ts";
import { isNoRoom } from "./data-directory.ts";
import type { DataLock } from "./data-lock.ts";
import { RoomProbe } from "./room-probe.ts";
import { SegmentWriter } from "./segment-writer.ts";
import type { Boundary } from "./snapshot-writer.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";

/** Somebody who waits until everything appended before is durable. */
interface Waiter {
  readonly target: DiskTarget;
  readonly tag: number;
}

/** What was appended while the disk was busy: written with one call, synced with one. */
interface Batch {
  /** Begins a segment, and hears where; null where it goes on with the present one. */
  readonly cut: ((boundary: Boundary | null) => void) | null;
  chunks: Uint8Array[];
  waiters: Waiter[];
  bytes: number;
}

/** Where a log goes on. */
export interface LogEnd {
  readonly segment: SegmentWriter;
  readonly lastSequence: number;
}

/**
 * The write-ahead log in the files of a data directory. Appends that come while the disk syncs wait for one
 * another and share the next sync (group commit). Where there is no room for a write it is taken back, fails,
 * and later ones are tried again. After any other failed write or sync nothing is acknowledged any more: what
 * the disk holds then is not known (Rebello et al., "Can Applications Recover from fsync Failures?", 2020).
 */
export class FileDisk implements Disk {
  /** Hears of every sync of the log: how long it took, and for how many records. */
  onSynced: ((durationMs: number, records: number) => void) | null = null;
  readonly #directory: DataDirectory;
  readonly #lock: DataLock;
  readonly #log: (line: string) => void;
  readonly #probe: RoomProbe;
  #segment: SegmentWriter;
  /** The sequence of the last record that was appended, written and synced. */
  #sequence: number;
  #written: number;
  #durable: number;
  /** What waits: batches that end where a segment does, and the one that appends join. */
  #closed: Batch[] = [];
  #next: Batch = emptyBatch(null);
  #backlog = 0;
  #isBusy = false;
  #failure: Error | null = null;
  #idle: (() => void)[] = [];
  #snapshot: SnapshotWriter | null = null;
  #boundary: Promise<Boundary | null> = Promise.resolve(null);
  /** Ends when no snapshot is being written. */
  #snapshotWork: Promise<void> = Promise.resolve();

  constructor(
    directory: DataDirectory,
    { segment, lastSequence }: LogEnd,
    lock: DataLock,
    log: (line: string) => void,
  ) {
    this.#directory = directory;
    this.#lock = lock;
    this.#segment = segment;
    this.#sequence = lastSequence;
    this.#written = lastSequence;
    this.#durable = lastSequence;
    this.#log = log;
    this.#probe = new RoomProbe(directory, () => log(`${directory.path}: there is room again`));
  }

  get isFull(): boolean {
    return this.#probe.isFull;
  }

  get backlog(): number {
    return this.#backlog;
  }

  append(record: LogRecord, target: DiskTarget | null, tag: number): void {
    const bytes = this.#encode(record);
    if (bytes === null) {
      if (target !== null) tell([{ target, tag }], false);
      return;
    }
    this.#sequence += 1;
    this.#next.chunks.push(bytes);
    this.#next.bytes += bytes.length;
    this.#backlog += bytes.length;
    if (target !== null) this.#next.waiters.push({ target, tag });
    this.#wake();
  }

  sync(target: DiskTarget, tag: number): void {
    this.#next.waiters.push({ target, tag });
    this.#wake();
  }

  rotate(): void {
    if (this.#snapshot !== null) this.#snapshotWork = this.#snapshot.end();
    this.#boundary = new Promise((resolve) => {
      this.#closed.push(this.#next);
      this.#next = emptyBatch(resolve);
    });
    this.#snapshot = new SnapshotWriter(this.#directory, this.#snapshotWork);
    this.#wake();
  }

  snapshot(records: readonly LogRecord[]): void {
    if (this.#snapshot === null) throw new Error("no snapshot was begun");
    this.#backlog += this.#snapshot.add(records, (bytes) => {
      this.#backlog -= bytes;
    });
  }

  install(target: DiskTarget, tag: number): void {
    if (this.#snapshot === null) throw new Error("no snapshot was begun");
    const installed = this.#snapshot.install(this.#boundary);
    this.#snapshot = null;
    this.#snapshotWork = installed.then((failure) => {
      if (failure !== null) this.#log(`no snapshot could be written: ${failure.message}`);
      tell([{ target, tag }], failure === null);
    });
  }

  /** Writes out what is waiting, closes the files and frees the directory. */
  async close(): Promise<void> {
    if (this.#isBusy) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await (this.#snapshot?.end() ?? this.#snapshotWork);
    await this.#probe.close();
    await this.#segment.close();
    await this.#lock.release();
  }

  /** Null where it is so large that the log cannot hold it. */
  #encode(record: LogRecord): Uint8Array | null {
    try {
      return encodeLogRecord(record, this.#sequence + 1, this.#durable);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#log(`${record.keyspace}/${record.key} can't be written: ${error.message}`);
      return null;
    }
  }

  #wake(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    // The rest of this turn's appends join the batch.
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    for (let batch = this.#take(); batch !== null; batch = this.#take()) {
      await this.#carryOut(batch);
      this.#backlog -= batch.bytes;
    }
    this.#isBusy = false;
    for (const idle of this.#idle.splice(0)) idle();
  }

  #take(): Batch | null {
    const closed = this.#closed.shift();
    if (closed !== undefined) return closed;
    const { cut, chunks, waiters } = this.#next;
    if (cut === null && chunks.length + waiters.length === 0) return null;
    const batch = this.#next;
    this.#next = emptyBatch(null);
    return batch;
  }

  async #carryOut(batch: Batch): Promise<void> {
    const { cut, waiters } = batch;
    try {
      if (this.#failure !== null) throw this.#failure;
      if (cut !== null) cut(await this.#beginSegment());
      const isWritten = await this.#write(batch);
      if (isWritten && waiters.length > 0) await this.#sync();
      tell(waiters, isWritten);
    } catch (error) {
      cut?.(null);
      if (this.#failure === null) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        this.#log(`the log can't be written: ${this.#failure.message}`);
      }
      tell(waiters, false);
    }
  }

  /** Whether there was room. */
  async #write({ chunks }: Batch): Promise<boolean> {
    if (chunks.length === 0) return true;
    try {
      await this.#segment.write(chunks);
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      await this.#segment.cutBack();
      this.#failQueued();
      if (!this.#probe.isFull) this.#log(`${this.#directory.path}: no room to write to`);
      this.#probe.start();
      return false;
    }
    this.#written += chunks.length;
    this.#probe.stop();
    return true;
  }

  /** What comes behind a failed write is numbered on from it, so it fails too. */
  #failQueued(): void {
    for (const batch of [...this.#closed, this.#next]) {
      tell(batch.waiters, false);
      this.#backlog -= batch.bytes;
      batch.waiters = [];
      batch.chunks = [];
      batch.bytes = 0;
    }
    this.#sequence = this.#written;
  }

  async #sync(): Promise<void> {
    const records = this.#written - this.#durable;
    const startMs = performance.now();
    await this.#segment.sync();
    this.#durable = this.#written;
    this.onSynced?.(performance.now() - startMs, records);
  }

  /** Where the log is cut; null where no segment could be made. */
  async #beginSegment(): Promise<Boundary | null> {
    await this.#sync();
    if (!this.#segment.isEmpty) {
      const next = await SegmentWriter.begin(this.#directory, this.#segment.number + 1).catch(() => null);
      if (next === null) return null;
      await this.#directory.sync();
      await this.#segment.close();
      this.#segment = next;
    }
    return { segment: this.#segment.number, covers: this.#written };
  }
}

function emptyBatch(cut: ((boundary: Boundary | null) => void) | null): Batch {
  return { cut, chunks: [], waiters: [], bytes: 0 };
}

/** In a macrotask of its own, so that an exception of the store ends the process and not the disk's loop. */
function tell(waiters: readonly Waiter[], isDurable: boolean): void {
  if (waiters.length === 0) return;
  setImmediate(() => {
    for (const { target, tag } of waiters) {
      if (isDurable) target.onDurable(tag);
      else target.onDiskFailed(tag);
    }
  });
}
