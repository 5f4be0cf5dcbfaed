import { crc32c } from "./checksum.ts";
import type { LogRecord } from "./record.ts";
import { decodeLog } from "./recovery.ts";

/** "RCSN", so that another file is not taken for a snapshot. */
const magic = 0x5243534e;
const formatVersion = 1;
const checksumAt = 28;

/** A snapshot begins with so many bytes that say what follows: records, encoded as in a log, numbered from 1. */
export const snapshotHeaderBytes = 32;

/** What a snapshot says of itself. */
export interface SnapshotHeader {
  /** It stands for all records of the log up to this sequence. */
  readonly covers: number;
  readonly records: number;
  /** Of the records, without this header. */
  readonly bytes: number;
}

/** A snapshot that was read from bytes; `damagedAt` where it is not exactly what was written. */
export type DecodedSnapshot =
  | { readonly records: readonly LogRecord[]; readonly covers: number; readonly damagedAt: null }
  | { readonly damagedAt: number };

/** The header as bytes, with a CRC32C of its own: the records have theirs. */
export function encodeSnapshotHeader({ covers, records, bytes }: SnapshotHeader): Uint8Array {
  const encoded = new Uint8Array(snapshotHeaderBytes);
  const view = new DataView(encoded.buffer);
  view.setUint32(0, magic);
  view.setUint32(4, formatVersion);
  view.setFloat64(8, covers);
  view.setUint32(16, records);
  view.setFloat64(20, bytes);
  view.setUint32(checksumAt, crc32c(encoded, 0, checksumAt));
  return encoded;
}

/** Reads a snapshot. It was written whole before it got its name, so whatever is missing is damage. */
export function decodeSnapshot(bytes: Uint8Array): DecodedSnapshot {
  const header = readHeader(bytes);
  if (header === null) return { damagedAt: 0 };
  const body = bytes.subarray(snapshotHeaderBytes);
  const { records, dropped } = decodeLog(body, 0);
  if (dropped !== null) return { damagedAt: snapshotHeaderBytes + dropped.at };
  if (records.length !== header.records || body.length !== header.bytes) return { damagedAt: bytes.length };
  return { records, covers: header.covers, damagedAt: null };
}

function readHeader(bytes: Uint8Array): SnapshotHeader | null {
  if (bytes.length < snapshotHeaderBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isHeader = view.getUint32(0) === magic && view.getUint32(4) === formatVersion;
  if (!isHeader || view.getUint32(checksumAt) !== crc32c(bytes, 0, checksumAt)) return null;
  return { covers: view.getFloat64(8), records: view.getUint32(16), bytes: view.getFloat64(20) };
}
