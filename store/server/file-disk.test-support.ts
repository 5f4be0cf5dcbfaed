import { writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { DiskTarget } from "../core/runtime.ts";
import type { LogRecord } from "../core/storage/record.ts";
import { stateRecord } from "../core/storage/record.ts";
import { only } from "../core/versions/version.ts";
import type { DataDirectory, WritableFile } from "./data-directory.ts";
import { dataDirectory } from "./data-directory.ts";
import type { FileDisk } from "./file-disk.ts";
import type { OpenedDisk } from "./open-file-disk.ts";
import { openDiskIn } from "./open-file-disk.ts";

/** A record with a key of its own. */
export function recordOf(number: number, value = "v"): LogRecord {
  const version = { time: number, node: "n1", incarnation: "3f2a", sequence: number };
  return stateRecord("k", 1, `${number}`, only({ version, value, deleted: false }));
}

export function numbersOf(records: readonly LogRecord[]): number[] {
  return records.map(({ key }) => Number(key));
}

/** Resolves to whether the record became durable. */
export function append(disk: FileDisk, record: LogRecord): Promise<boolean> {
  return new Promise((resolve) => disk.append(record, resolver(resolve), 0));
}

export function sync(disk: FileDisk): Promise<boolean> {
  return new Promise((resolve) => disk.sync(resolver(resolve), 0));
}

export function install(disk: FileDisk): Promise<boolean> {
  return new Promise((resolve) => disk.install(resolver(resolve), 0));
}

function resolver(resolve: (isDurable: boolean) => void): DiskTarget {
  return { onDurable: () => resolve(true), onDiskFailed: () => resolve(false) };
}

const noLock = { release: () => Promise.resolve() };

/** Opens a directory, whoever else may use it, and returns what it logs too. */
export async function openIn(
  directory: DataDirectory | string,
  onDamage: "refuse" | "resync" = "refuse",
): Promise<OpenedDisk & { readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const files = typeof directory === "string" ? dataDirectory(directory) : directory;
  const opened = await openDiskIn(files, noLock, (line) => lines.push(line), onDamage);
  return { ...opened, lines };
}

/** What is about to be done, as `write log.1`. */
export type Step = string;

/** What becomes of a step: it is done, fails, or takes only so many bytes. */
export type Fault = "done" | Error | number;

/** An error as the system gives it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** A data directory with faults: `meet` is asked before every step that changes something. */
export function faultyDirectory(path: string, meet: (step: Step) => Fault | Promise<Fault>): DataDirectory {
  const real = dataDirectory(path);
  const change = async <Result>(step: Step, run: () => Promise<Result>): Promise<Result> => {
    const fault = await meet(step);
    if (fault instanceof Error) throw fault;
    return run();
  };
  return {
    path,
    list: real.list,
    read: real.read,
    open: (name) =>
      change(`open ${name}`, async () => {
        const file = await real.open(name);
        return {
          write: async (bytes, offset, length, position) => {
            const fault = await meet(`write ${name}`);
            if (fault instanceof Error) throw fault;
            return file.write(bytes, offset, fault === "done" ? length : Math.min(fault, length), position);
          },
          truncate: (length) => change(`truncate ${name}`, () => file.truncate(length)),
          datasync: () => change(`datasync ${name}`, () => file.datasync()),
          close: () => file.close(),
        };
      }),
    rename: (from, to) => change(`rename ${from} ${to}`, () => real.rename(from, to)),
    keepAs: (from, to) => change(`keepAs ${from}`, () => real.keepAs(from, to)),
    remove: (name) => change(`remove ${name}`, () => real.remove(name)),
    sync: () => change("sync", real.sync),
  };
}

/** A process that is killed before one of its steps; where that is a write, in the middle of it. */
export class MortalDirectory implements DataDirectory {
  readonly path: string;
  /** Resolves when the process is dead. */
  readonly death: Promise<void>;
  readonly #real: DataDirectory;
  #lifetime: number;
  readonly #files = new Set<WritableFile>();
  readonly #underWay = new Set<Promise<unknown>>();
  #steps = 0;
  #die: () => void = () => undefined;

  constructor(path: string, lifetime: number) {
    this.path = path;
    this.#real = dataDirectory(path);
    this.#lifetime = lifetime;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  /** How many steps were taken. */
  get steps(): number {
    return this.#steps;
  }

  list(): Promise<readonly string[]> {
    return this.#real.list();
  }

  read(name: string): Promise<Uint8Array> {
    return this.#real.read(name);
  }

  open(name: string): Promise<WritableFile> {
    return this.#step(async () => {
      const file = await this.#real.open(name);
      this.#files.add(file);
      return {
        write: (bytes, offset, length, position) => {
          const half = (): void => {
            writeSync((file as FileHandle).fd, bytes, offset, Math.floor(length / 2), position);
          };
          return this.#step(() => file.write(bytes, offset, length, position), half);
        },
        truncate: (length) => this.#step(() => file.truncate(length)),
        datasync: () => this.#step(() => file.datasync()),
        close: () => this.#close(file),
      };
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#step(() => this.#real.rename(from, to));
  }

  keepAs(from: string, to: string): Promise<void> {
    return this.#step(() => this.#real.keepAs(from, to));
  }

  remove(name: string): Promise<void> {
    return this.#step(() => this.#real.remove(name));
  }

  sync(): Promise<void> {
    return this.#step(() => this.#real.sync());
  }

  /** Sees to it that it is dead, lets the kernel end what it had begun, and closes what it would close. */
  async bury(): Promise<void> {
    this.#lifetime = -1;
    await Promise.allSettled(this.#underWay);
    for (const file of this.#files) await this.#close(file);
  }

  async #close(file: WritableFile): Promise<void> {
    if (this.#files.delete(file)) await file.close();
  }

  /** Never returns once the process is dead. */
  #step<Result>(run: () => Promise<Result>, last: () => void = () => undefined): Promise<Result> {
    this.#steps += 1;
    if (this.#steps <= this.#lifetime) {
      const running = run();
      this.#underWay.add(running);
      return running.finally(() => this.#underWay.delete(running));
    }
    if (this.#steps === this.#lifetime + 1) {
      last();
      this.#die();
    }
    return new Promise(() => undefined);
  }
}
