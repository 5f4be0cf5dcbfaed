import type { DataFiles, FileDamage, RecoveredFiles } from "../core/storage/data-files.ts";
import { recoverFiles } from "../core/storage/data-files.ts";
import type { RecoveredLog } from "../core/storage/recovery.ts";
import type { DataDirectory } from "./data-directory.ts";
import { dataDirectory } from "./data-directory.ts";
import { isUnfinished, oldLogName, parseDataFileName, segmentName, snapshotName } from "./data-file-names.ts";
import type { DataLock } from "./data-lock.ts";
import { lockDirectory } from "./data-lock.ts";
import { FileDisk } from "./file-disk.ts";
import { makeDirectory } from "./make-directory.ts";
import { moveAside, repairFiles } from "./repair-files.ts";
import { SegmentWriter } from "./segment-writer.ts";
import { StartError, startError } from "./start-error.ts";

/**
 * What to do about files that are damaged in what was durable: not start, or go on with what stands before the
 * damage and let the peers bring the rest.
 */
export type OnDamage = "refuse" | "resync";

/** Repairs of one start. Each leaves less than was damaged before, so this many are never needed. */
const mostRepairs = 16;

/** A log that was opened, and what stood in it. */
export interface OpenedDisk {
  readonly disk: FileDisk;
  readonly recovered: RecoveredLog;
}

/**
 * Opens a node's data directory for this process alone: makes it where it is missing, and reads the log.
 * @throws StartError when the directory can't be used, or the log is damaged and that is to be refused.
 */
export async function openFileDisk(
  path: string,
  log: (line: string) => void,
  onDamage: OnDamage,
): Promise<OpenedDisk> {
  try {
    await makeDirectory(path);
    const lock = await lockDirectory(path);
    try {
      return await openDiskIn(dataDirectory(path), lock, log, onDamage);
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const because = cause instanceof Error ? cause.message : String(cause);
    throw startError("cannot-write", `the data directory ${path} can't be used: ${because}`, cause);
  }
}

/** Opens the files of a directory that is there and locked; the disk frees it when it is closed. */
export async function openDiskIn(
  directory: DataDirectory,
  lock: DataLock,
  log: (line: string) => void,
  onDamage: OnDamage,
): Promise<OpenedDisk> {
  const recovered = await recover(directory, log, onDamage);
  const { records, lastSequence, segment, length, damage } = recovered;
  await tidy(directory, recovered, log);
  const file = await directory.open(segmentName(segment));
  // What the node is shown is durable before anybody asks it.
  await file.datasync();
  await directory.sync();
  if (damage !== null) log(`${nameOf(directory, damage)}: a torn record at byte ${damage.at} is dropped`);
  const writer = new SegmentWriter(segment, file, length, damage !== null);
  const disk = new FileDisk(directory, { segment: writer, lastSequence }, lock, log);
  const dropped = damage === null ? null : ({ kind: "torn", at: damage.at } as const);
  return { disk, recovered: { records, dropped } };
}

/** What the files tell, once all damage but a torn tail is repaired. */
async function recover(
  directory: DataDirectory,
  log: (line: string) => void,
  onDamage: OnDamage,
): Promise<RecoveredFiles> {
  for (let repairs = 0; repairs < mostRepairs; repairs += 1) {
    const files = await readFiles(directory);
    const recovered = recoverFiles(files);
    const { damage } = recovered;
    if (damage === null || damage.kind === "torn") return recovered;
    if (onDamage === "refuse") throw damaged(directory, damage);
    log(`${describeDamage(directory, damage)}; what stands before it is kept, the rest moved aside`);
    await repairFiles(directory, files, recovered);
  }
  throw new StartError("damaged-log", `the data directory ${directory.path} can't be repaired; move it away`);
}

async function readFiles(directory: DataDirectory): Promise<DataFiles> {
  const snapshots = new Map<number, Uint8Array>();
  const segments = new Map<number, Uint8Array>();
  for (const name of await directory.list()) {
    if (name === oldLogName) throw tooOld(directory);
    const file = parseDataFileName(name);
    if (file === null) continue;
    const folder = file.kind === "log" ? segments : snapshots;
    folder.set(file.number, await directory.read(name));
  }
  return { snapshots, segments };
}

/** Removes what an interrupted snapshot has left, and what a snapshot has replaced. */
async function tidy(
  directory: DataDirectory,
  { snapshot, firstSegment }: RecoveredFiles,
  log: (line: string) => void,
): Promise<void> {
  // The name of the snapshot is there for good before anything that it replaces goes.
  await directory.sync();
  for (const name of await directory.list()) {
    const file = parseDataFileName(name);
    if (isUnfinished(name) || (file !== null && file.number < firstSegment)) {
      await directory.remove(name);
    } else if (file?.kind === "snapshot" && file.number !== snapshot) {
      log(`${directory.path}/${name} is damaged; the log has all that it stands for, so it is moved aside`);
      await moveAside(directory, name);
    }
  }
}

function nameOf({ path }: DataDirectory, { file, number }: FileDamage): string {
  return `${path}/${file === "log" ? segmentName(number) : snapshotName(number)}`;
}

function describeDamage(directory: DataDirectory, damage: FileDamage): string {
  const name = nameOf(directory, damage);
  if (damage.isMissing) return `${name} is missing`;
  const where = `${name} is damaged at byte ${damage.at}`;
  return damage.file === "log" ? `${where} and goes on behind it` : where;
}

function damaged(directory: DataDirectory, damage: FileDamage): StartError {
  const right = "restore the file, or start with --on-damage resync to let the peers bring what is lost";
  return new StartError("damaged-log", `${describeDamage(directory, damage)}; ${right}`);
}

function tooOld({ path }: DataDirectory): StartError {
  const right = "move it away and start the node empty, so that its peers repair it";
  return new StartError("damaged-log", `${path}/${oldLogName} is of an older version of the store; ${right}`);
}
