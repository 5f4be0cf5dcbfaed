import type { Entry, State, Version, VersionVector } from "./version.ts";
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
  let context = joinVectors(held.context, arriving.context);
  // A lone new sibling comes without a context that covers it; what holds it must cover it all the same.
  for (const { version } of arriving.entries) {
    if (!hasEvent(context, version)) context = withEvent(context, version);
  }
  return { entries: mergedEntries(held, arriving), context };
}

/** Whether the first knows all that the second knows. Values play no part: a digest will do. */
export function coversDotted(held: State, arriving: State): boolean {
  if (held === arriving) return true;
  if (!includesAll(held.context, arriving.context)) return false;
  for (const entry of arriving.entries) if (isNews(entry, held)) return false;
  for (const entry of held.entries) if (isRemovedBy(arriving, entry)) return false;
  return true;
}

/** What both have, and what one has and the other has not seen. Sorted by dot. */
function mergedEntries(held: State, arriving: State): readonly Entry[] {
  const entries: Entry[] = [];
  for (const entry of held.entries) if (!isRemovedBy(arriving, entry)) entries.push(entry);
  const kept = entries.length;
  for (const entry of arriving.entries) if (isNews(entry, held)) entries.push(entry);
  // Both lists were sorted: only where one goes on into the other is there anything left to do.
  return entries.length === kept || kept === 0 ? entries : entries.sort(byDot);
}

/** Whether somebody who knows this state learns of the entry: has it not, and has not seen it go. */
function isNews(entry: Entry, { entries, context }: State): boolean {
  return !isGone(entry, context) && !hasDot(entries, entry.version);
}

/** Whether the state has seen the entry, and has it no more. */
function isRemovedBy({ entries, context }: State, entry: Entry): boolean {
  return isGone(entry, context) && !hasDot(entries, entry.version);
}

/** Whether a dot is among entries, which are sorted by dot. */
function hasDot(entries: readonly Entry[], dot: Version): boolean {
  let low = 0;
  let high = entries.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    const order = entry === undefined ? 0 : compareDots(entry.version, dot);
    if (order === 0) return entry !== undefined;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

function byDot(a: Entry, b: Entry): number {
  return compareDots(a.version, b.version);
}

/** Whether somebody who has this context and not this entry has seen it go. */
function isGone(entry: Entry, context: VersionVector): boolean {
  return hasEvent(context, entry.version);
}

/** Entries with one more, sorted by dot. */
export function withEntry(entries: readonly Entry[], added: Entry): readonly Entry[] {
  const after = entries.findIndex((entry) => compareDots(entry.version, added.version) > 0);
  return after < 0 ? [...entries, added] : entries.toSpliced(after, 0, added);
}
