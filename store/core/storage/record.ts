import type { Entry, State } from "../versions/version.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { crc32c } from "./checksum.ts";

/** Kinds of log records. A number is never used again for another kind. */
export const RecordKind = { state: 1 } as const;
export type RecordKindCode = (typeof RecordKind)[keyof typeof RecordKind];

/** One line of the write-ahead log: what the replica was told of a key, in the order in which it was told. */
export interface LogRecord {
  /** Counts records from 1 without a gap, over all lives of the node. */
  readonly sequence: number;
  readonly kind: RecordKindCode;
  readonly keyspace: string;
  readonly ringEpoch: number;
  readonly key: string;
  readonly state: State;
}

/** Begins each record: where a record may stand is found again after damage. */
const magic = 0x5ec0;
const formatVersion = 1;
/** Magic, format version, kind, length of the body, checksum. */
const headerBytes = 12;
const checksumAt = 8;
/** Above it a length is damage. A key and sixteen siblings of 1 MiB, three bytes a character, fit. */
const maxBodyBytes = 64 * 1024 * 1024;

/** A record as bytes: a header with length and CRC32C of everything else, then the body. */
export function encodeLogRecord(record: LogRecord): Uint8Array {
  const writer = new ByteWriter();
  writer.uint16(magic);
  writer.uint8(formatVersion);
  writer.uint8(record.kind);
  writer.uint32(0);
  writer.uint32(0);
  writer.float64(record.sequence);
  writer.float64(record.ringEpoch);
  writer.text(record.keyspace);
  writer.text(record.key);
  writer.uint16(record.state.length);
  for (const entry of record.state) writeEntry(writer, entry);
  const bytes = writer.bytes();
  const view = new DataView(bytes.buffer);
  view.setUint32(4, bytes.length - headerBytes);
  view.setUint32(checksumAt, checksumOf(bytes, 0, bytes.length));
  return bytes;
}

/** The record that stands at `at` and where the next begins; null when what stands there is not a whole one. */
export function decodeLogRecord(
  bytes: Uint8Array,
  at: number,
): { readonly record: LogRecord; readonly end: number } | null {
  const end = endOfRecord(bytes, at);
  if (end === null) return null;
  const reader = new ByteReader(bytes, at + headerBytes, end);
  const sequence = reader.float64();
  const ringEpoch = reader.float64();
  const keyspace = reader.text();
  const key = reader.text();
  const state: Entry[] = [];
  for (let left = reader.uint16(); left > 0; left -= 1) state.push(readEntry(reader));
  return { record: { sequence, kind: RecordKind.state, keyspace, ringEpoch, key, state }, end };
}

/** Where the record at `at` ends, if header and checksum are those of a record. */
function endOfRecord(bytes: Uint8Array, at: number): number | null {
  if (at + headerBytes > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(at) !== magic || view.getUint8(at + 2) !== formatVersion) return null;
  if (view.getUint8(at + 3) !== RecordKind.state) return null;
  const length = view.getUint32(at + 4);
  const end = at + headerBytes + length;
  if (length > maxBodyBytes || end > bytes.length) return null;
  return view.getUint32(at + checksumAt) === checksumOf(bytes, at, end) ? end : null;
}

/** Over the whole record but the checksum itself, so that no flipped bit goes unseen. */
function checksumOf(bytes: Uint8Array, start: number, end: number): number {
  return crc32c(bytes, start + headerBytes, end, crc32c(bytes, start, start + checksumAt));
}

function writeEntry(writer: ByteWriter, entry: Entry): void {
  writer.float64(entry.version.time);
  writer.text(entry.version.node);
  writer.text(entry.version.incarnation);
  writer.float64(entry.version.sequence);
  writer.uint8((entry.deleted ? 1 : 0) | (entry.value === null ? 2 : 0));
  writer.text(entry.value ?? "");
}

function readEntry(reader: ByteReader): Entry {
  const time = reader.float64();
  const node = reader.text();
  const incarnation = reader.text();
  const sequence = reader.float64();
  const flags = reader.uint8();
  const text = reader.text();
  return {
    version: { time, node, incarnation, sequence },
    value: (flags & 2) === 0 ? text : null,
    deleted: (flags & 1) === 1,
  };
}
