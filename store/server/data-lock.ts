import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "./start-error.ts";

const lockName = "lock";
/** Tries to read a lock that is empty, and milliseconds between them: its owner may be about to fill it. */
const emptyTries = 5;
const emptyWaitMs = 20;
/** Locks of dead processes that are taken over before it is given up: others may be starting, too. */
const mostTakeovers = 5;

/** The right to use a data directory. */
export interface DataLock {
  release(): Promise<void>;
}

/**
 * Sees to it that one process uses a data directory: a file with the process' id, and when that process was
 * started, so that another one that has got the id later (the first of a container always has the same) is not
 * taken for the owner. The lock of a process that is no more is taken over. Processes of other machines and
 * containers cannot be seen: a directory that several of them mount is not protected.
 * @throws StartError when another process that is running has it.
 */
export async function lockDirectory(directory: string): Promise<DataLock> {
  const path = join(directory, lockName);
  const own = await ownerOf(process.pid);
  for (let takeovers = 0; takeovers < mostTakeovers; takeovers += 1) {
    if (await create(path, own)) return { release: () => rm(path, { force: true }) };
    const owner = await readOwner(path);
    if (await isRunning(owner)) throw inUse(directory, owner);
    await takeAway(path, owner);
  }
  throw inUse(directory, await readOwner(path));
}

/** Whether the lock is ours now; not where there is one. */
async function create(path: string, owner: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(owner);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Removes a stale lock, but not one that somebody else has taken in the meantime. */
async function takeAway(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  await rename(path, aside).catch(missingIsFine);
  const taken = await readFile(aside, "utf8").catch(missingIsFine);
  if (taken !== undefined && taken !== stale) await rename(aside, path);
  else await rm(aside, { force: true });
}

/** What stands in the lock: a process id, and what tells it from others with that id. Empty where nothing does. */
async function readOwner(path: string): Promise<string> {
  for (let tries = 0; tries < emptyTries; tries += 1) {
    const owner = (await readFile(path, "utf8").catch(missingIsFine)) ?? "";
    if (owner !== "") return owner;
    await sleep(emptyWaitMs);
  }
  return "";
}

async function isRunning(owner: string): Promise<boolean> {
  const pid = Number(owner.split(" ")[0]);
  return Number.isInteger(pid) && pid > 0 && isThere(pid) && (await ownerOf(pid)) === owner;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The process' id and, where there is /proc, the tick since boot at which it was started (proc(5), field 22). */
async function ownerOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name, field 2, stands in parentheses and may have any character.
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return `${pid} ${started ?? ""}`.trim();
}

function inUse(directory: string, owner: string): StartError {
  const pid = owner.split(" ")[0] ?? "";
  const who = pid === "" ? "another process" : `the process ${pid}`;
  const right = "stop it, or give this node a directory of its own";
  return new StartError("data-in-use", `the data directory ${directory} is used by ${who}; ${right}`);
}

function missingIsFine(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
