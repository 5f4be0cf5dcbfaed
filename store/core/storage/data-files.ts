import type { LogRecord } from "./record.ts";
import { decodeLog } from "./recovery.ts";
import { decodeSnapshot } from "./snapshot-codec.ts";

/**
 * What a node's data directory holds. Snapshot N stands for the segments before N. (1) A segment is synced
 * before the next one begins, so only the last can end in a torn record. (2) Segment N is there before
 * snapshot N has its name. (3) Segments are dropped only once a whole snapshot stands for them.
 */
export interface DataFiles {
  readonly snapshots: ReadonlyMap<number, Uint8Array>;
  readonly segments: ReadonlyMap<number, Uint8Array>;
}

/** Where the files are not what was written, and what that means. */
export interface FileDamage {
  /** As for a log: a torn tail may be dropped, anything else has taken what was durable. */
  readonly kind: "torn" | "corrupt";
  readonly file: "log" | "snapshot";
  readonly number: number;
  readonly at: number;
  readonly isMissing: boolean;
}

/** What the files tell a starting node. */
export interface RecoveredFiles {
  readonly records: readonly LogRecord[];
  readonly lastSequence: number;
  /** The snapshot that the records begin with; 0 where they begin with the log. */
  readonly snapshot: number;
  /** The first segment that is needed. */
  readonly firstSegment: number;
  /** Where the good part of the log ends: a segment, and bytes within it. */
  readonly segment: number;
  readonly length: number;
  readonly damage: FileDamage | null;
}

/** What the log goes on from. */
interface Base {
  readonly snapshot: number;
  readonly records: readonly LogRecord[];
  readonly covers: number;
}

interface Segment {
  readonly records: readonly LogRecord[];
  readonly lastSequence: number;
  readonly length: number;
  readonly damage: FileDamage | null;
}

/**
 * Rebuilds the log from the newest whole snapshot and the segments from there on. A damaged snapshot is
 * passed over only where older files still have, without a gap, all that it stood for.
 */
export function recoverFiles(files: DataFiles): RecoveredFiles {
  let newestDamage: FileDamage | null = null;
  for (const number of [...files.snapshots.keys()].sort((a, b) => b - a)) {
    const decoded = decodeSnapshot(files.snapshots.get(number) ?? new Uint8Array(0));
    if (decoded.damagedAt === null) {
      const base = { snapshot: number, records: decoded.records, covers: decoded.covers };
      return orDamage(files, fromBase(files, base, number), newestDamage);
    }
    const at = decoded.damagedAt;
    newestDamage ??= { kind: "corrupt", file: "snapshot", number, at, isMissing: false };
  }
  return orDamage(files, fromBeginning(files), newestDamage);
}

/** Older files do instead of a damaged snapshot only if they are complete, its own segment included. */
function orDamage(files: DataFiles, recovered: RecoveredFiles, damage: FileDamage | null): RecoveredFiles {
  if (damage === null) return recovered;
  const { number } = damage;
  if (recovered.damage?.kind !== "corrupt" && files.segments.has(number)) return recovered;
  const nothing = { records: [], lastSequence: 0, snapshot: 0, length: 0 };
  return { ...nothing, firstSegment: number, segment: number, damage };
}

/** The log from its first record on: segment 1, or what a repair began anew with. */
function fromBeginning(files: DataFiles): RecoveredFiles {
  const first = Math.min(...files.segments.keys());
  const base = { snapshot: 0, records: [], covers: 0 };
  if (first === Number.POSITIVE_INFINITY) {
    const empty = { records: [], lastSequence: 0, length: 0, damage: null };
    return { snapshot: 0, firstSegment: 1, segment: 1, ...empty };
  }
  const recovered = fromBase(files, base, first);
  if (first === 1 || recovered.records.length > 0) return recovered;
  // Where the first segment is not the very first, it must prove that it begins with record 1.
  const damage = { kind: "corrupt", file: "snapshot", number: first, at: 0, isMissing: true } as const;
  return { ...recovered, segment: first, length: 0, damage };
}

function fromBase(files: DataFiles, base: Base, first: number): RecoveredFiles {
  const records = [...base.records];
  const last = Math.max(first, ...files.segments.keys());
  let lastSequence = base.covers;
  for (let segment = first; ; segment += 1) {
    const read = readSegment(files, segment, last, lastSequence);
    for (const record of read.records) records.push(record);
    lastSequence = read.lastSequence;
    if (read.damage === null && segment < last) continue;
    const { length, damage } = read;
    return { records, lastSequence, snapshot: base.snapshot, firstSegment: first, segment, length, damage };
  }
}

/** A segment and its damage: only the last may end in a torn record. */
function readSegment(files: DataFiles, number: number, last: number, goesOnFrom: number): Segment {
  const bytes = files.segments.get(number);
  if (bytes === undefined) {
    const damage = { kind: "corrupt", file: "log", number, at: 0, isMissing: true } as const;
    return { records: [], lastSequence: goesOnFrom, length: 0, damage };
  }
  const { records, lastSequence, dropped } = decodeLog(bytes, goesOnFrom);
  if (dropped === null) return { records, lastSequence, length: bytes.length, damage: null };
  const kind = number === last ? dropped.kind : "corrupt";
  const damage = { kind, file: "log", number, at: dropped.at, isMissing: false } as const;
  return { records, lastSequence, length: dropped.at, damage };
}
