import type { LogRecord } from "./record.ts";
import { decodeLogRecord } from "./record-codec.ts";

/** What is left of a log after a crash. */
export interface RecoveredLog {
  /** Whole records from the beginning up to the first damage: those of the snapshot, then those of the log. */
  readonly records: readonly LogRecord[];
  /**
   * `torn`: the end was not whole, as after a power loss in the middle of a write; what was acknowledged is
   * there, unless it was the last and its bytes were flipped. `corrupt`: what is damaged was durable, so
   * acknowledged writes may be gone.
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
  /** The sequence of the last whole record, or the one that the log goes on from. */
  readonly lastSequence: number;
}

/**
 * Reads a log that goes on from a sequence: drops a torn tail, and says where the damage is when it is in
 * what was durable. Where the power fails, the pages of one unsynced write are left in any order, so whole
 * records behind the damage prove nothing; one that was made when the damaged one was durable does.
 */
export function decodeLog(bytes: Uint8Array, goesOnFrom: number): DecodedLog {
  const records: LogRecord[] = [];
  let lastSequence = goesOnFrom;
  let at = 0;
  while (at < bytes.length) {
    const next = decodeLogRecord(bytes, at);
    if (next === null || next.sequence !== lastSequence + 1) {
      const kind = isKnownDurable(bytes, at, lastSequence + 1) ? "corrupt" : "torn";
      return { records, dropped: { kind, at }, lastSequence };
    }
    records.push(next.record);
    lastSequence = next.sequence;
    at = next.end;
  }
  return { records, dropped: null, lastSequence };
}

/** Whether a whole record from `at` on says that the record of that sequence had become durable. */
function isKnownDurable(bytes: Uint8Array, at: number, sequence: number): boolean {
  for (let offset = at; offset < bytes.length; offset += 1) {
    const found = decodeLogRecord(bytes, offset);
    if (found !== null && found.durable >= sequence) return true;
  }
  return false;
}
