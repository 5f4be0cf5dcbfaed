import type { DataFiles, RecoveredFiles } from "../core/storage/data-files.ts";
import { nodeRecord, RecordKind } from "../core/storage/record.ts";
import { encodeLogRecord } from "../core/storage/record-codec.ts";
import type { DataDirectory } from "./data-directory.ts";
import { writeAll } from "./data-directory.ts";
import { segmentName, snapshotName } from "./data-file-names.ts";

/**
 * Keeps of damaged files what stands before the damage, with a record behind it that says that the node must
 * resynchronise; the others are moved aside. That record is there before anything else is touched, so that a
 * start that comes in between finds either the damage or the record.
 */
export async function repairFiles(
  directory: DataDirectory,
  { segments, snapshots }: DataFiles,
  { lastSequence, snapshot, firstSegment, segment, length }: RecoveredFiles,
): Promise<void> {
  const name = segmentName(segment);
  const unfinished = `${name}.tmp`;
  const kept = segments.get(segment)?.subarray(0, length) ?? new Uint8Array(0);
  const record = nodeRecord(RecordKind.resync, 0, "needed");
  await writeFile(directory, unfinished, [kept, encodeLogRecord(record, lastSequence + 1, lastSequence)]);
  if (segments.has(segment)) await directory.keepAs(name, damagedName(name));
  await directory.rename(unfinished, name);
  await directory.sync();
  for (const number of segments.keys()) {
    if (number < firstSegment || number > segment) await moveAside(directory, segmentName(number));
  }
  // Oldest first: the newest one stands for all the others until they are gone.
  for (const number of [...snapshots.keys()].sort((a, b) => a - b)) {
    if (number !== snapshot) await moveAside(directory, snapshotName(number));
  }
  await directory.sync();
}

/** Keeps a file for whoever wants to see it, under a name that no start reads. */
export async function moveAside(directory: DataDirectory, name: string): Promise<void> {
  await directory.rename(name, damagedName(name));
}

function damagedName(name: string): string {
  return `${name}.damaged-${Date.now()}`;
}

async function writeFile(
  directory: DataDirectory,
  name: string,
  parts: readonly Uint8Array[],
): Promise<void> {
  const file = await directory.open(name);
  try {
    await file.truncate(0);
    await writeAll(file, Buffer.concat(parts), 0);
    await file.datasync();
  } finally {
    await file.close();
  }
}
