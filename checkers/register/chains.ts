import { cell } from "../../harness/history/cell.ts";
import type { Levels } from "./levels.ts";
import { mostListed, none } from "./levels.ts";

/**
 * The chains of a key: a write and the compare-and-sets that follow each other from its value on, with the reads
 * of all their values. Where every value is left once, nothing else can take effect within a chain. A chain is
 * known by the number of its first level; number 0 is what follows from the initial null.
 */
export interface Chains {
  /** By first level: least completion of the chain. */
  readonly firstReturn: Int32Array;
  /** By first level: greatest invocation of the chain. */
  readonly lastCall: Int32Array;
  /** First levels, ascending. Operations that may never have happened are left out. */
  readonly heads: Int32Array;
  /** Two levels of a chain, of which the later one has an operation that ended before one of the earlier began. */
  readonly disorders: readonly (readonly [earlier: number, later: number])[];
  /** Levels that need each other in a circle: compare-and-sets that explain only themselves. */
  readonly circles: readonly (readonly number[])[];
}

/** Follows the levels from head to head. */
export function gatherChains(levels: Levels): Chains {
  const { count, happened, parent, child } = levels;
  const chains = {
    firstReturn: levels.firstReturn.slice(),
    lastCall: levels.lastCall.slice(),
    disorders: [],
  };
  const isMet = new Uint8Array(count + 1);
  const heads = new Int32Array(count + 1);
  let filled = 0;
  for (let level = 0; level <= count; level += 1) {
    if (happened[level] === 0 || cell(parent, level) !== none) continue;
    heads[filled] = level;
    filled += 1;
    isMet[level] = 1;
    if (cell(child, level) !== none) follow(levels, level, chains, isMet);
  }
  return { ...chains, heads: heads.subarray(0, filled), circles: findCircles(levels, isMet) };
}

/** Gathers a chain of two levels or more at its head. */
function follow(
  levels: Levels,
  head: number,
  chains: Pick<Chains, "firstReturn" | "lastCall"> & { readonly disorders: [number, number][] },
  isMet: Uint8Array,
): void {
  const { firstReturn, lastCall, disorders } = chains;
  let last = -1;
  // A late invocation is at odds with all levels that follow: the first of them says it.
  let told = -1;
  for (let level = head; level !== none; level = cell(levels.child, level)) {
    isMet[level] = 1;
    const first = cell(levels.firstReturn, level);
    if (first < last && last > told && disorders.length < mostListed) {
      disorders.push([nearestAfter(levels, level, first), level]);
      told = last;
    }
    last = Math.max(last, cell(levels.lastCall, level));
    firstReturn[head] = Math.min(cell(firstReturn, head), first);
  }
  lastCall[head] = last;
}

/** The nearest earlier level of a chain with an operation that began after a place. */
function nearestAfter({ parent, lastCall }: Levels, level: number, place: number): number {
  let earlier = cell(parent, level);
  while (cell(lastCall, earlier) < place) earlier = cell(parent, earlier);
  return earlier;
}

/** Levels that happened and that no head leads to. */
function findCircles({ happened, child }: Levels, isMet: Uint8Array): number[][] {
  const circles: number[][] = [];
  happened.forEach((isHappened, from) => {
    const circle: number[] = [];
    for (let level = from; isHappened === 1 && isMet[level] === 0; level = cell(child, level)) {
      isMet[level] = 1;
      circle.push(level);
    }
    if (circle.length > 0) circles.push(circle);
  });
  return circles;
}
