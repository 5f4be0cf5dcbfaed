import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import { describeOperation, valueText } from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { finalIndex } from "../final-state.ts";
import { lowerBound } from "../key-events.ts";
import { isAnsweredRead } from "../register/register-operations.ts";
import { isBefore } from "../sessions/session.ts";
import { anomalyOf } from "../verdicts.ts";
import { mustMeet } from "../world/strict-quorums.ts";
import type { Item, Items, SureRemoval } from "./set-items.ts";
import { itemsShown } from "./set-items.ts";

/**
 * Looks for items that come back before the rest: every add that a read may show had ended before the read began
 * whose context an acknowledged remove carried; a read that began after that remove found the item gone; and a
 * later read shows it. That is only proof where quorums are strict, so that reads meet the adds and the remove.
 * Each item is named once.
 */
export function itemsBackAgain(
  history: History,
  rows: readonly number[],
  items: Items,
): { readonly anomalies: readonly Anomaly[]; readonly judged: number } {
  const rest = finalIndex(history);
  const reads = rows.filter((row) => isAnsweredRead(history, row) && cell(history.invokeIndex, row) < rest);
  const removed = [...items.byText].filter(([, { sure }]) => sure.length + items.ofAll.sure.length > 0);
  const writes = removed
    .flatMap(([, { adds, sure }]) => [...adds, ...sure.map(({ row }) => row)])
    .concat(items.ofAll.sure.map(({ row }) => row));
  if (!mustMeet(history, writes, reads)) return { anomalies: [], judged: 0 };
  const search = new ReturnSearch(history, reads, items.ofAll.sure);
  const shownIn = placesByItem(history, reads);
  const anomalies = removed.flatMap(([text, item]) => search.find(text, item, shownIn.get(text) ?? []) ?? []);
  const firstEnd = removed.reduce((first, [, { sure }]) => Math.min(first, firstToEnd(history, sure)), never);
  const from = Math.min(firstEnd, firstToEnd(history, items.ofAll.sure));
  return { anomalies, judged: reads.filter((read) => cell(history.invokeIndex, read) > from).length };
}

function firstToEnd(history: History, removals: readonly SureRemoval[]): number {
  return removals.reduce((first, { row }) => Math.min(first, cell(history.completeIndex, row)), never);
}

/** By item: the places of the reads that show it, ascending. */
function placesByItem(history: History, reads: readonly number[]): ReadonlyMap<string, readonly number[]> {
  const shownIn = new Map<string, number[]>();
  reads.forEach((read, place) => {
    for (const text of itemsShown(history.values[cell(history.result, read)] ?? null).keys()) {
      const places = shownIn.get(text);
      if (places === undefined) shownIn.set(text, [place]);
      else places.push(place);
    }
  });
  return shownIn;
}

class ReturnSearch {
  readonly #history: History;
  /** In order of invocation. */
  readonly #reads: readonly number[];
  readonly #calls: readonly number[];
  readonly #removalsOfAll: RemovalIndex;

  constructor(history: History, reads: readonly number[], ofAll: readonly SureRemoval[]) {
    this.#history = history;
    this.#reads = reads;
    this.#calls = reads.map((read) => cell(history.invokeIndex, read));
    this.#removalsOfAll = new RemovalIndex(history, ofAll);
  }

  /** `places`: of the reads that show the item. Both they and the reads between are walked through once. */
  find(text: string, item: Item, places: readonly number[]): Anomaly | null {
    const removals = new RemovalIndex(this.#history, item.sure);
    const adds = new AddEnds(this.#history, item.adds);
    const others = new OtherPlaces(places);
    for (const place of places) {
      const read = this.#reads[place] ?? 0;
      const after = adds.lastEnd(cell(this.#history.completeIndex, read));
      const removal = this.#firstToEnd(removals.firstToEnd(after), this.#removalsOfAll.firstToEnd(after));
      if (removal === null) continue;
      const gone = others.from(lowerBound(this.#calls, this.#endOf(removal)));
      const empty = this.#reads[gone] ?? 0;
      if (gone < place && isBefore(this.#history, empty, read))
        return this.#name(text, item, [removal, empty, read]);
    }
    return null;
  }

  #name(text: string, { adds }: Item, rows: readonly [number, number, number]): Anomaly {
    const history = this.#history;
    const [removal, empty, read] = rows;
    const says =
      `${describeOperation(history, read)}: ${valueText(JSON.parse(text))} is back, though every add of it had ended ` +
      `before the read whose context its remove carried (${describeOperation(history, removal)}), and then ` +
      `${describeOperation(history, empty)}`;
    return anomalyOf(history, "resurrected delete", [...adds.slice(0, 1), ...rows], says);
  }

  #firstToEnd(a: number | null, b: number | null): number | null {
    if (a === null || b === null) return a ?? b;
    return this.#endOf(b) < this.#endOf(a) ? b : a;
  }

  #endOf(row: number): number {
    return cell(this.#history.completeIndex, row);
  }
}

/** The places that are not among some ascending ones, asked for from front to back. */
class OtherPlaces {
  readonly #places: readonly number[];
  #at = 0;
  #next = 0;

  constructor(places: readonly number[]) {
    this.#places = places;
  }

  /** The first other place from this one, and from the one that was given last, on. */
  from(place: number): number {
    this.#at = Math.max(this.#at, place);
    while ((this.#places[this.#next] ?? never) < this.#at) this.#next += 1;
    for (; this.#places[this.#next] === this.#at; this.#next += 1) this.#at += 1;
    return this.#at;
  }
}

/** Removals in the order of the reads whose contexts they carried. */
class RemovalIndex {
  readonly #observedFrom: readonly number[];
  /** By place: of the removals from here on, the one that ended first. */
  readonly #firstToEnd: number[];

  constructor({ completeIndex }: History, removals: readonly SureRemoval[]) {
    const sorted = [...removals].sort((a, b) => a.observedFrom - b.observedFrom);
    this.#observedFrom = sorted.map(({ observedFrom }) => observedFrom);
    this.#firstToEnd = sorted.map(({ row }) => row);
    for (let at = sorted.length - 2; at >= 0; at -= 1) {
      const later = this.#firstToEnd[at + 1] ?? 0;
      if (cell(completeIndex, later) < cell(completeIndex, this.#firstToEnd[at] ?? 0))
        this.#firstToEnd[at] = later;
    }
  }

  /** Of the removals whose read began after this index, the row of the one that ended first. */
  firstToEnd(after: number): number | null {
    return this.#firstToEnd[lowerBound(this.#observedFrom, after)] ?? null;
  }
}

/** When the adds of an item ended. */
class AddEnds {
  readonly #calls: readonly number[];
  /** By place: the last end of the adds up to here. */
  readonly #lastEnd: readonly number[];

  constructor({ invokeIndex, completeIndex }: History, adds: readonly number[]) {
    this.#calls = adds.map((add) => cell(invokeIndex, add));
    let last = 0;
    this.#lastEnd = adds.map((add) => {
      last = Math.max(last, cell(completeIndex, add));
      return last;
    });
  }

  /** When all adds that began before this index had ended; `never` where there is none that could be meant. */
  lastEnd(before: number): number {
    return this.#lastEnd[lowerBound(this.#calls, before) - 1] ?? never;
  }
}
