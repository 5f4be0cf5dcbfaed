import type { State, Versioning } from "./version.ts";
import { compareVersions, liveValues } from "./version.ts";

/**
 * Last write wins: of two versions the greater stays and the other is thrown away. Versions are unique
 * and totally ordered, so replicas that heard the same writes in any order hold the same one.
 */
export const lww: Versioning = {
  name: "lww",
  merge(held: State, arriving: State): State {
    return coversNewest(held, arriving) ? held : arriving;
  },
  covers: coversNewest,
  show: liveValues,
};

function coversNewest(held: State, arriving: State): boolean {
  const theirs = arriving.entries[0];
  if (theirs === undefined) return true;
  const ours = held.entries[0];
  return ours !== undefined && compareVersions(ours.version, theirs.version) >= 0;
}
