import type { State, Versioning } from "./version.ts";
import { compareVersions, liveValues } from "./version.ts";

/**
 * No version decides: whatever arrives last stays. Versions only name the writes here, so that a
 * message that comes twice is known.
 */
export const arrival: Versioning = {
  name: "arrival",
  merge(held: State, arriving: State): State {
    return isSameOrNothing(held, arriving) ? held : arriving;
  },
  covers: isSameOrNothing,
  show: liveValues,
};

function isSameOrNothing(held: State, arriving: State): boolean {
  const theirs = arriving.entries[0];
  if (theirs === undefined) return true;
  const ours = held.entries[0];
  return ours !== undefined && compareVersions(ours.version, theirs.version) === 0;
}
