import type { LogRecord } from "../storage/record.ts";

/** What must be right about the log. */
export interface StoragePolicies {
  /** The records that a recovery uses. */
  recordsToRecover(records: readonly LogRecord[]): readonly LogRecord[];
}

/** As it should be. */
export const standardStoragePolicies: StoragePolicies = {
  recordsToRecover: (records) => records,
};
