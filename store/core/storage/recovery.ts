import type { LogRecord } from "./record.ts";
import { decodeLogRecord } from "./record.ts";

/** What is left of a log after a crash. */
export interface RecoveredLog {
  /** Whole records from the beginning up to the first damage. */
  readonly records: readonly LogRecord[];
  /**
   * `torn`: the end was not whole, as after a power loss in the middle of a write; the log is good without
   * it. `corrupt`: what is damaged has good records behind it, so acknowledged writes may be gone.
   */
  readonly dropped: null | { readonly kind: "torn" | "corrupt"; readonly at: number };
}

/** A log that a node must not answer from. */
export class RecoveryError extends Error {
  override readonly name = "RecoveryError";

  /** `at` is the offset in the log, in bytes where it has bytes. */
  static damagedAt(at: number): RecoveryError {
    const right = "restore the file, or start the node with an empty log and let its peers repair it";
    return new RecoveryError(`the log is damaged at ${at} and goes on behind it; ${right}`);
  }

  static unknownKeyspace(name: string): RecoveryError {
    return new RecoveryError(
      `the log has writes of keyspace "${name}", which is not configured; configure it`,
    );
  }
}

/** Reads a log: drops a torn tail, and says where the damage is when more than the tail is damaged. */
export function decodeLog(bytes: Uint8Array): RecoveredLog {
  const records: LogRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    const next = decodeLogRecord(bytes, at);
    const isNext =
      next !== null && (records.length === 0 || next.record.sequence === lastSequence(records) + 1);
    if (!isNext) return { records, dropped: { kind: hasRecordAfter(bytes, at) ? "corrupt" : "torn", at } };
    records.push(next.record);
    at = next.end;
  }
  return { records, dropped: null };
}

/** The sequence of the last record, or 0. */
export function lastSequence(records: readonly LogRecord[]): number {
  return records[records.length - 1]?.sequence ?? 0;
}

/** Whether a whole record stands anywhere from `at` on. */
function hasRecordAfter(bytes: Uint8Array, at: number): boolean {
  for (let offset = at; offset < bytes.length; offset += 1) {
    if (decodeLogRecord(bytes, offset) !== null) return true;
  }
  return false;
}
