import assert from "node:assert/strict";
import fc from "fast-check";
import { crc32c } from "./checksum.ts";
import type { LogRecord } from "./record.ts";
import { encodeLogRecord, RecordKind } from "./record.ts";
import { decodeLog } from "./recovery.ts";

function record(sequence: number, key: string, value: string | null): LogRecord {
  const version = { time: 1_763_692_800_000_000 + sequence, node: "n1", incarnation: "3f2a", sequence };
  const state = [{ version, value, deleted: value === null }];
  return { sequence, kind: RecordKind.state, keyspace: "k", ringEpoch: 1, key, state };
}

const log = [record(7, "x", "größer"), record(8, "y", null), record(9, "x", "\ud800 lone, 日本, 🙂")];
const pieces = log.map(encodeLogRecord);
const bytes = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
const starts = pieces.map((_, index) => pieces.slice(0, index).reduce((sum, piece) => sum + piece.length, 0));

describe("log codec", () => {
  it("computes CRC32C as RFC 3720 does", () => {
    const digits = Uint8Array.from("123456789", (digit) => digit.charCodeAt(0));
    assert.equal(crc32c(digits, 0, 9), 0xe3069283);
    assert.equal(crc32c(new Uint8Array(32), 0, 32), 0x8a9136aa);
    assert.equal(crc32c(digits, 4, 9, crc32c(digits, 0, 4)), 0xe3069283);
  });

  it("reads back what was written", () => {
    assert.deepEqual(decodeLog(bytes), { records: log, dropped: null });
    assert.deepEqual(decodeLog(new Uint8Array(0)), { records: [], dropped: null });
  });

  it("reads back any text", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(text, text, (key: string, value: string) => {
        const written = record(1, key, value);
        assert.deepEqual(decodeLog(encodeLogRecord(written)).records, [written]);
      }),
    );
    const long = record(1, "k", "日本語 text ".repeat(5_000));
    assert.deepEqual(decodeLog(encodeLogRecord(long)).records, [long]);
  });

  it("drops the torn tail of every prefix", () => {
    for (let length = 0; length <= bytes.length; length += 1) {
      const whole = starts.filter((start, index) => start + (pieces[index]?.length ?? 0) <= length).length;
      const at = starts[whole] ?? bytes.length;
      const dropped = at === length ? null : { kind: "torn", at };
      assert.deepEqual(decodeLog(bytes.slice(0, length)), { records: log.slice(0, whole), dropped });
    }
  });

  it("notices every flipped byte, and tells damage in the middle from a torn tail", () => {
    for (let at = 0; at < bytes.length; at += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        const hit = starts.filter((start) => start <= at).length - 1;
        const kind = hit === log.length - 1 ? "torn" : "corrupt";
        const expected = { records: log.slice(0, hit), dropped: { kind, at: starts[hit] } };
        assert.deepEqual(decodeLog(damaged), expected, `byte ${at} ^ ${flip}`);
      }
    }
  });

  it("calls a gap in the sequence corrupt", () => {
    const [first, , third] = pieces;
    const gap = Uint8Array.from([...(first ?? []), ...(third ?? [])]);
    assert.deepEqual(decodeLog(gap).dropped, { kind: "corrupt", at: first?.length });
  });
});
