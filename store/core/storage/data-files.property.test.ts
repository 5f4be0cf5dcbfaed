import assert from "node:assert/strict";
import fc from "fast-check";
import { only } from "../versions/version.ts";
import type { DataFiles, RecoveredFiles } from "./data-files.ts";
import { recoverFiles } from "./data-files.ts";
import type { LogRecord } from "./record.ts";
import { stateRecord } from "./record.ts";
import { encodeLogRecord } from "./record-codec.ts";
import { encodeSnapshotHeader } from "./snapshot-codec.ts";

function recordOf(sequence: number): LogRecord {
  const version = { time: sequence, node: "n1", incarnation: "3f2a", sequence };
  return stateRecord("k", 1, `key${sequence % 3}`, only({ version, value: `v${sequence}`, deleted: false }));
}

const records = (from: number, to: number): LogRecord[] =>
  Array.from({ length: to - from + 1 }, (_, index) => recordOf(from + index));

/** Records of a log, each durable before the next. */
function segment(from: number, to: number): Uint8Array {
  return joined(
    records(from, to).map((record, index) => encodeLogRecord(record, from + index, from + index - 1)),
  );
}

function snapshot(covers: number): Uint8Array {
  const body = joined(records(1, covers).map((record, index) => encodeLogRecord(record, index + 1, 0)));
  return joined([encodeSnapshotHeader({ covers, records: covers, bytes: body.length }), body]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function files(snapshots: Record<number, Uint8Array>, segments: Record<number, Uint8Array>): DataFiles {
  const numbered = (given: Record<number, Uint8Array>): Map<number, Uint8Array> =>
    new Map(Object.entries(given).map(([number, bytes]) => [Number(number), bytes]));
  return { snapshots: numbered(snapshots), segments: numbered(segments) };
}

function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const damaged = bytes.slice();
  damaged[at] = (damaged[at] ?? 0) ^ mask;
  return damaged;
}

const summary = ({ records: found, damage, segment: at }: RecoveredFiles): unknown => ({
  values: found.map(({ state }) => state.entries[0]?.value),
  damage: damage === null ? null : `${damage.kind} ${damage.file}.${damage.number}@${damage.at}`,
  segment: at,
});
const values = (from: number, to: number): string[] =>
  records(from, to).map((_, index) => `v${from + index}`);

describe("data files", () => {
  it("of a new node are none", () => {
    assert.deepEqual(recoverFiles(files({}, {})), {
      records: [],
      lastSequence: 0,
      snapshot: 0,
      firstSegment: 1,
      segment: 1,
      length: 0,
      damage: null,
    });
  });

  it("are read from the newest snapshot on, whatever older ones are left", () => {
    const all = files(
      { 2: snapshot(2), 3: snapshot(4) },
      { 1: segment(1, 2), 2: segment(3, 4), 3: segment(5, 6), 4: segment(7, 7) },
    );
    const recovered = recoverFiles(all);
    assert.deepEqual(summary(recovered), { values: values(1, 7), damage: null, segment: 4 });
    assert.deepEqual([recovered.snapshot, recovered.firstSegment, recovered.lastSequence], [3, 3, 7]);
  });

  it("do without a damaged snapshot only where older files are complete", () => {
    const damaged = flipped(snapshot(4), 40, 1);
    const complete = { 1: segment(1, 2), 2: segment(3, 4), 3: segment(5, 6) };
    const whole = { values: values(1, 6), damage: null, segment: 3 };
    assert.deepEqual(summary(recoverFiles(files({ 3: damaged }, complete))), whole);
    const older = files({ 2: snapshot(2), 3: damaged }, { 2: segment(3, 4), 3: segment(5, 6) });
    assert.deepEqual(summary(recoverFiles(older)), whole);
    const lost = { values: [], damage: "corrupt snapshot.3@32", segment: 3 };
    for (const left of [
      { 2: segment(3, 4), 3: segment(5, 6) },
      { 1: segment(1, 2), 3: segment(5, 6) },
      { 1: segment(1, 2), 2: segment(3, 4) },
      { 3: segment(5, 6) },
      {},
    ]) {
      assert.deepEqual(summary(recoverFiles(files({ 3: damaged }, left))), lost);
    }
  });

  it("are damaged where a segment is missing, or the log does not begin with its first record", () => {
    const gap = files({}, { 1: segment(1, 2), 3: segment(5, 6) });
    const first = { values: values(1, 2), damage: "corrupt log.2@0", segment: 2 };
    assert.deepEqual(summary(recoverFiles(gap)), first);
    const without = files({ 3: snapshot(4) }, {});
    assert.deepEqual(summary(recoverFiles(without)), {
      values: values(1, 4),
      damage: "corrupt log.3@0",
      segment: 3,
    });
    for (const orphan of [segment(5, 6), new Uint8Array(0), segment(5, 5).slice(0, 9)]) {
      const found = recoverFiles(files({}, { 3: orphan }));
      assert.deepEqual([found.records.length, found.damage?.kind], [0, "corrupt"]);
    }
  });

  it("may end in a torn record in the last segment only", () => {
    const torn = segment(3, 4).slice(0, -1);
    const last = recoverFiles(files({}, { 1: segment(1, 2), 2: torn }));
    assert.deepEqual(summary(last), {
      values: values(1, 3),
      damage: `torn log.2@${segment(3, 3).length}`,
      segment: 2,
    });
    const inside = recoverFiles(files({}, { 1: segment(1, 2), 2: torn, 3: new Uint8Array(0) }));
    assert.equal(inside.damage?.kind, "corrupt");
  });

  it("give a prefix of the records for every length of the last segment", () => {
    const last = segment(5, 7);
    for (let length = 0; length <= last.length; length += 1) {
      const found = recoverFiles(files({ 3: snapshot(4) }, { 3: last.slice(0, length) }));
      assert.deepEqual(found.records, records(1, found.lastSequence));
      const isWhole = found.length === length;
      assert.equal(found.damage?.kind ?? null, isWhole ? null : "torn");
    }
  });

  it("hide no flipped byte of any file: a prefix is left, and the damage is told", () => {
    const parts: readonly (readonly ["snapshots" | "segments", number, Uint8Array])[] = [
      ["snapshots", 3, snapshot(4)],
      ["segments", 3, segment(5, 6)],
      ["segments", 4, segment(7, 8)],
    ];
    for (const [folder, number, bytes] of parts) {
      for (let at = 0; at < bytes.length; at += 1) {
        const all = files({ 3: snapshot(4) }, { 3: segment(5, 6), 4: segment(7, 8) });
        const damaged = { ...all, [folder]: new Map(all[folder]).set(number, flipped(bytes, at, 0x20)) };
        const { records: found, damage, lastSequence } = recoverFiles(damaged);
        assert.ok(damage !== null, `${folder} ${number} at ${at}`);
        assert.deepEqual(found, records(1, lastSequence));
        assert.equal(damage.number, number);
        if (folder === "snapshots") assert.deepEqual([damage.kind, lastSequence], ["corrupt", 0]);
        else assert.ok(damage.kind === "corrupt" || (number === 4 && lastSequence === 7));
      }
    }
  });

  it("give a prefix whatever several bytes are flipped, and never more than was written", () => {
    const flip = fc.record({ at: fc.nat(400), mask: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), fc.nat(400), (flips, length) => {
        const last = flips.reduce<Uint8Array>(
          (bytes, { at, mask }) => (at < bytes.length ? flipped(bytes, at, mask) : bytes),
          segment(5, 7).slice(0, length),
        );
        const found = recoverFiles(files({ 3: snapshot(4) }, { 3: last }));
        assert.ok(found.lastSequence >= 4 && found.lastSequence <= 7);
        assert.deepEqual(found.records, records(1, found.lastSequence));
      }),
    );
  });
});
