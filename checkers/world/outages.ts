import type { History } from "../../harness/history/history.ts";
import { finalIndex } from "../final-state.ts";
import type { FaultWindow } from "./fault-windows.ts";
import { endsOfLink, faultWindows } from "./fault-windows.ts";

/** Faults that take whole nodes away, and those of them after which a node may have lost what it held. */
const nodeFaults: ReadonlySet<string> = new Set(["kill", "power-loss", "pause"]);
const forgettingFaults: ReadonlySet<string> = new Set(["kill", "power-loss"]);

/** What one end of a request could not reach. */
export interface Reach {
  readonly coordinator: string;
  /** Whether it was itself there, and reached by the site that asked. */
  readonly isAsked: boolean;
  /** Nodes that were down, or cut off from it in either direction, in order of their names. */
  readonly away: readonly string[];
}

interface Change {
  readonly index: number;
  readonly sinceNs: number;
  readonly window: FaultWindow;
  readonly by: 1 | -1;
}

/**
 * What faults do to the cluster, followed in the order of the history. A fault is there from when it began to act,
 * which may be before its strike is recorded, until its mend is recorded. A node whose process was gone counts as
 * away until the rest is over: it may have lost what it held, and owes no answer until others have told it again.
 */
export class Outages {
  /** Faults that are there now. */
  readonly active: Set<FaultWindow> = new Set();
  readonly #history: History;
  readonly #sites: ReadonlySet<string>;
  readonly #changes: readonly Change[];
  /** By change: the earliest time at which it, or one after it, began to act. */
  readonly #earliestNs: Float64Array;
  #next = 0;
  #others = 0;
  readonly #down = new Map<string, number>();
  /** By link, `from→to`. */
  readonly #cut = new Map<string, number>();
  /** By node and site, until something changes. */
  #reaches = new Map<number, Reach>();

  constructor(history: History) {
    this.#history = history;
    this.#sites = new Set(history.sites);
    this.#changes = changesOf(faultWindows(history), finalIndex(history));
    this.#earliestNs = new Float64Array(this.#changes.length + 1).fill(Number.POSITIVE_INFINITY);
    for (let at = this.#changes.length - 1; at >= 0; at -= 1) {
      const sinceNs = this.#changes[at]?.sinceNs ?? 0;
      this.#earliestNs[at] = Math.min(sinceNs, this.#earliestNs[at + 1] ?? 0);
    }
  }

  /** Goes on to a place in the order; it must not go back. */
  advance(index: number): void {
    for (;;) {
      const change = this.#changes[this.#next];
      if (change === undefined || change.index > index) return;
      this.#next += 1;
      this.#apply(change);
    }
  }

  /** Whether nothing strikes or is mended from here until that time, and only nodes and links are away. */
  isSteadyUntil(timeNs: number): boolean {
    return this.#others === 0 && timeNs < (this.#earliestNs[this.#next] ?? 0);
  }

  /**
   * What a node reaches now for a client of that site, both by their ids, −1 where nobody knows which site. Where
   * clients ask the replicas themselves, the node is −1 and the site is what reaches.
   */
  reachOf(node: number, site: number): Reach {
    const pair = (node + 1) * (this.#history.sites.length + 1) + site + 1;
    const known = this.#reaches.get(pair);
    if (known !== undefined) return known;
    const reach = this.#look(this.#history.nodes[node] ?? null, this.#history.sites[site] ?? null);
    this.#reaches.set(pair, reach);
    return reach;
  }

  #look(node: string | null, site: string | null): Reach {
    const coordinator = node ?? site ?? "";
    const away = new Set(this.#down.keys());
    let isAsked = !away.has(coordinator);
    for (const other of this.#cutOffFrom(coordinator)) {
      if (!this.#sites.has(other)) away.add(other);
      else if (site === null || site === other) isAsked = false;
    }
    return { coordinator, isAsked, away: [...away].sort() };
  }

  /** The other ends of the cut links of a place. */
  #cutOffFrom(place: string): string[] {
    return [...this.#cut.keys()].flatMap((link) => {
      const ends: readonly string[] = endsOfLink(link) ?? [];
      return ends.includes(place) ? ends.filter((end) => end !== place) : [];
    });
  }

  #apply({ window, by }: Change): void {
    if (by === 1) this.active.add(window);
    else this.active.delete(window);
    this.#reaches = new Map();
    if (nodeFaults.has(window.kind)) for (const node of window.where) count(this.#down, node, by);
    else if (window.kind === "cut") for (const link of window.where) count(this.#cut, link, by);
    else this.#others += by;
  }
}

function changesOf(windows: readonly FaultWindow[], rested: number): Change[] {
  const changes = windows.flatMap((window): Change[] => {
    const { strike, mend } = window;
    const begins: Change = { index: strike.index, sinceNs: strike.sinceNs, window, by: 1 };
    if (mend === null) return [begins];
    if (!forgettingFaults.has(window.kind) || mend.index > rested) {
      return [begins, { index: mend.index, sinceNs: mend.sinceNs, window, by: -1 }];
    }
    // Nothing happens to the node at the end of the rest: only from then on is it held to account.
    return [begins, { index: rested, sinceNs: Number.POSITIVE_INFINITY, window, by: -1 }];
  });
  return changes.sort((a, b) => a.index - b.index);
}

/** Faults overlap: what several hold down stays down until the last of them is mended. */
function count(counts: Map<string, number>, name: string, by: number): void {
  const left = (counts.get(name) ?? 0) + by;
  if (left > 0) counts.set(name, left);
  else counts.delete(name);
}
