import type { Checker } from "../harness/contracts/checker.ts";
import { counter, linearizableCounter } from "./data-types/counter.ts";
import { observedSet } from "./data-types/observed-set.ts";
import { growingSet, linearizableSet } from "./data-types/set.ts";
import { siblings } from "./data-types/siblings.ts";
import { historySanity } from "./history-sanity.ts";
import { deletes } from "./register/deletes.ts";
import { failedWrites } from "./register/failed-writes.ts";
import { linearizability } from "./register/linearizability.ts";
import { lostUpdate } from "./register/lost-update.ts";
import { lostWrite } from "./register/lost-write.ts";
import { regular } from "./register/regular.ts";
import { monotonicReads } from "./sessions/monotonic-reads.ts";
import { acknowledgedPrefix, prefix } from "./sessions/prefix.ts";
import { readYourWrites } from "./sessions/read-your-writes.ts";
import { monotonicWrites, writesFollowReads } from "./sessions/session-writes.ts";
import { availability } from "./world/availability.ts";
import { cleanClocks, clocks } from "./world/clocks.ts";
import { convergence } from "./world/convergence.ts";
import { staleness } from "./world/staleness.ts";

/** All checkers, in the order in which verdicts are listed. */
export const checkers: readonly Checker[] = [
  historySanity,
  linearizability,
  regular,
  lostWrite,
  lostUpdate,
  deletes,
  failedWrites,
  siblings,
  observedSet,
  growingSet,
  linearizableSet,
  counter,
  linearizableCounter,
  readYourWrites,
  monotonicReads,
  monotonicWrites,
  writesFollowReads,
  prefix,
  acknowledgedPrefix,
  convergence,
  availability,
  staleness,
  clocks,
  cleanClocks,
];

/** The checkers of what only some stores claim: their anomalies are none where nobody promised otherwise. */
const strict: ReadonlySet<Checker> = new Set([linearizableSet, linearizableCounter, cleanClocks]);

/** The checkers whose word counts for any run, whatever its store claims. */
export const checkersOfAnyRun: readonly Checker[] = checkers.filter((checker) => !strict.has(checker));

/** The checker of that name, or null. */
export function checkerByName(name: string): Checker | null {
  return checkers.find((checker) => checker.name === name) ?? null;
}
