import type { History } from "../history/history.ts";
import type { Verdict } from "../history/verdict.ts";
import type { Scenario } from "./scenario.ts";

/** What came of one run of one scenario. */
export interface Run {
  readonly scenario: Scenario;
  readonly history: History;
  readonly verdicts: readonly { readonly checker: string; readonly verdict: Verdict }[];
  /** Null when the verdicts count; else why the run is *unknown*: a fault not proven, a mend failed, too few answers. */
  readonly unknownBecause: string | null;
  readonly operations: number;
  /** Operations that ended `ok`. */
  readonly answered: number;
  /** Reads that ran beside a write of the same key. */
  readonly readsBesideWrites: number;
}
