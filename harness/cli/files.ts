import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { OperatingErrorCode } from "../base/errors.ts";
import { OperatingError } from "../base/errors.ts";
import { makeFolder } from "../campaign/make-folder.ts";

/** A file's text. What cannot be read is the user's mistake: the error has the given code. */
export function readText(path: string, code: OperatingErrorCode): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw failure(code, `cannot read ${path}: ${reasonOf(cause)}`, cause);
  }
}

/**
 * Writes a file under a temporary name first, so that a reader never meets half of it.
 *
 * @throws OperatingError `cannot-write`
 */
export function writeText(path: string, text: string): void {
  writePieces(path, [text]);
}

/**
 * The same for a text that comes in pieces, none of which is kept.
 *
 * @throws OperatingError `cannot-write`
 */
export function writePieces(path: string, pieces: Iterable<string>): void {
  guardWriting(path, () => {
    refuseOtherThanFile(path);
    makeFolder(dirname(path));
    const file = openSync(`${path}.part`, "w");
    try {
      for (const piece of pieces) writeFileSync(file, piece);
    } catch (cause) {
      rmSync(`${path}.part`, { force: true });
      throw cause;
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.part`, path);
  });
}

/** What is renamed into the place of a device or a pipe would end it for everybody. */
function refuseOtherThanFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) throw new Error("it is there, and no file");
}

/** Lets `latest` beside the folder lead to it: a link, or where links are refused, a file with its name. */
export function pointLatestTo(folder: string): void {
  const latest = join(dirname(folder), "latest");
  const fresh = `${latest}.part`;
  guardWriting(latest, () => {
    rmSync(fresh, { force: true });
    try {
      symlinkSync(basename(folder), fresh);
    } catch {
      writeFileSync(fresh, `${basename(folder)}\n`);
    }
    renameSync(fresh, latest);
  });
}

/** The text of an error from the file system without its call: `no such file or directory`. */
export function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/^E[A-Z]+: /, "").replace(/, \w+( '.*')?$/, "");
}

/** The error for something else that went wrong. */
export function failure(code: OperatingErrorCode, message: string, cause: unknown): OperatingError {
  return new OperatingError(code, message, { cause });
}

function guardWriting(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw failure("cannot-write", `cannot write ${path}: ${reasonOf(cause)}`, cause);
  }
}
