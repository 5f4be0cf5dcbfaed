import type { Entry, State, Versioning } from "./version.ts";
import { compareVersions, liveValues } from "./version.ts";

/** Last write wins with other rules for equal times. Both are used, and both are wrong for somebody. */

/**
 * What textbooks print: the remote one wins only if its time is greater. On a tie each replica keeps its own,
 * and neither sees a difference.
 */
export const lwwKeepingOwn: Versioning = {
  name: "lww-keeping-own",
  merge: (held: State, arriving: State): State => (isAsLate(held, arriving) ? held : arriving),
  covers: isAsLate,
  show: liveValues,
};

/** Between equal times the greater value wins, as in Cassandra: replicas agree, columns of a row need not. */
export const lwwByValue: Versioning = {
  name: "lww-by-value",
  merge: (held: State, arriving: State): State => (wins(held, arriving) ? held : arriving),
  covers: wins,
  show: liveValues,
};

function isAsLate(held: State, arriving: State): boolean {
  const theirs = arriving.entries[0];
  if (theirs === undefined) return true;
  const ours = held.entries[0];
  return ours !== undefined && ours.version.time >= theirs.version.time;
}

function wins(held: State, arriving: State): boolean {
  const theirs = arriving.entries[0];
  if (theirs === undefined) return true;
  const ours = held.entries[0];
  if (ours === undefined) return false;
  if (ours.version.time !== theirs.version.time) return ours.version.time > theirs.version.time;
  const order = compareVersions(ours.version, theirs.version);
  // A digest has no values: then neither is known to win, and both are sent.
  if (order === 0 || isWithoutValue(ours) || isWithoutValue(theirs)) return order === 0;
  const [mine, other] = [rankOf(ours), rankOf(theirs)];
  return mine === other ? order > 0 : mine > other;
}

function isWithoutValue({ value, deleted }: Entry): boolean {
  return value === null && !deleted;
}

/** A tombstone is greater than every value. */
function rankOf({ value }: Entry): string {
  return value === null ? "1" : `0${value}`;
}
