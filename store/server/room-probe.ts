import type { DataDirectory } from "./data-directory.ts";
import { writeAll } from "./data-directory.ts";
import { probeName } from "./data-file-names.ts";

/** Milliseconds between two tries. Chosen: soon enough for whoever made room, and hardly any work. */
const everyMs = 250;
/** Chosen: a few writes of a kilobyte or so should fit once more. */
const probeBytes = 64 * 1024;

/** Looks every so often whether a disk that was full has room again. */
export class RoomProbe {
  readonly #directory: DataDirectory;
  readonly #onRoom: () => void;
  #isFull = false;
  #timer: NodeJS.Timeout | null = null;
  #trying: Promise<void> | null = null;

  constructor(directory: DataDirectory, onRoom: () => void) {
    this.#directory = directory;
    this.#onRoom = onRoom;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** The disk is full. */
  start(): void {
    this.#isFull = true;
    this.#schedule();
  }

  /** A write found room. */
  stop(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#onRoom();
  }

  async close(): Promise<void> {
    this.#isFull = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#trying;
  }

  #schedule(): void {
    if (this.#timer !== null || this.#trying !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#trying = this.#try();
    }, everyMs);
    this.#timer.unref();
  }

  async #try(): Promise<void> {
    const hasRoom = await this.#hasRoom();
    this.#trying = null;
    if (!this.#isFull) return;
    if (hasRoom) this.stop();
    else this.#schedule();
  }

  async #hasRoom(): Promise<boolean> {
    let hasRoom = true;
    try {
      const file = await this.#directory.open(probeName);
      try {
        await writeAll(file, new Uint8Array(probeBytes), 0);
        await file.datasync();
      } finally {
        await file.close();
      }
    } catch {
      hasRoom = false;
    }
    // What cannot be removed is overwritten by the next try.
    await this.#directory.remove(probeName).catch(() => undefined);
    return hasRoom;
  }
}
