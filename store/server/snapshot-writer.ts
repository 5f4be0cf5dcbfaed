import type { LogRecord } from "../core/storage/record.ts";
import { encodeLogRecord } from "../core/storage/record-codec.ts";
import { encodeSnapshotHeader, snapshotHeaderBytes } from "../core/storage/snapshot-codec.ts";
import type { DataDirectory, WritableFile } from "./data-directory.ts";
import { writeAll } from "./data-directory.ts";
import { parseDataFileName, snapshotName, unfinishedSnapshot } from "./data-file-names.ts";

/** Where the log was cut: the segment that begins there, and the last sequence before it. */
export interface Boundary {
  readonly segment: number;
  readonly covers: number;
}

/**
 * A snapshot on its way to the disk, beside the log. It is written under another name, synced and renamed, and
 * the directory synced, before the segments that it stands for are removed.
 */
export class SnapshotWriter {
  readonly #directory: DataDirectory;
  #file: WritableFile | null = null;
  #records = 0;
  #bytes = 0;
  #failure: Error | null = null;
  /** What was asked for so far, one after the other. It never fails. */
  #work: Promise<void>;

  /** Begins once the one before has ended: there is one unfinished file. */
  constructor(directory: DataDirectory, before: Promise<void>) {
    this.#directory = directory;
    this.#work = before;
    this.#then(async () => {
      this.#file = await directory.open(unfinishedSnapshot);
      await this.#file.truncate(0);
    });
  }

  /** Adds records, and returns how many bytes now wait; `written` is called when they do no more. */
  add(records: readonly LogRecord[], written: (bytes: number) => void): number {
    const bytes = this.#encode(records);
    const position = snapshotHeaderBytes + this.#bytes;
    this.#bytes += bytes.length;
    this.#then(() => writeAll(this.#opened(), bytes, position));
    this.#work = this.#work.then(() => written(bytes.length));
    return bytes.length;
  }

  /** Puts it in the place of the segments before the boundary. Returns what went wrong, or null. */
  async install(boundary: Promise<Boundary | null>): Promise<Error | null> {
    let replaced = 0;
    this.#then(async () => {
      const at = await boundary;
      if (at === null) throw new Error("the log could not be cut");
      await this.#finish(at);
      replaced = at.segment;
    });
    await this.end();
    if (this.#failure === null) await removeBefore(this.#directory, replaced);
    return this.#failure;
  }

  /** Gives it up, unless it is installed: nothing of it is left. */
  async end(): Promise<void> {
    this.#work = this.#work.then(() => this.#discard());
    await this.#work;
  }

  /** Nothing where one of them is too large for it: the log goes on without a snapshot then. */
  #encode(records: readonly LogRecord[]): Uint8Array {
    const chunks: Uint8Array[] = [];
    try {
      for (const record of records) {
        this.#records += 1;
        chunks.push(encodeLogRecord(record, this.#records, 0));
      }
      return Buffer.concat(chunks);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#failure ??= error;
      return new Uint8Array(0);
    }
  }

  async #finish({ segment, covers }: Boundary): Promise<void> {
    const file = this.#opened();
    const header = encodeSnapshotHeader({ covers, records: this.#records, bytes: this.#bytes });
    await writeAll(file, header, 0);
    await file.datasync();
    this.#file = null;
    await file.close();
    await this.#directory.rename(unfinishedSnapshot, snapshotName(segment));
    await this.#directory.sync();
  }

  async #discard(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    try {
      await file?.close();
      if (file !== null || this.#failure !== null) await this.#directory.remove(unfinishedSnapshot);
    } catch (error) {
      // What stays is overwritten by the next one, or removed by the next start.
      this.#failure ??= errorOf(error);
    }
  }

  #opened(): WritableFile {
    if (this.#file === null) throw new Error("the snapshot is not open");
    return this.#file;
  }

  #then(step: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#failure !== null) return;
      try {
        await step();
      } catch (error) {
        this.#failure = errorOf(error);
      }
    });
  }
}

/** Removes what a snapshot stands for. What stays all the same, the next start removes. */
async function removeBefore(directory: DataDirectory, segment: number): Promise<void> {
  const names = await directory.list().catch(() => []);
  for (const name of names) {
    const file = parseDataFileName(name);
    if (file !== null && file.number < segment) await directory.remove(name).catch(() => undefined);
  }
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
