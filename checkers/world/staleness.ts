import type { Checker } from "../../harness/contracts/checker.ts";
import type { History } from "../../harness/history/history.ts";
import type { Measure, Verdict } from "../../harness/history/verdict.ts";
import { sweepStaleness } from "./staleness-sweep.ts";
import { wilsonInterval } from "./wilson.ts";
import { withMeasures } from "./with-measures.ts";

/**
 * How long after a write reads are asked about, in milliseconds. Chosen: three a decade, from one message within a
 * data centre to longer than any fault of a campaign.
 */
const agesMs = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] as const;

/** Versions behind that are counted one by one; what is further behind is counted together. Chosen. */
const mostBehind = 10;

/** How stale the reads of a keyspace were. */
export interface Staleness {
  readonly keyspace: string;
  /** Answered reads that began after a write had been acknowledged, and those of them that showed an older one. */
  readonly reads: number;
  readonly stale: number;
  /** The same by the age of the newest acknowledged write when the read began: from `fromNs` to the next one's. */
  readonly byAge: readonly { readonly fromNs: number; readonly reads: number; readonly stale: number }[];
  /** Reads by versions behind: 0, 1, 2, …; the last holds all that are further behind. */
  readonly behind: readonly number[];
  /** Keys with operations that are no registers whose values are written once each. */
  readonly keysLeftOut: number;
}

/**
 * Measures t-visibility and k-staleness (P. Bailis et al., "Probabilistically Bounded Staleness", VLDB 2012): the
 * chance that a read t after the acknowledgement of the newest write shows an older one, and how many acknowledged
 * versions reads are behind. It measures and accuses nobody.
 */
export const staleness: Checker = {
  name: "staleness",
  assumes: ["each value is written once: keys of which that is not true are left out"],
  tasks: () => [{ key: -1 }],
  run: measureStaleness,
  combine: ([only]) => only ?? nothing,
};

const nothing: Verdict = {
  word: "notChecked",
  because: "no read of a register with unique values began after an acknowledged write",
};

function measureStaleness(history: History): Verdict {
  const measured = stalenessOf(history).filter(({ reads }) => reads > 0);
  const checked = measured.reduce((sum, { reads }) => sum + reads, 0);
  if (checked === 0) return nothing;
  return withMeasures({ word: "valid", checked }, measured.flatMap(measuresOf));
}

/** The staleness of each keyspace, in the order in which the history names them. O(n log n). */
export function stalenessOf(history: History): Staleness[] {
  const tallies = new Map<string, Tally>();
  history.keys.forEach(({ keyspace }, key) => {
    const tally = tallies.get(keyspace) ?? new Tally(keyspace);
    tallies.set(keyspace, tally);
    const isFit = sweepStaleness(history, key, (behind, ageNs) => tally.add(behind, ageNs));
    if (!isFit) tally.keysLeftOut += 1;
  });
  return [...tallies.values()].map((tally) => tally.result());
}

class Tally {
  keysLeftOut = 0;
  readonly #keyspace: string;
  readonly #reads = new Float64Array(agesMs.length);
  readonly #stale = new Float64Array(agesMs.length);
  readonly #behind = new Float64Array(mostBehind + 1);

  constructor(keyspace: string) {
    this.#keyspace = keyspace;
  }

  add(behind: number, ageNs: number): void {
    let at = agesMs.length - 1;
    while (at > 0 && ageNs < (agesMs[at] ?? 0) * 1e6) at -= 1;
    this.#reads[at] = (this.#reads[at] ?? 0) + 1;
    if (behind > 0) this.#stale[at] = (this.#stale[at] ?? 0) + 1;
    const column = Math.min(behind, mostBehind);
    this.#behind[column] = (this.#behind[column] ?? 0) + 1;
  }

  result(): Staleness {
    const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
    return {
      keyspace: this.#keyspace,
      reads: sum(this.#reads),
      stale: sum(this.#stale),
      byAge: agesMs.map((ageMs, at) => {
        return { fromNs: ageMs * 1e6, reads: this.#reads[at] ?? 0, stale: this.#stale[at] ?? 0 };
      }),
      behind: [...this.#behind],
      keysLeftOut: this.keysLeftOut,
    };
  }
}

function measuresOf({ keyspace, reads, stale, byAge, behind, keysLeftOut }: Staleness): Measure[] {
  const place = keyspace === "" ? "" : `${keyspace}: `;
  const share = (name: string, of: string, hits: number, samples: number): Measure => {
    const interval = wilsonInterval(hits, samples);
    return { name, ...(of === "" ? {} : { of }), value: hits / samples, unit: "ratio", ...interval, samples };
  };
  const ages = byAge.filter((age) => age.reads > 0);
  return [
    share("stale reads", keyspace, stale, reads),
    ...ages.map((age) => {
      const of = `${place}from ${age.fromNs / 1e6} ms after the write`;
      return share("stale reads by age of the newest write", of, age.stale, age.reads);
    }),
    ...behind.flatMap((count, versions) => {
      if (count === 0) return [];
      const of = `${place}${versions}${versions === mostBehind ? " or more" : ""}`;
      return [share("reads by versions behind", of, count, reads)];
    }),
    {
      name: "keys left out of staleness",
      ...(keyspace === "" ? {} : { of: keyspace }),
      value: keysLeftOut,
      unit: "count",
    },
  ];
}
