import type { State, Versioning } from "./version.ts";
import { compareVersions } from "./version.ts";

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
};

function isSameOrNothing(held: State, arriving: State): boolean {
  const theirs = arriving[0];
  if (theirs === undefined) return true;
  const ours = held[0];
  return ours !== undefined && compareVersions(ours.version, theirs.version) === 0;
}
