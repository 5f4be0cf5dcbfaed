import { coversDotted, mergeDotted } from "./dotted.ts";
import type { State, Versioning } from "./version.ts";
import { liveValues } from "./version.ts";

/** Concurrent writes are kept side by side until somebody who has seen them writes. */
export const siblings: Versioning = {
  name: "siblings",
  merge: mergeDotted,
  covers: coversDotted,
  show: (state: State): readonly string[] => liveValues(state),
};
