import type { ActorCounter, Entry, State, Version } from "../versions/version.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { crc32c } from "./checksum.ts";
import type { LogRecord, RecordKindCode } from "./record.ts";
import { RecordKind } from "./record.ts";

/** Begins each record: where a record may stand is found again after damage. */
const magic = 0x5ec0;
const formatVersion = 2;
/** Magic, format version, kind, length of the body, checksum. */
const headerBytes = 12;
const checksumAt = 8;
/** Above it a length is damage. A key and sixteen siblings of 1 MiB, three bytes a character, fit. */
const maxBodyBytes = 64 * 1024 * 1024;
const mostKinds = Object.keys(RecordKind).length;

/** A record as it stands in a file. */
export interface StoredRecord {
  readonly record: LogRecord;
  /** Counts the records of a log from 1 without a gap, over all lives of the node. */
  readonly sequence: number;
  /** The sequence up to which the log was known to be durable when the record was made. */
  readonly durable: number;
  /** Where the next record begins. */
  readonly end: number;
}

/**
 * A record as bytes: a header with length and CRC32C of everything else, then the body.
 * @throws RangeError when it is so large that it could not be told from damage
 */
export function encodeLogRecord(record: LogRecord, sequence: number, durable: number): Uint8Array {
  const writer = new ByteWriter();
  writer.uint16(magic);
  writer.uint8(formatVersion);
  writer.uint8(record.kind);
  writer.uint32(0);
  writer.uint32(0);
  writer.float64(sequence);
  writer.float64(durable);
  writer.float64(record.ringEpoch);
  writer.text(record.keyspace);
  writer.text(record.key);
  writeState(writer, record.state);
  writer.uint8(record.version === null ? 0 : 1);
  if (record.version !== null) writeVersion(writer, record.version);
  writer.text(record.node);
  writer.float64(record.timeUs);
  writer.text(record.text);
  const bytes = writer.bytes();
  if (bytes.length - headerBytes > maxBodyBytes) {
    throw new RangeError(
      `a record has ${bytes.length} bytes, over the ${maxBodyBytes} that the log can hold`,
    );
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(4, bytes.length - headerBytes);
  view.setUint32(checksumAt, checksumOf(bytes, 0, bytes.length));
  return bytes;
}

/** The record that stands at `at`; null when what stands there is not a whole one. */
export function decodeLogRecord(bytes: Uint8Array, at: number): StoredRecord | null {
  const end = endOfRecord(bytes, at);
  if (end === null) return null;
  const kind = bytes[at + 3] as RecordKindCode;
  const reader = new ByteReader(bytes, at + headerBytes, end);
  const sequence = reader.float64();
  const durable = reader.float64();
  const ringEpoch = reader.float64();
  const keyspace = reader.text();
  const key = reader.text();
  const state = readState(reader);
  const version = reader.uint8() === 1 ? readVersion(reader) : null;
  const node = reader.text();
  const timeUs = reader.float64();
  const text = reader.text();
  const record = { kind, keyspace, ringEpoch, key, state, version, node, timeUs, text };
  return { record, sequence, durable, end };
}

/** Where the record at `at` ends, if header and checksum are those of a record. */
function endOfRecord(bytes: Uint8Array, at: number): number | null {
  if (at + headerBytes > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(at) !== magic || view.getUint8(at + 2) !== formatVersion) return null;
  const kind = view.getUint8(at + 3);
  if (kind < 1 || kind > mostKinds) return null;
  const length = view.getUint32(at + 4);
  const end = at + headerBytes + length;
  if (length > maxBodyBytes || end > bytes.length) return null;
  return view.getUint32(at + checksumAt) === checksumOf(bytes, at, end) ? end : null;
}

/** Over the whole record but the checksum itself, so that no flipped bit goes unseen. */
function checksumOf(bytes: Uint8Array, start: number, end: number): number {
  return crc32c(bytes, start + headerBytes, end, crc32c(bytes, start, start + checksumAt));
}

function writeState(writer: ByteWriter, { entries, context }: State): void {
  writer.uint32(entries.length);
  for (const { version, value, deleted } of entries) {
    writeVersion(writer, version);
    writer.uint8((deleted ? 1 : 0) | (value === null ? 2 : 0));
    writer.text(value ?? "");
  }
  writer.uint32(context.length);
  for (const { node, incarnation, counter } of context) {
    writer.text(node);
    writer.text(incarnation);
    writer.float64(counter);
  }
}

function readState(reader: ByteReader): State {
  const entries: Entry[] = [];
  for (let left = reader.uint32(); left > 0; left -= 1) {
    const version = readVersion(reader);
    const flags = reader.uint8();
    const text = reader.text();
    entries.push({ version, value: (flags & 2) === 0 ? text : null, deleted: (flags & 1) === 1 });
  }
  const context: ActorCounter[] = [];
  for (let left = reader.uint32(); left > 0; left -= 1) {
    context.push({ node: reader.text(), incarnation: reader.text(), counter: reader.float64() });
  }
  return { entries, context };
}

function writeVersion(writer: ByteWriter, { time, node, incarnation, sequence }: Version): void {
  writer.float64(time);
  writer.text(node);
  writer.text(incarnation);
  writer.float64(sequence);
}

function readVersion(reader: ByteReader): Version {
  return {
    time: reader.float64(),
    node: reader.text(),
    incarnation: reader.text(),
    sequence: reader.float64(),
  };
}
