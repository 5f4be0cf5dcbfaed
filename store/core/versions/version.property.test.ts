import assert from "node:assert/strict";
import fc from "fast-check";
import { arrival } from "./arrival.ts";
import { lww } from "./lww.ts";
import type { Entry, State, Version } from "./version.ts";
import { compareVersions, nothing } from "./version.ts";
import { versionText } from "./version-text.ts";

// Small ranges, so that ties in every field are common.
const version: fc.Arbitrary<Version> = fc.record({
  time: fc.constantFrom(0, 1, 2, 1_800_000_000_000_000),
  node: fc.constantFrom("n1", "n10", "n2"),
  incarnation: fc.constantFrom("00", "0f", "f0"),
  sequence: fc.nat({ max: 2 }),
});
const state: fc.Arbitrary<State> = fc.oneof(
  fc.constant(nothing),
  version.map((made: Version): State => [{ version: made, value: JSON.stringify(made), deleted: false }]),
);

describe("version order", () => {
  it("is total, antisymmetric and transitive", () => {
    fc.assert(
      fc.property(version, version, version, (a: Version, b: Version, c: Version) => {
        assert.equal(Math.sign(compareVersions(a, b)), 0 - Math.sign(compareVersions(b, a)));
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0);
      }),
    );
  });

  it("holds only a version equal to itself", () => {
    fc.assert(
      fc.property(version, version, (a: Version, b: Version) => {
        assert.equal(compareVersions(a, b) === 0, JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it("puts time before everything else", () => {
    const early: Version = { time: 1, node: "n9", incarnation: "ff", sequence: 9 };
    const late: Version = { time: 2, node: "n1", incarnation: "00", sequence: 1 };
    assert.ok(compareVersions(early, late) < 0);
  });

  it("is told in a text that pictures can cut at the number sign", () => {
    const text = versionText({ time: 1012, node: "n1", incarnation: "3f2a77aa00112233", sequence: 7 });
    assert.equal(text, "@1012 n1#3f2a.7");
  });
});

describe("last write wins", () => {
  it("merges commutatively, associatively and idempotently", () => {
    fc.assert(
      fc.property(state, state, state, (a: State, b: State, c: State) => {
        assert.deepEqual(lww.merge(a, b), lww.merge(b, a));
        assert.deepEqual(lww.merge(a, lww.merge(b, c)), lww.merge(lww.merge(a, b), c));
        assert.equal(lww.merge(a, a), a);
      }),
    );
  });

  it("returns the held state itself exactly when it covers the other", () => {
    fc.assert(
      fc.property(state, state, (held: State, arriving: State) => {
        const merged = lww.merge(held, arriving);
        assert.equal(merged === held, lww.covers(held, arriving));
        assert.ok(lww.covers(merged, held) && lww.covers(merged, arriving));
      }),
    );
  });
});

describe("arrival", () => {
  it("keeps what comes last, and knows what comes twice", () => {
    const entry = (time: number): Entry => ({
      version: { time, node: "n1", incarnation: "00", sequence: 1 },
      value: `${time}`,
      deleted: false,
    });
    const first = [entry(2)];
    const second = [entry(1)];
    assert.equal(arrival.merge(first, second), second);
    assert.equal(arrival.merge(first, [entry(2)]), first);
    assert.equal(arrival.merge(first, nothing), first);
  });
});
