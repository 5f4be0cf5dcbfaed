import type { DataDirectory, WritableFile } from "./data-directory.ts";

/** A file: what a reader sees, and what would survive a power loss. */
interface Inode {
  bytes: Uint8Array;
  synced: Uint8Array;
}

/**
 * What the power leaves of what was not synced. A file system may bring names and contents to the disk in any
 * order until it is told to sync them, the removal of a name before a renaming that came first, too.
 */
export type PowerLoss = "nothing" | "names" | "contents" | "half-contents" | "removals";
export const powerLosses: readonly PowerLoss[] = [
  "nothing",
  "names",
  "contents",
  "half-contents",
  "removals",
];

/** A data directory that loses its power before one of its steps, and can be opened again then. */
export class MemoryDirectory implements DataDirectory {
  readonly path = "/memory";
  /** Resolves when the power has failed. */
  readonly death: Promise<void>;
  readonly #names: Map<string, Inode>;
  #syncedNames: Map<string, Inode>;
  readonly #lifetime: number;
  #steps = 0;
  #die: () => void = () => undefined;

  constructor(lifetime: number, names: ReadonlyMap<string, Inode> = new Map()) {
    this.#names = new Map(names);
    this.#syncedNames = new Map(names);
    this.#lifetime = lifetime;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  get steps(): number {
    return this.#steps;
  }

  /** What the next start finds if only the process dies. */
  afterKill(): MemoryDirectory {
    return new MemoryDirectory(Number.POSITIVE_INFINITY, this.#names);
  }

  /** What the next start finds if the power fails. */
  afterPowerLoss(loss: PowerLoss): MemoryDirectory {
    const left = new Map<string, Inode>();
    for (const [name, inode] of loss === "names" ? this.#names : this.#syncedNames) {
      const bytes = contentsAfter(inode, loss);
      if (loss !== "removals" || this.#names.has(name)) left.set(name, { bytes, synced: bytes });
    }
    return new MemoryDirectory(Number.POSITIVE_INFINITY, left);
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.#names.keys()].sort());
  }

  read(name: string): Promise<Uint8Array> {
    return Promise.resolve(this.#inode(name).bytes);
  }

  async open(name: string): Promise<WritableFile> {
    await this.#step();
    const inode = this.#names.get(name) ?? { bytes: new Uint8Array(0), synced: new Uint8Array(0) };
    this.#names.set(name, inode);
    return {
      write: async (bytes, offset, length, position) => {
        await this.#step();
        const after = new Uint8Array(Math.max(inode.bytes.length, position + length));
        after.set(inode.bytes);
        after.set(bytes.subarray(offset, offset + length), position);
        inode.bytes = after;
        return { bytesWritten: length };
      },
      truncate: async (length) => {
        await this.#step();
        inode.bytes = inode.bytes.slice(0, length);
      },
      datasync: async () => {
        await this.#step();
        inode.synced = inode.bytes;
      },
      close: () => Promise.resolve(),
    };
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#step();
    this.#names.set(to, this.#inode(from));
    this.#names.delete(from);
  }

  async keepAs(from: string, to: string): Promise<void> {
    await this.#step();
    this.#names.set(to, this.#inode(from));
  }

  async remove(name: string): Promise<void> {
    await this.#step();
    this.#names.delete(name);
  }

  async sync(): Promise<void> {
    await this.#step();
    this.#syncedNames = new Map(this.#names);
  }

  #inode(name: string): Inode {
    const inode = this.#names.get(name);
    if (inode === undefined) throw Object.assign(new Error(`ENOENT: ${name}`), { code: "ENOENT" });
    return inode;
  }

  /** Never returns once the power has failed. */
  #step(): Promise<void> {
    this.#steps += 1;
    if (this.#steps <= this.#lifetime) return Promise.resolve();
    this.#die();
    return new Promise(() => undefined);
  }
}

function contentsAfter({ bytes, synced }: Inode, loss: PowerLoss): Uint8Array {
  if (loss === "contents") return bytes;
  if (loss !== "half-contents") return synced;
  const common = Math.min(bytes.length, synced.length);
  return bytes.slice(0, Math.floor((common + bytes.length) / 2));
}
