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
  const recoveries = windows.slice(0, mostFaults).flatMap((window) => {
    return [...placesOf(window)].map((place) => ({
      of: `${faultText(window)} at ${place}`,
      afterNs: answers.firstAfter(window, place),
    }));
  });
  const away = recoveries.filter(({ afterNs }) => afterNs === "never").length;
  return [
    ...all,
    ...outside,
    ...windows.slice(0, mostFaults).flatMap((window) => {
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
  /** By node or site: ends of its operations, in order. */
  readonly #places = new Map<string, PlaceEnds>();

  constructor(history: History) {
    this.#history = history;
    const { length, endIndex, invokeIndex } = history;
    this.#ends = endIndex.slice(0, length).sort();
    const answered = Int32Array.from({ length }, (_, row) => row).filter((row) => isAnswered(history, row));
    this.#answeredEnds = answered.map((row) => cell(endIndex, row)).sort();
    this.#answeredCalls = answered.map((row) => cell(invokeIndex, row));
    // A later end may belong to an earlier row.
    for (const row of answered.sort((a, b) => cell(endIndex, a) - cell(endIndex, b))) {
      this.#add(row, history.nodes[cell(history.node, row)]);
      this.#add(row, history.sites[cell(history.site, row)]);
    }
    for (let row = 0; row < length; row += 1) {
      this.#ask(row, history.nodes[cell(history.node, row)]);
      this.#ask(row, history.sites[cell(history.site, row)]);
    }
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
    const starts = covered.map(({ from }) => from);
    const { length, invokeIndex, endIndex } = this.#history;
    let all = 0;
    let answered = 0;
    for (let row = 0; row < length; row += 1) {
      const before = lowerBound(starts, cell(invokeIndex, row));
      const isInside = (covered[before - 1]?.until ?? -1) > cell(invokeIndex, row);
      if (isInside || cell(endIndex, row) > (starts[before] ?? never)) continue;
      all += 1;
      if (isAnswered(this.#history, row)) answered += 1;
    }
    return { all, answered };
  }

  /**
   * Nanoseconds from a window's mend to the first answer of a place after it. Null where the window has no end, or
   * nobody asked the place any more; `never` where it was asked in vain.
   */
  firstAfter({ mend }: FaultWindow, place: string): number | "never" | null {
    const here = this.#places.get(place);
    if (mend === null || here === undefined || here.lastEnd < mend.index) return null;
    const row = here.rows[lowerBound(here.ends, mend.index)];
    return row === undefined ? "never" : (this.#history.completedNs[row] ?? Number.NaN) - mend.timeNs;
  }

  #add(row: number, place: string | undefined): void {
    if (place === undefined) return;
    const here = this.#at(place);
    here.rows.push(row);
    here.ends.push(cell(this.#history.endIndex, row));
  }

  #ask(row: number, place: string | undefined): void {
    if (place === undefined) return;
    const here = this.#at(place);
    here.lastEnd = Math.max(here.lastEnd, cell(this.#history.endIndex, row));
  }

  #at(place: string): PlaceEnds {
    const here = this.#places.get(place) ?? { rows: [], ends: [], lastEnd: -1 };
    this.#places.set(place, here);
    return here;
  }
}

/** Answered operations of a place in the order of their ends, and the end of its last operation, answered or not. */
interface PlaceEnds {
  readonly rows: number[];
  readonly ends: number[];
  lastEnd: number;
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
