import { constants } from "node:fs";
import { copyFile, link, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** A file that is written at given places. */
export interface WritableFile {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** The steps of which all changes of a data directory are made: where a crash or a fault may come in between. */
export interface DataDirectory {
  readonly path: string;
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  /** Opens a file for writing, made where it is missing. */
  open(name: string): Promise<WritableFile>;
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name, or a copy where the file system knows no second names. */
  keepAs(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Names are only there for good once this is done. */
  sync(): Promise<void>;
}

/** A data directory of the file system. */
export function dataDirectory(path: string): DataDirectory {
  const at = (name: string): string => join(path, name);
  return {
    path,
    list: () => readdir(path),
    read: (name) => readFile(at(name)),
    open: (name) => open(at(name), constants.O_RDWR | constants.O_CREAT, 0o644),
    rename: (from, to) => rename(at(from), at(to)),
    keepAs: async (from, to) => {
      await link(at(from), at(to)).catch(() => copyFile(at(from), at(to), constants.COPYFILE_EXCL));
    },
    remove: (name) => rm(at(name), { force: true }),
    sync: async () => {
      const handle = await open(path, "r");
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

/** Writes all of it. A write may take less than all where the disk is nearly full: then the rest is tried. */
export async function writeAll(file: WritableFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    if (bytesWritten === 0) throw Object.assign(new Error("the disk takes no more"), { code: "ENOSPC" });
    at += bytesWritten;
  }
}

/** Whether that went wrong because there is no room, or no more of the quota: there may be again. */
export function isNoRoom(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "ENOSPC" || code === "EDQUOT";
}
