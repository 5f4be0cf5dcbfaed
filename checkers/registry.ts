import type { Checker } from "../harness/contracts/checker.ts";
import { convergence } from "./convergence.ts";
import { counter } from "./counter.ts";
import { deletes } from "./deletes.ts";
import { failedWrites } from "./failed-writes.ts";
import { historySanity } from "./history-sanity.ts";
import { linearizability } from "./linearizability.ts";
import { lostWrite } from "./lost-write.ts";
import { observedSet } from "./observed-set.ts";
import { regular } from "./regular.ts";
import { siblings } from "./siblings.ts";

/** All checkers, in the order in which verdicts are listed. */
export const checkers: readonly Checker[] = [
  historySanity,
  linearizability,
  regular,
  lostWrite,
  deletes,
  failedWrites,
  siblings,
  observedSet,
  counter,
  convergence,
];

/** The checker of that name, or null. */
export function checkerByName(name: string): Checker | null {
  return checkers.find((checker) => checker.name === name) ?? null;
}
