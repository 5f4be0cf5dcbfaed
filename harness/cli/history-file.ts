import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../campaign/make-folder.ts";
import type { HistoryLine, LineSink } from "../history/journal.ts";
import { failure, reasonOf } from "./files.ts";

/**
 * A history file that is written while its run goes on: each event is on disk before it happens. Until `keep`
 * it has `.part` at the end of its name, so that nobody takes half a history for a whole one.
 */
export class HistoryFile implements LineSink {
  readonly #path: string;
  readonly #part: string;
  readonly #file: number;

  /** @throws OperatingError `cannot-write` */
  constructor(path: string) {
    this.#path = path;
    this.#part = `${path}.part`;
    try {
      makeFolder(dirname(path));
      this.#file = openSync(this.#part, "w");
    } catch (cause) {
      throw failure("cannot-write", `cannot write ${path}: ${reasonOf(cause)}`, cause);
    }
  }

  write(line: HistoryLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  /** The run came to its end. */
  keep(): void {
    closeSync(this.#file);
    renameSync(this.#part, this.#path);
  }

  /** There was no run. */
  drop(): void {
    closeSync(this.#file);
    rmSync(this.#part, { force: true });
  }
}
