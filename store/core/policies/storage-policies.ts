import type { LogRecord } from "../storage/record.ts";

/** What must be right about the log. */
export interface StoragePolicies {
  /** The records that a recovery uses. */
  recordsToRecover(records: readonly LogRecord[]): readonly LogRecord[];
  /** Whether the node must resynchronise, where a torn record was dropped or its log says so. */
  mustResync(isTorn: boolean, isLogged: boolean): boolean;
  /** How many records are appended from one snapshot to the next, where the one before had so many. */
  recordsBetweenSnapshots(live: number): number;
  /** Whether a snapshot waits until what it stands for is durable, and so in what it is made from. */
  awaitsSyncBeforeSnapshot(): boolean;
  /** Whether a snapshot keeps the record of a part. */
  isKeptInSnapshot(record: LogRecord): boolean;
  /** Whether a snapshot, whole or not, may take the place of the log before it. */
  isSnapshotFit(isWhole: boolean): boolean;
}

/** Chosen: a megabyte or so of log, which a start reads in some milliseconds. */
const leastRecordsBetweenSnapshots = 8_192;

/** As it should be. */
export const standardStoragePolicies: StoragePolicies = {
  recordsToRecover: (records) => records,
  mustResync: (isTorn, isLogged) => isTorn || isLogged,
  // Twice the live records: a record is rewritten at most once for every two that are appended.
  recordsBetweenSnapshots: (live) => Math.max(leastRecordsBetweenSnapshots, 2 * live),
  awaitsSyncBeforeSnapshot: () => true,
  isKeptInSnapshot: () => true,
  isSnapshotFit: (isWhole) => isWhole,
};
