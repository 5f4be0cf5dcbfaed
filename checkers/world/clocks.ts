import type { Checker } from "../../harness/contracts/checker.ts";
import type { History, Mark } from "../../harness/history/history.ts";
import { timeText } from "../../harness/history/time.ts";
import type { Measure, Verdict } from "../../harness/history/verdict.ts";
import { verdictOf } from "../verdicts.ts";
import { withMeasures } from "./with-measures.ts";

type Reading = Extract<Mark, { kind: "clocks" }>;

/**
 * How far clean clocks may be apart, in nanoseconds. Chosen: time servers keep the clocks of a data centre within a
 * few milliseconds, and containers of one machine share a clock, which a reading blurs by about as much.
 */
const cleanWithinNs = 10_000_000;

const noReading: Verdict = { word: "notChecked", because: "the history does not say what clocks showed" };

/** Measures how far node clocks were off and apart, wherever they were read. It accuses nobody. */
export const clocks: Checker = clockChecker("clocks", null);

/** Shows that a run had clean clocks, or that it had not: then it proves nothing about what needs them. */
export const cleanClocks: Checker = clocksWithin(cleanWithinNs, "clean-clocks");

/** The same for another bound, in nanoseconds. */
export function clocksWithin(boundNs: number, name: string): Checker {
  return clockChecker(name, boundNs);
}

function clockChecker(name: string, boundNs: number | null): Checker {
  return {
    name,
    assumes: ["clocks are read whenever something was done to them"],
    tasks: () => [{ key: -1 }],
    run: (history) => judgeClocks(history, boundNs),
    combine: ([only]) => only ?? noReading,
  };
}

/** How far clocks were apart at one moment. */
interface Spread {
  readonly reading: Reading;
  readonly first: string;
  readonly last: string;
  readonly ns: number;
  /** How much more or less it may have been. */
  readonly blurNs: number;
}

function judgeClocks(history: History, boundNs: number | null): Verdict {
  const readings = history.marks.filter((mark) => mark.kind === "clocks");
  const spreads = readings.flatMap(spreadOf);
  const [first, ...others] = spreads;
  if (first === undefined) return readings.length === 0 ? noReading : oneClock;
  const largest = (size: (spread: Spread) => number): Spread =>
    others.reduce((most, other) => (size(other) > size(most) ? other : most), first);
  const measures = [...measuresOf(readings), ...apartMeasures(spreads)];
  if (boundNs === null) return withMeasures({ word: "valid", checked: spreads.length }, measures);
  const surest = largest(({ ns, blurNs }) => ns - blurNs);
  const widest = largest(({ ns, blurNs }) => ns + blurNs);
  return withMeasures(judgeSpreads(surest, widest, boundNs, spreads.length), measures);
}

const oneClock: Verdict = { word: "notChecked", because: "no two clocks were read at the same time" };

function judgeSpreads(surest: Spread, widest: Spread, boundNs: number, checked: number): Verdict {
  const bound = `clean clocks are at most ${timeText(boundNs)} apart`;
  if (surest.ns - surest.blurNs > boundNs) {
    const { first, last, ns, reading } = surest;
    const says = `at ${timeText(reading.timeNs)} the clock of ${last} was ${timeText(ns)} ahead of that of ${first}; ${bound}`;
    return verdictOf([{ kind: "broken assumption", says, evidence: [], keyspace: "", key: "" }], 0);
  }
  const most = widest.ns + widest.blurNs;
  if (most <= boundNs) return { word: "valid", checked };
  const when = timeText(widest.reading.timeNs);
  return { word: "unknown", because: `at ${when} clocks may have been ${timeText(most)} apart; ${bound}` };
}

/** How far the clock furthest ahead was before the one furthest behind; nothing where fewer than two were read. */
function spreadOf(reading: Reading): Spread[] {
  const byError = [...reading.ahead].sort((a, b) => a.ns - b.ns);
  const [behind] = byError;
  const ahead = byError.at(-1);
  if (behind === undefined || ahead === undefined || byError.length < 2) return [];
  // Both readings may be off, in opposite directions.
  const blurNs = 2 * reading.withinNs;
  return [{ reading, first: behind.node, last: ahead.node, ns: ahead.ns - behind.ns, blurNs }];
}

/** The largest error of each node's clock, ahead or behind, in order of their names. */
function measuresOf(readings: readonly Reading[]): Measure[] {
  const worst = new Map<string, { ns: number; samples: number }>();
  for (const { node, ns } of readings.flatMap(({ ahead }) => ahead)) {
    const known = worst.get(node) ?? { ns: 0, samples: 0 };
    worst.set(node, { ns: Math.max(known.ns, Math.abs(ns)), samples: known.samples + 1 });
  }
  return [...worst]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([node, { ns, samples }]) => {
      return { name: "largest clock error", of: node, value: ns, unit: "ns", samples };
    });
}

function apartMeasures(spreads: readonly Spread[]): Measure[] {
  const samples = spreads.length;
  const apart = spreads.reduce((most, { ns }) => Math.max(most, ns), 0);
  const blur = spreads.reduce((most, { blurNs }) => Math.max(most, blurNs), 0);
  return [
    { name: "clocks furthest apart", value: apart, unit: "ns", samples },
    { name: "how far off that may be", value: blur, unit: "ns", samples },
  ];
}
