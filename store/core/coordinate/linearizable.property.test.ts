import assert from "node:assert/strict";
import { orderViolation, runAtRandom } from "../testing/random-run.test-support.ts";

interface Setting {
  readonly nodes: number;
  readonly settings: object;
  readonly skewUs: number;
}

/** The settings that CLAIMS.md says are linearizable, rows Q5, Q6, Q9, Q16 and Q10. */
const linearizable: Readonly<Record<string, Setting>> = {
  "3/3/3": { nodes: 4, settings: { w: 3, r: 3 }, skewUs: 0 },
  "3/1/3": { nodes: 4, settings: { w: 1, r: 3 }, skewUs: 0 },
  "3/2/2 with blocking repair": { nodes: 3, settings: { read: "repair-blocking" }, skewUs: 0 },
  "3/3/1 with write-back to w": {
    nodes: 4,
    settings: { w: 3, r: 1, read: "repair-blocking", writeBackTo: "w" },
    skewUs: 0,
  },
  "abd under skew": { nodes: 4, settings: { protocol: "abd" }, skewUs: 60_000 },
};

/** Chosen: with it every defect below is found, and the whole file takes a few seconds. */
const seeds = 100;

/** The first seed whose run is not linearizable, or null. */
function firstViolation({ nodes, settings, skewUs }: Setting, defect?: string): string | null {
  for (let seed = 0; seed < seeds; seed += 1) {
    const plan = { seed, nodes, settings, skewUs, hasPowerLoss: seed % 2 === 0 };
    const { operations } = runAtRandom(defect === undefined ? plan : { ...plan, defect });
    assert.ok(operations.length >= 10, `seed ${seed}: ${operations.length} of 25 operations were answered`);
    const violation = orderViolation(operations);
    if (violation !== null) return `seed ${seed}: ${violation}`;
  }
  return null;
}

function settingOf(name: string): Setting {
  const setting = linearizable[name];
  assert.ok(setting, name);
  return setting;
}

describe("a register under loss, doubling, delay and power loss", () => {
  for (const name of Object.keys(linearizable)) {
    it(`is linearizable at ${name}`, () => {
      assert.equal(firstViolation(settingOf(name)), null);
    }).timeout(30_000);
  }

  it("is not at plain 3/2/2", () => {
    assert.notEqual(firstViolation({ nodes: 4, settings: {}, skewUs: 0 }), null);
  }).timeout(30_000);

  const broken: readonly (readonly [string, string])[] = [
    ["3/3/3", "read-answered-at-r-minus-1"],
    ["3/3/3", "read-ignores-newest"],
    ["3/1/3", "older-write-overwrites"],
    ["3/1/3", "recovery-starts-empty"],
    ["3/2/2 with blocking repair", "blocking-answers-unacked"],
    ["3/2/2 with blocking repair", "repair-writes-older"],
    ["3/2/2 with blocking repair", "read-without-write-back"],
    ["3/2/2 with blocking repair", "repair-overwrites"],
    ["abd under skew", "abd-without-write-back"],
    ["abd under skew", "abd-sequence-reset"],
    ["abd under skew", "abd-clock-version"],
    ["abd under skew", "abd-version-from-one"],
    ["abd under skew", "tie-broken-by-arrival"],
  ];
  for (const [name, defect] of broken) {
    it(`is not at ${name} with the defect ${defect}`, () => {
      assert.notEqual(firstViolation(settingOf(name), defect), null);
    }).timeout(30_000);
  }
});
