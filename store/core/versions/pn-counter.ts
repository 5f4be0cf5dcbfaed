import { coversDotted, mergeDotted } from "./dotted.ts";
import type { State, Versioning } from "./version.ts";
import { isNothing } from "./version.ts";

/**
 * A counter that goes up and down (Shapiro et al., 2011). Each actor has one entry, the net sum of what it
 * was asked to add; its newer entry has seen, and therefore replaces, its older one.
 */
export const pnCounter: Versioning = {
  name: "pn-counter",
  merge: mergeDotted,
  covers: coversDotted,
  show: (state: State): readonly string[] => (isNothing(state) ? [] : [`${sumOf(state)}`]),
};

function sumOf({ entries }: State): number {
  let sum = 0;
  for (const { value } of entries) sum += Number(value);
  return sum;
}
