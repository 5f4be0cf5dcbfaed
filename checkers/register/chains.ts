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
  const firstReturn = levels.firstReturn.slice();
  const lastCall = levels.lastCall.slice();
  const heads = new Int32Array(count + 1);
  const disorders: (readonly [number, number])[] = [];
  let filled = 0;
  let met = 0;
  let expected = 0;
  for (let level = 0; level <= count; level += 1) {
    if (happened[level] === 0) continue;
    expected += 1;
    if (cell(parent, level) !== none) continue;
    heads[filled] = level;
    filled += 1;
    met += cell(child, level) === none ? 1 : follow(levels, level, firstReturn, lastCall, disorders);
  }
  const circles = met === expected ? [] : findCircles(levels);
  return { firstReturn, lastCall, heads: heads.subarray(0, filled), disorders, circles };
}

/** Gathers a chain of two levels or more at its head, and gives how many they are. */
function follow(
  levels: Levels,
  head: number,
  firstReturn: Int32Array,
  lastCall: Int32Array,
  disorders: (readonly [number, number])[],
): number {
  let length = 0;
  let last = -1;
  // A late invocation is at odds with all levels that follow: the first of them says it.
  let told = -1;
  for (let level = head; level !== none; level = cell(levels.child, level)) {
    const first = cell(levels.firstReturn, level);
    if (first < last && last > told && disorders.length < mostListed) {
      disorders.push([nearestAfter(levels, level, first), level]);
      told = last;
    }
    last = Math.max(last, cell(levels.lastCall, level));
    firstReturn[head] = Math.min(cell(firstReturn, head), first);
    length += 1;
  }
  lastCall[head] = last;
  return length;
}

/** The nearest earlier level of a chain with an operation that began after a place. */
function nearestAfter({ parent, lastCall }: Levels, level: number, place: number): number {
  let earlier = cell(parent, level);
  while (cell(lastCall, earlier) < place) earlier = cell(parent, earlier);
  return earlier;
}

function findCircles({ count, happened, parent, child }: Levels): number[][] {
  const isMet = new Uint8Array(count + 1);
  const walk = (from: number): number[] => {
    const met: number[] = [];
    for (let level = from; level !== none && isMet[level] === 0; level = cell(child, level)) {
      isMet[level] = 1;
      met.push(level);
    }
    return met;
  };
  for (let level = 0; level <= count; level += 1) if (parent[level] === none) walk(level);
  const circles: number[][] = [];
  for (let level = 1; level <= count; level += 1) {
    if (happened[level] === 1 && isMet[level] === 0) circles.push(walk(level));
  }
  return circles;
}
