import assert from "node:assert/strict";
import type { FinishedRun, OperationName } from "../testing/random-run.test-support.ts";
import {
  chainViolation,
  mostlyCas,
  orderViolation,
  runAtRandom,
} from "../testing/random-run.test-support.ts";

interface Setting {
  readonly nodes: number;
  readonly settings: object;
  readonly skewUs: number;
  readonly mix?: readonly OperationName[];
}

/** The settings that CLAIMS.md says are linearizable, rows Q5, Q6, Q9, Q16, Q10 and C17. */
const linearizable: Readonly<Record<string, Setting>> = {
  "3/3/3": { nodes: 4, settings: { w: 3, r: 3 }, skewUs: 0 },
  "3/1/3": { nodes: 4, settings: { w: 1, r: 3 }, skewUs: 0 },
  "3/2/2 with blocking repair": { nodes: 3, settings: { read: "repair-blocking" }, skewUs: 0 },
  "3/3/1 with write-back to w": {
    nodes: 4,
    settings: { w: 3, r: 1, read: "repair-blocking", writeBackTo: "w" },
    skewUs: 0,
  },
  "4/3/2 with write-back to w": {
    nodes: 5,
    settings: { n: 4, w: 3, r: 2, read: "repair-blocking", writeBackTo: "w" },
    skewUs: 0,
  },
  "abd under skew": { nodes: 4, settings: { protocol: "abd" }, skewUs: 60_000 },
  "abd 5/3/3 on six nodes": { nodes: 6, settings: { protocol: "abd", n: 5 }, skewUs: 60_000 },
  "abd 4/2/3": { nodes: 4, settings: { protocol: "abd", n: 4, w: 2, r: 3 }, skewUs: 60_000 },
  "caspaxos under skew": {
    nodes: 4,
    settings: { protocol: "caspaxos" },
    skewUs: 60_000,
    mix: mostlyCas,
  },
  "caspaxos with puts": { nodes: 4, settings: { protocol: "caspaxos" }, skewUs: 60_000 },
  "caspaxos 5/3/3": {
    nodes: 5,
    settings: { protocol: "caspaxos", n: 5 },
    skewUs: 60_000,
    mix: mostlyCas,
  },
  "caspaxos 4/3/2 with anti-entropy": {
    nodes: 5,
    settings: { protocol: "caspaxos", n: 4, w: 3, r: 2, antiEntropyMs: 3 },
    skewUs: 60_000,
    mix: mostlyCas,
  },
};

/** Chosen: with it every defect below is found, and the whole file takes some ten seconds. */
const seeds = 100;

type Violation = (run: FinishedRun) => string | null;

const inOrder: Violation = (run) => orderViolation(run.operations) ?? chainViolation(run);

/** The first seed whose run is not linearizable, or null. */
function firstViolation(setting: Setting, defect?: string, violation: Violation = inOrder): string | null {
  for (let seed = 0; seed < seeds; seed += 1) {
    const plan = { seed, hasPowerLoss: seed % 2 === 0, ...setting };
    const run = runAtRandom(defect === undefined ? plan : { defect, ...plan });
    assert.ok(run.answered >= 5, `seed ${seed}: ${run.answered} of ${run.asked} operations were answered`);
    const found = violation(run);
    if (found !== null) return `seed ${seed}: ${found}`;
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

  it("is not at 4/3/2 with write-back to the contacted replicas", () => {
    const settings = { n: 4, w: 3, r: 2, read: "repair-blocking" };
    assert.notEqual(firstViolation({ nodes: 5, settings, skewUs: 0 }), null);
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
    ["caspaxos under skew", "paxos-ballot-reused"],
    ["caspaxos under skew", "paxos-promise-not-synced"],
    ["caspaxos under skew", "paxos-promise-forgotten"],
    ["caspaxos under skew", "paxos-retries-after-accept"],
    ["caspaxos under skew", "paxos-read-after-prepare"],
    ["caspaxos under skew", "paxos-takes-first-promise"],
    ["caspaxos under skew", "paxos-accept-at-minority"],
    ["caspaxos under skew", "paxos-promise-of-minority"],
    ["caspaxos under skew", "cas-compares-before-quorum"],
    ["caspaxos under skew", "timeout-answered-as-failure"],
  ];
  for (const [name, defect] of broken) {
    it(`is not at ${name} with the defect ${defect}`, () => {
      assert.notEqual(firstViolation(settingOf(name), defect), null);
    }).timeout(30_000);
  }
});

describe("compare-and-set under loss, doubling, delay and power loss", () => {
  const cases = ["cas", "cas", "cas", "get"] as const;
  /** Two compare-and-sets that both found the same value, which each of them replaced. */
  const twoWinners: Violation = ({ operations }) => {
    const found = operations.filter(({ f }) => f === "cas").map((operation) => operation.found);
    const twice = found.find((value, index) => found.indexOf(value) !== index);
    return twice === undefined ? null : `${twice} was replaced twice`;
  };

  it("has one winner from each state by ballots, over caspaxos and over lww", () => {
    const settings = [{ protocol: "caspaxos" }, { cas: "caspaxos" }, { cas: "caspaxos", versions: "hlc" }];
    for (const each of settings) {
      assert.equal(
        firstViolation({ nodes: 4, settings: each, skewUs: 60_000, mix: cases }, undefined, twoWinners),
        null,
        JSON.stringify(each),
      );
    }
  }).timeout(30_000);

  it("has two winners by quorum read and quorum write", () => {
    for (const settings of [{ cas: "quorum" }, { cas: "quorum", protocol: "abd" }]) {
      assert.notEqual(
        firstViolation({ nodes: 4, settings, skewUs: 0, mix: cases }, undefined, twoWinners),
        null,
        JSON.stringify(settings),
      );
    }
  }).timeout(30_000);

  it("loses a plain write that shares the key with ballots", () => {
    const settings = { cas: "caspaxos" };
    const mix = ["cas", "put", "get"] as const;
    const lostUpdate: Violation = ({ operations, uncertain }) =>
      chainViolation({ operations: operations.filter(({ f }) => f !== "get"), uncertain });
    const found = firstViolation({ nodes: 4, settings, skewUs: 0, mix }, undefined, lostUpdate);
    assert.match(String(found), /cas of .* found/);
  }).timeout(30_000);
});
