import type { LogRecord } from "./record.ts";
import { decodeLogRecord } from "./record-codec.ts";

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

/** A log that was read from bytes. */
export interface DecodedLog extends RecoveredLog {
  /** The sequence of the last whole record, or 0. */
  readonly lastSequence: number;
}

/** Reads a log: drops a torn tail, and says where the damage is when more than the tail is damaged. */
export function decodeLog(bytes: Uint8Array): DecodedLog {
  const records: LogRecord[] = [];
  let lastSequence = 0;
  let at = 0;
  while (at < bytes.length) {
    const next = decodeLogRecord(bytes, at);
    if (next === null || (records.length > 0 && next.sequence !== lastSequence + 1)) {
      const kind = hasRecordAfter(bytes, at) ? "corrupt" : "torn";
      return { records, dropped: { kind, at }, lastSequence };
    }
    records.push(next.record);
    lastSequence = next.sequence;
    at = next.end;
  }
  return { records, dropped: null, lastSequence };
}

/** Whether a whole record stands anywhere from `at` on. */
function hasRecordAfter(bytes: Uint8Array, at: number): boolean {
  for (let offset = at; offset < bytes.length; offset += 1) {
    if (decodeLogRecord(bytes, offset) !== null) return true;
  }
  return false;
}
