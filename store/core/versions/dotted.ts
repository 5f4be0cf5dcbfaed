import type { Entry, State, VersionVector } from "./version.ts";
import { compareDots, hasEvent, includesAll, joinVectors, withEvent } from "./version-vector.ts";

/**
 * The kernel of everything that knows causality (dotted version vectors, Preguiça et al., 2012). Each entry
 * is named by a dot: node, life and counter of its version. Of an event a state knows nothing, or that its
 * entry is there, or (the context covers it, and there is no entry) that it was replaced or removed; and it
 * never unlearns. Merging takes for each event what is known best.
 */

/** All that either knows. The held state itself where the other adds nothing. */
export function mergeDotted(held: State, arriving: State): State {
  if (coversDotted(held, arriving)) return held;
  const entries = mergedEntries(held, arriving);
  let context = joinVectors(held.context, arriving.context);
  // A lone new sibling comes without a context that covers it; what holds it must cover it all the same.
  for (const { version } of arriving.entries) context = withEvent(context, version);
  return { entries, context };
}

/** Whether the first knows all that the second knows. Values play no part: a digest will do. */
export function coversDotted(held: State, arriving: State): boolean {
  if (held === arriving) return true;
  if (!includesAll(held.context, arriving.context)) return false;
  const steps = new SideBySide(held.entries, arriving.entries);
  for (let step = steps.next(); step !== null; step = steps.next()) {
    const { ours, theirs } = step;
    if (ours === null) {
      if (!isGone(theirs, held.context)) return false;
    } else if (theirs === null && isGone(ours, arriving.context)) return false;
  }
  return true;
}

/** What both have, and what one has and the other has not seen. Sorted by dot. */
function mergedEntries(held: State, arriving: State): readonly Entry[] {
  const entries: Entry[] = [];
  const steps = new SideBySide(held.entries, arriving.entries);
  for (let step = steps.next(); step !== null; step = steps.next()) {
    const { ours, theirs } = step;
    if (ours === null) {
      if (!isGone(theirs, held.context)) entries.push(theirs);
    } else if (theirs !== null || !isGone(ours, arriving.context)) entries.push(ours);
  }
  return entries;
}

/** Whether somebody who has this context and not this entry has seen it go. */
function isGone(entry: Entry, context: VersionVector): boolean {
  return hasEvent(context, entry.version);
}

/** Two entries of one dot, or one that stands alone. */
type Step =
  | { readonly ours: Entry; readonly theirs: Entry | null }
  | { readonly ours: null; readonly theirs: Entry };

/** Walks through two lists of entries, sorted by dot, at once. */
class SideBySide {
  readonly #ours: readonly Entry[];
  readonly #theirs: readonly Entry[];
  #ourPlace = 0;
  #theirPlace = 0;

  constructor(ours: readonly Entry[], theirs: readonly Entry[]) {
    this.#ours = ours;
    this.#theirs = theirs;
  }

  next(): Step | null {
    const ours = this.#ours[this.#ourPlace] ?? null;
    const theirs = this.#theirs[this.#theirPlace] ?? null;
    if (ours === null) {
      this.#theirPlace += 1;
      return theirs === null ? null : { ours, theirs };
    }
    const order = theirs === null ? -1 : compareDots(ours.version, theirs.version);
    if (order <= 0) this.#ourPlace += 1;
    if (order >= 0) this.#theirPlace += 1;
    return order > 0 && theirs !== null
      ? { ours: null, theirs }
      : { ours, theirs: order === 0 ? theirs : null };
  }
}

/** Entries with one more, sorted by dot. */
export function withEntry(entries: readonly Entry[], added: Entry): readonly Entry[] {
  return [...entries, added].sort((a, b) => compareDots(a.version, b.version));
}
