import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Measure, Verdict } from "../../harness/history/verdict.ts";
import { cleanClocks, clocks, clocksWithin } from "./clocks.ts";
import type { Happening } from "./world-history.test-support.ts";
import { worldHistory } from "./world-history.test-support.ts";

const read = (at: number, ahead: Readonly<Record<string, number>>, within?: number): Happening => {
  const reading = { at, clocks: ahead };
  return within === undefined ? reading : { ...reading, within };
};
const judged = (happenings: readonly Happening[], checker = clocks): Verdict =>
  check(checker, worldHistory({}, happenings));
const error = (of: string, value: number, samples: number): Measure => ({
  name: "largest clock error",
  of,
  value,
  unit: "ns",
  samples,
});
const apart = (value: number, off: number, samples: number): Measure[] => [
  { name: "clocks furthest apart", value, unit: "ns", samples },
  { name: "how far off that may be", value: off, unit: "ns", samples },
];
const within100 = clocksWithin(100, "within 100 ns");

describe("clocks", () => {
  it("measures the largest error of each, and how far they were apart at one moment", () => {
    const history = [
      read(0, { n3: 0 }),
      read(0.5, { n2: 0, n1: 0 }),
      read(1, { n2: 70, n1: -20, n3: 5 }, 3),
      read(2, { n2: -80, n1: -70 }, 4),
      read(3, { n1: 500 }),
    ];
    assert.deepEqual(judged(history), {
      word: "valid",
      checked: 3,
      measures: [error("n1", 500, 4), error("n2", 80, 3), error("n3", 5, 2), ...apart(90, 8, 3)],
    });
  });

  it("is not checked where clocks were not read, or never two at a time", () => {
    for (const checker of [clocks, cleanClocks]) {
      assert.deepEqual(judged([{ at: 0, phase: "strike" }], checker), {
        word: "notChecked",
        because: "the history does not say what clocks showed",
      });
      assert.deepEqual(judged([read(0, { n1: 9e9 }), read(1, { n2: 0 })], checker), {
        word: "notChecked",
        because: "no two clocks were read at the same time",
      });
    }
  });

  it("states its name and what it assumes", () => {
    assert.deepEqual(
      [clocks.name, cleanClocks.name, clocks.assumes],
      ["clocks", "clean-clocks", ["clocks are read whenever something was done to them"]],
    );
  });
});

describe("clean clocks", () => {
  const measured = (n1: number, n2: number, ns: number, off: number): Measure[] => [
    error("n1", n1, 1),
    error("n2", n2, 1),
    ...apart(ns, off, 1),
  ];

  it("are those that were surely within the bound, whatever they all showed", () => {
    assert.deepEqual(judged([read(1, { n1: 1_000, n2: 1_100 })], within100), {
      word: "valid",
      checked: 1,
      measures: measured(1_000, 1_100, 100, 0),
    });
    assert.deepEqual(judged([read(1, { n1: 60, n2: -20 }, 10)], within100), {
      word: "valid",
      checked: 1,
      measures: measured(60, 20, 80, 20),
    });
  });

  it("are not those that were surely further apart", () => {
    assert.deepEqual(judged([read(1, { n1: 0, n2: -121 }, 10)], within100), {
      word: "invalid",
      anomalies: [
        {
          kind: "broken assumption",
          says: "at 1.000 ms the clock of n1 was 0.000 ms ahead of that of n2; clean clocks are at most 0.000 ms apart",
          evidence: [],
          keyspace: "",
          key: "",
        },
      ],
      measures: measured(0, 121, 121, 20),
    });
  });

  it("are unknown where readings are too blurred to say", () => {
    for (const ns of [81, 120]) {
      assert.deepEqual(judged([read(1, { n1: 0, n2: ns }, 10)], within100), {
        word: "unknown",
        because: "at 1.000 ms clocks may have been 0.000 ms apart; clean clocks are at most 0.000 ms apart",
        measures: measured(0, ns, ns, 20),
      });
    }
  });

  it("are within ten milliseconds unless said, and the surest reading speaks against them", () => {
    const blurred = read(1, { n1: 0, n2: 80e6 }, 36e6);
    const sure = read(2, { n1: -50e6, n2: 10e6 }, 20e6);
    const surer = read(3, { n1: 0, n2: 11e6 });
    const verdict = judged([blurred, sure, surer], cleanClocks);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ says }) => says),
      [
        "at 2.000 ms the clock of n2 was 60.000 ms ahead of that of n1; clean clocks are at most 10.000 ms apart",
      ],
    );
    const unknown = judged([surerNot, blurred], cleanClocks);
    assert.deepEqual(
      "because" in unknown && unknown.because,
      "at 1.000 ms clocks may have been 152.000 ms apart; clean clocks are at most 10.000 ms apart",
    );
    assert.equal(judged([read(3, { n1: 0, n2: 10e6 })], cleanClocks).word, "valid");
  });
});

/** At the bound: clean by itself. */
const surerNot = read(0, { n1: 0, n2: 10e6 });
