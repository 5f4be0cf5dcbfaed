import type { Measure, Verdict } from "../../harness/history/verdict.ts";

/** The verdict with what was measured beside it; as it was where nothing was. */
export function withMeasures(verdict: Verdict, measures: readonly Measure[]): Verdict {
  return measures.length === 0 ? verdict : { ...verdict, measures };
}
