import type { FileHandle } from "node:fs/promises";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Disk, DiskTarget } from "../core/runtime.ts";
import type { LogRecord } from "../core/storage/record.ts";
import { encodeLogRecord } from "../core/storage/record-codec.ts";
import type { RecoveredLog } from "../core/storage/recovery.ts";
import { decodeLog } from "../core/storage/recovery.ts";
import { makeDirectory } from "./make-directory.ts";
import { StartError, startError } from "./start-error.ts";

/** Somebody who waits until everything appended before is durable. */
interface Waiter {
  readonly target: DiskTarget;
  readonly tag: number;
}

/** What was appended while the disk was busy: written with one call, synced with one. */
interface Batch {
  readonly chunks: Uint8Array[];
  readonly waiters: Waiter[];
}

/**
 * The write-ahead log in one file. Appends that come while the disk syncs wait for one another and share
 * the next sync (group commit). After a failed write or sync nothing is acknowledged any more: what the
 * disk holds then is not known (Rebello et al., "Can Applications Recover from fsync Failures?", 2020).
 */
export class FileDisk implements Disk {
  readonly #file: FileHandle;
  #next: Batch = { chunks: [], waiters: [] };
  #isBusy = false;
  #failure: Error | null = null;
  #idle: (() => void)[] = [];
  readonly #log: (line: string) => void;

  #sequence: number;
  readonly isFull = false;
  readonly backlog = 0;

  constructor(file: FileHandle, lastSequence: number, log: (line: string) => void) {
    this.#file = file;
    this.#sequence = lastSequence;
    this.#log = log;
  }

  append(record: LogRecord, target: DiskTarget | null, tag: number): void {
    this.#sequence += 1;
    this.#next.chunks.push(encodeLogRecord(record, this.#sequence));
    if (target !== null) this.#next.waiters.push({ target, tag });
    this.#wake();
  }

  sync(target: DiskTarget, tag: number): void {
    this.#next.waiters.push({ target, tag });
    this.#wake();
  }

  rotate(): void {
    throw new Error("no snapshots yet");
  }

  snapshot(): void {
    throw new Error("no snapshots yet");
  }

  install(): void {
    throw new Error("no snapshots yet");
  }

  /** Writes out what is waiting, then closes the file. */
  async close(): Promise<void> {
    if (this.#isBusy) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#file.close();
  }

  #wake(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    // The rest of this turn's appends join the batch.
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    while (this.#next.chunks.length + this.#next.waiters.length > 0) {
      const batch = this.#next;
      this.#next = { chunks: [], waiters: [] };
      const failure = this.#failure ?? (await this.#write(batch));
      if (failure !== null && this.#failure === null) {
        this.#failure = failure;
        this.#log(`the log can't be written: ${failure.message}`);
      }
      tell(batch.waiters, failure === null);
    }
    this.#isBusy = false;
    for (const idle of this.#idle.splice(0)) idle();
  }

  async #write({ chunks, waiters }: Batch): Promise<Error | null> {
    try {
      for (const bytes of joined(chunks)) await this.#writeAll(bytes);
      if (waiters.length > 0) await this.#file.datasync();
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** A write may take less than all when the disk is nearly full: then the rest is tried, and fails. */
  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, at);
      at += bytesWritten;
    }
  }
}

/** Bytes that are joined into one write. Chosen: one write for a burst, and no long queue copied at once. */
const maxWriteBytes = 4 * 1024 * 1024;

function* joined(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  let group: Uint8Array[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    group.push(chunk);
    bytes += chunk.length;
    if (bytes < maxWriteBytes) continue;
    yield Buffer.concat(group, bytes);
    group = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(group, bytes);
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

/** A log that was opened, and what stood in it. */
export interface OpenedDisk {
  readonly disk: FileDisk;
  readonly recovered: RecoveredLog;
}

/**
 * Opens a node's data directory: makes it where it is missing, reads the log, and cuts off a torn tail.
 * @throws StartError when the directory can't be used, or the log is damaged before its end.
 */
export async function openFileDisk(directory: string, log: (line: string) => void): Promise<OpenedDisk> {
  const path = join(directory, "log");
  try {
    await makeDirectory(directory);
    const bytes = await readFile(path).catch(missingIsEmpty);
    const recovered = decodeLog(bytes);
    if (recovered.dropped?.kind === "corrupt") throw damaged(path, recovered.dropped.at);
    const file = await open(path, "a");
    if (recovered.dropped !== null) {
      log(
        `${path}: ${bytes.length - recovered.dropped.at} bytes of a torn record at ${recovered.dropped.at} dropped`,
      );
      await file.truncate(recovered.dropped.at);
    }
    await file.sync();
    await syncDirectory(directory);
    return { disk: new FileDisk(file, recovered.lastSequence, log), recovered };
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const because = cause instanceof Error ? cause.message : String(cause);
    throw startError("cannot-write", `the data directory ${directory} can't be used: ${because}`, cause);
  }
}

function damaged(path: string, at: number): StartError {
  const right = "restore the file, or move it away and start the node empty";
  return new StartError("damaged-log", `${path} is damaged at byte ${at} and goes on behind it; ${right}`);
}

/** A new file is only there for good once its directory is synced, too. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function missingIsEmpty(error: NodeJS.ErrnoException): Buffer {
  if (error.code === "ENOENT") return Buffer.alloc(0);
  throw error;
}
