import { withEntry } from "./dotted.ts";
import type { Entry, State, Versioning } from "./version.ts";
import { liveValues } from "./version.ts";
import { compareDots, compareVectors, joinVectors } from "./version-vector.ts";

/**
 * Siblings under one plain vector for all of them, as in Riak 1.x. Wrong on purpose: a vector cannot say
 * that its last event has not seen the one before, so of two concurrent writes through one node the second
 * seems to replace the first.
 */
export const siblingVectors: Versioning = {
  name: "sibling-vectors",
  merge(held: State, arriving: State): State {
    switch (compareVectors(held.context, arriving.context)) {
      case "after":
        return held;
      case "before":
        return arriving;
      default:
        return coversUnion(held, arriving) ? held : union(held, arriving);
    }
  },
  covers(held: State, arriving: State): boolean {
    const order = compareVectors(held.context, arriving.context);
    return order === "after" || (order === "equal" && coversUnion(held, arriving));
  },
  show: (state: State): readonly string[] => liveValues(state),
};

function coversUnion(held: State, arriving: State): boolean {
  const isKnown = arriving.entries.every((entry) => hasDot(held, entry));
  return isKnown && joinVectors(held.context, arriving.context) === held.context;
}

function union(held: State, arriving: State): State {
  let { entries } = held;
  for (const entry of arriving.entries) if (!hasDot(held, entry)) entries = withEntry(entries, entry);
  return { entries, context: joinVectors(held.context, arriving.context) };
}

function hasDot({ entries }: State, { version }: Entry): boolean {
  return entries.some((entry) => compareDots(entry.version, version) === 0);
}
