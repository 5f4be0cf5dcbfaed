import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import type { Measure } from "../../harness/history/verdict.ts";
import { lowerBound } from "../key-events.ts";
import type { FaultWindow } from "./fault-windows.ts";
import { endOfWindow, endsOfLink, faultText, faultWindows } from "./fault-windows.ts";
import { wilsonInterval } from "./wilson.ts";

/** Faults with measures of their own: the first ones. Chosen: more than a table has room for. */
const mostFaults = 100;

/**
 * What was answered: in all, while no fault was there, and beside each fault; and how long after each mend the
 * places that it had been about answered again. A refused compare-and-set is an answer.
 */
export function availabilityMeasures(history: History): Measure[] {
  const answers = new Answers(history);
  const all = share("operations answered", null, answers.within(-1, never));
  const windows = faultWindows(history);
  if (windows.length === 0) return all;
  const outside = share("operations answered while no fault was there", null, answers.outside(windows));
  const shown = windows.slice(0, mostFaults);
  const recoveries = recoveriesOf(history, shown);
  const away = recoveries.filter(({ afterNs }) => afterNs === "never").length;
  return [
    ...all,
    ...outside,
    ...shown.flatMap((window) => {
      const beside = answers.within(window.strike.index, endOfWindow(window));
      return share("operations answered beside a fault", faultText(window), beside);
    }),
    ...recoveries.flatMap(({ of, afterNs }): Measure[] => {
      if (typeof afterNs !== "number") return [];
      return [{ name: "time from a mend to the first answer", of, value: afterNs, unit: "ns" }];
    }),
    { name: "places that answered nothing after a mend", value: away, unit: "count" },
  ];
}

interface Recovery {
  readonly of: string;
  readonly afterNs: number | "never" | null;
}

function recoveriesOf(history: History, windows: readonly FaultWindow[]): Recovery[] {
  const known = new Map<string, Answering>();
  return windows.flatMap((window) =>
    [...placesOf(window)].map((place) => {
      const answering = known.get(place) ?? answeringOf(history, place);
      known.set(place, answering);
      return { of: `${faultText(window)} at ${place}`, afterNs: firstAfter(window, answering) };
    }),
  );
}

/** A share as a measure; none where nothing was counted. */
function share(name: string, of: string | null, { all, answered }: Counted): Measure[] {
  if (all === 0) return [];
  const about = of === null ? {} : { of };
  const interval = wilsonInterval(answered, all);
  return [{ name, ...about, value: answered / all, unit: "ratio", ...interval, samples: all }];
}

/** Nodes and sites that a fault is about, each once. */
function placesOf({ where }: FaultWindow): Set<string> {
  return new Set(where.flatMap((place) => endsOfLink(place) ?? [place]));
}

interface Counted {
  readonly all: number;
  readonly answered: number;
}

/** The operations of a history by when they ran, and by where. */
class Answers {
  readonly #history: History;
  /** Ends in order, `never` for what is still open; the second those of answered operations alone. */
  readonly #ends: Int32Array;
  readonly #answeredEnds: Int32Array;
  /** Invocations of answered operations, in order. */
  readonly #answeredCalls: Int32Array;

  constructor(history: History) {
    this.#history = history;
    const { length, endIndex, invokeIndex } = history;
    this.#ends = endIndex.slice(0, length).sort();
    const answered = Int32Array.from({ length }, (_, row) => row).filter((row) => isAnswered(history, row));
    this.#answeredEnds = answered.map((row) => cell(endIndex, row)).sort();
    this.#answeredCalls = answered.map((row) => cell(invokeIndex, row));
  }

  /** Operations that ran, if only in part, between two places in the order. */
  within(from: number, until: number): Counted {
    const { invokeIndex, length } = this.#history;
    const begun = lowerBound(invokeIndex.subarray(0, length), until);
    const over = (ends: Int32Array): number => lowerBound(ends, from);
    const answered = lowerBound(this.#answeredCalls, until) - over(this.#answeredEnds);
    return { all: begun - over(this.#ends), answered };
  }

  /** Operations that ran beside none of these windows. */
  outside(windows: readonly FaultWindow[]): Counted {
    const covered = unionOf(windows);
    const { length, invokeIndex, endIndex } = this.#history;
    let all = 0;
    let answered = 0;
    let next = 0;
    for (let row = 0; row < length; row += 1) {
      while ((covered[next]?.until ?? never) < cell(invokeIndex, row)) next += 1;
      if ((covered[next]?.from ?? never) < cell(endIndex, row)) continue;
      all += 1;
      if (isAnswered(this.#history, row)) answered += 1;
    }
    return { all, answered };
  }
}

/** What a node or site answered. */
interface Answering {
  /** Indices of its answers, and their times. Times never go back: each sorted by itself, they still go together. */
  readonly ends: Float64Array;
  readonly timesNs: Float64Array;
  /** Index of the end of its last operation, answered or not; −1 where it was not asked. */
  readonly lastEnd: number;
}

function answeringOf(history: History, place: string): Answering {
  const { nodes, sites, node, site, length, endIndex, completedNs } = history;
  const nodeId = nodes.indexOf(place);
  const siteId = sites.indexOf(place);
  const ends: number[] = [];
  const timesNs: number[] = [];
  let lastEnd = -1;
  for (let row = 0; row < length; row += 1) {
    const isHere = (nodeId >= 0 && node[row] === nodeId) || (siteId >= 0 && site[row] === siteId);
    if (!isHere) continue;
    lastEnd = Math.max(lastEnd, cell(endIndex, row));
    if (!isAnswered(history, row)) continue;
    ends.push(cell(endIndex, row));
    timesNs.push(completedNs[row] ?? Number.NaN);
  }
  return { ends: Float64Array.from(ends).sort(), timesNs: Float64Array.from(timesNs).sort(), lastEnd };
}

/**
 * Nanoseconds from a window's mend to the first answer of a place after it. Null where the window has no end, or
 * nobody asked the place any more; `never` where it was asked in vain.
 */
function firstAfter({ mend }: FaultWindow, { ends, timesNs, lastEnd }: Answering): Recovery["afterNs"] {
  if (mend === null || lastEnd < mend.index) return null;
  const firstNs = timesNs[lowerBound(ends, mend.index)];
  return firstNs === undefined ? "never" : firstNs - mend.timeNs;
}

/** Windows that overlap made one, in order. */
function unionOf(windows: readonly FaultWindow[]): { from: number; until: number }[] {
  const union: { from: number; until: number }[] = [];
  for (const window of windows) {
    const until = endOfWindow(window);
    const last = union.at(-1);
    if (last === undefined || last.until < window.strike.index)
      union.push({ from: window.strike.index, until });
    else last.until = Math.max(last.until, until);
  }
  return union;
}

/** Whether a client heard what it had asked: a compare-and-set that met another value did, too. */
function isAnswered(history: History, row: number): boolean {
  if (history.outcome[row] === Outcome.ok) return true;
  if (history.f[row] !== Fn.cas || history.outcome[row] !== Outcome.fail) return false;
  return /^$|mismatch/i.test(history.details.get(row)?.error ?? "");
}
