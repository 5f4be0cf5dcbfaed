import type { DataDirectory, WritableFile } from "./data-directory.ts";
import { writeAll } from "./data-directory.ts";
import { segmentName } from "./data-file-names.ts";

/** Bytes that are joined into one write. Chosen: one write for a burst, and no long queue copied at once. */
const maxWriteBytes = 4 * 1024 * 1024;

/** One segment of the log, written at its end. */
export class SegmentWriter {
  readonly number: number;
  readonly #file: WritableFile;
  #length: number;
  /**
   * Whether a torn record stands behind the end. It is only overwritten, never cut off by itself: it tells the
   * next start that something was lost, until a record that says so has taken its place.
   */
  #hasTail: boolean;

  constructor(number: number, file: WritableFile, length: number, hasTail: boolean) {
    this.number = number;
    this.#file = file;
    this.#length = length;
    this.#hasTail = hasTail;
  }

  /** Begins a segment, which is there for good then. */
  static async begin(directory: DataDirectory, number: number): Promise<SegmentWriter> {
    return new SegmentWriter(number, await directory.open(segmentName(number)), 0, false);
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Writes records behind the others. After an error, `cutBack` must follow. */
  async write(chunks: readonly Uint8Array[]): Promise<void> {
    let at = this.#length;
    for (const bytes of joined(chunks)) {
      await writeAll(this.#file, bytes, at);
      at += bytes.length;
    }
    if (this.#hasTail) await this.#file.truncate(at);
    this.#hasTail = false;
    this.#length = at;
  }

  /** Takes away what a failed write has left. */
  async cutBack(): Promise<void> {
    if (!this.#hasTail) await this.#file.truncate(this.#length);
  }

  sync(): Promise<void> {
    return this.#file.datasync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

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
