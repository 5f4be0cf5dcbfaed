import type { State, Version } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";

/** Kinds of log records. A number is never used again for another kind. */
export const RecordKind = {
  /** What a replica was told of a key. */
  state: 1,
  /** A key of which the replica keeps nothing any more, its tombstone neither. */
  forgotten: 2,
  /** A ballot that an acceptor has promised for a key. */
  promise: 3,
  /** A write that is kept for `node`, since `timeUs`. */
  hint: 4,
  /** What was kept for `node` of a key, up to that state, is delivered or dropped. */
  hintDone: 5,
  /** The membership, in `text` as JSON. */
  membership: 6,
  /** The node must resynchronise, or has: `text` says "needed" or "done". */
  resync: 7,
} as const;
export type RecordKindCode = (typeof RecordKind)[keyof typeof RecordKind];

/** One line of the write-ahead log or of a snapshot. One shape for all kinds; what a kind does not use is empty. */
export interface LogRecord {
  readonly kind: RecordKindCode;
  readonly keyspace: string;
  readonly ringEpoch: number;
  readonly key: string;
  readonly state: State;
  readonly version: Version | null;
  readonly node: string;
  readonly timeUs: number;
  readonly text: string;
}

/** What a replica was told of a key. */
export function stateRecord(keyspace: string, ringEpoch: number, key: string, state: State): LogRecord {
  const kind = RecordKind.state;
  return { kind, keyspace, ringEpoch, key, state, version: null, node: "", timeUs: 0, text: "" };
}

/** A replica keeps nothing of a key any more, unless it is newer than the version; null for nothing at all. */
export function forgottenRecord(
  keyspace: string,
  ringEpoch: number,
  key: string,
  version: Version | null,
): LogRecord {
  const kind = RecordKind.forgotten;
  return { kind, keyspace, ringEpoch, key, state: nothing, version, node: "", timeUs: 0, text: "" };
}

/** An acceptor's promise. */
export function promiseRecord(keyspace: string, ringEpoch: number, key: string, version: Version): LogRecord {
  const kind = RecordKind.promise;
  return { kind, keyspace, ringEpoch, key, state: nothing, version, node: "", timeUs: 0, text: "" };
}

/** A write kept for another node, or (with `hintDone`) no longer kept. */
export function hintRecord(
  kind: typeof RecordKind.hint | typeof RecordKind.hintDone,
  keyspace: string,
  ringEpoch: number,
  key: string,
  state: State,
  node: string,
  timeUs: number,
): LogRecord {
  return { kind, keyspace, ringEpoch, key, state, version: null, node, timeUs, text: "" };
}

/** A fact about the node itself. */
export function nodeRecord(
  kind: typeof RecordKind.membership | typeof RecordKind.resync,
  ringEpoch: number,
  text: string,
): LogRecord {
  return { kind, keyspace: "", ringEpoch, key: "", state: nothing, version: null, node: "", timeUs: 0, text };
}
