import assert from "node:assert/strict";
import fc from "fast-check";
import { only } from "../versions/version.ts";
import { crc32c } from "./checksum.ts";
import type { LogRecord } from "./record.ts";
import { hintRecord, nodeRecord, promiseRecord, RecordKind, stateRecord } from "./record.ts";
import { encodeLogRecord } from "./record-codec.ts";
import { decodeLog } from "./recovery.ts";

function record(sequence: number, key: string, value: string | null): LogRecord {
  const version = { time: 1_763_692_800_000_000 + sequence, node: "n1", incarnation: "3f2a", sequence };
  return stateRecord("k", 1, key, only({ version, value, deleted: value === null }));
}

const before = 6;
const log = [record(7, "x", "größer"), record(8, "y", null), record(9, "x", "\ud800 lone, 日本, 🙂")];

/** Each record was durable before the next one was appended, unless all were written at once. */
function piecesOf(records: readonly LogRecord[], isBatch: boolean): Uint8Array[] {
  return records.map((logged, index) =>
    encodeLogRecord(logged, before + index + 1, before + (isBatch ? 0 : index)),
  );
}

const joined = (pieces: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(pieces.flatMap((piece) => [...piece]));
const pieces = piecesOf(log, false);
const bytes = joined(pieces);
const starts = pieces.map((_, index) => pieces.slice(0, index).reduce((sum, piece) => sum + piece.length, 0));

describe("log codec", () => {
  it("computes CRC32C as RFC 3720 does", () => {
    const digits = Uint8Array.from("123456789", (digit) => digit.charCodeAt(0));
    assert.equal(crc32c(digits, 0, 9), 0xe3069283);
    assert.equal(crc32c(new Uint8Array(32), 0, 32), 0x8a9136aa);
    assert.equal(crc32c(digits, 4, 9, crc32c(digits, 0, 4)), 0xe3069283);
  });

  it("reads back what was written", () => {
    assert.deepEqual(decodeLog(bytes, before), { records: log, dropped: null, lastSequence: 9 });
    assert.deepEqual(decodeLog(new Uint8Array(0), 5), { records: [], dropped: null, lastSequence: 5 });
  });

  it("reads back every kind of record", () => {
    const version = { time: 3, node: "n2", incarnation: "77aa", sequence: 4 };
    const context = [{ node: "n1", incarnation: "", counter: 12 }];
    const entries = ["a", "b"].map((value) => ({ version, value, deleted: false }));
    const records = [
      stateRecord("k", 2, "x", { entries, context }),
      promiseRecord("k", 2, "x", version),
      hintRecord(RecordKind.hint, "k", 2, "x", { entries, context }, "n3", 1_763_692_800_000_123),
      nodeRecord(RecordKind.resync, 2, "needed"),
    ];
    assert.deepEqual(decodeLog(joined(piecesOf(records, true)), before).records, records);
  });

  it("reads back any text", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(text, text, (key: string, value: string) => {
        const written = record(1, key, value);
        assert.deepEqual(decodeLog(encodeLogRecord(written, 1, 0), 0).records, [written]);
      }),
    );
    const long = record(1, "k", "日本語 text ".repeat(5_000));
    assert.deepEqual(decodeLog(encodeLogRecord(long, 1, 0), 0).records, [long]);
  });

  it("drops the torn tail of every prefix", () => {
    for (let length = 0; length <= bytes.length; length += 1) {
      const whole = starts.filter((start, index) => start + (pieces[index]?.length ?? 0) <= length).length;
      const at = starts[whole] ?? bytes.length;
      const dropped = at === length ? null : { kind: "torn", at };
      const expected = { records: log.slice(0, whole), dropped, lastSequence: before + whole };
      assert.deepEqual(decodeLog(bytes.slice(0, length), before), expected);
    }
  });

  for (const isBatch of [false, true]) {
    const kinds = isBatch ? "torn: all was one unsynced write" : "corrupt but for the last";
    it(`notices every flipped byte (${kinds})`, () => {
      const whole = joined(piecesOf(log, isBatch));
      for (let index = 0; index < 3 * whole.length; index += 1) {
        const at = Math.floor(index / 3);
        const flip = [0x01, 0x80, 0xff][index % 3] ?? 0;
        const damaged = whole.slice();
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        const hit = starts.filter((start) => start <= at).length - 1;
        const kind = isBatch || hit === log.length - 1 ? "torn" : "corrupt";
        const dropped = { kind, at: starts[hit] };
        const expected = { records: log.slice(0, hit), dropped, lastSequence: before + hit };
        assert.deepEqual(decodeLog(damaged, before), expected, `byte ${at} ^ ${flip}`);
      }
    });
  }

  it("drops what is left of an unsynced write whose pages came to the disk in any order", () => {
    const written = joined(piecesOf(log, true));
    const middle = starts[1] ?? 0;
    const holed = written.slice().fill(0, middle, starts[2]);
    const expected = { records: log.slice(0, 1), dropped: { kind: "torn", at: middle }, lastSequence: 7 };
    assert.deepEqual(decodeLog(holed, before), expected);
  });

  it("calls a gap in the sequence corrupt, at the beginning too", () => {
    const [first, second, third] = pieces;
    const gap = joined([first ?? bytes, third ?? bytes]);
    assert.deepEqual(decodeLog(gap, before).dropped, { kind: "corrupt", at: first?.length });
    const late = joined([second ?? bytes, third ?? bytes]);
    assert.deepEqual(decodeLog(late, before).dropped, { kind: "corrupt", at: 0 });
  });
});
