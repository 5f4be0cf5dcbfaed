import type { Outcome } from "../contracts/results.ts";
import type { Counts } from "./counts.ts";
import { judgedRuns } from "./counts.ts";
import { fewestJudgedRuns } from "./plan.ts";

/** An outcome, and why where it needs saying. */
export interface Decision {
  readonly outcome: Outcome;
  readonly because?: string;
}

/** Why a cell could not be tried at all. */
export type Untried = { readonly outcome: "skipped" | "notExpressible"; readonly because: string };

/** What the counts of a cell say. One anomaly is proof, however few runs; the lack of one needs many. */
export function decideCell(expect: "breaks" | "holds", counts: Counts, untried: Untried | null): Decision {
  if (counts.failingRuns > 0) return { outcome: expect === "breaks" ? "found" : "contradicted" };
  if (untried !== null) return untried;
  const judged = judgedRuns(counts);
  if (judged < fewestJudgedRuns) return unknown(`only ${judged} of ${counts.runs} runs could be judged`);
  if (counts.unknownRuns * 5 > counts.runs) {
    return unknown(`${counts.unknownRuns} of ${counts.runs} runs were unknown`);
  }
  return { outcome: expect === "breaks" ? "notFound" : "clean" };
}

/**
 * What the cells of a row say together. A row that breaks is found when one cell shows it; a row that
 * holds is clean when every cell that can be expressed is.
 */
export function decideRow(expect: "breaks" | "holds", cells: readonly Decision[]): Decision {
  const worstFirst: readonly Outcome[] =
    expect === "breaks"
      ? ["found", "unknown", "skipped", "notFound"]
      : ["contradicted", "unknown", "skipped", "clean"];
  for (const outcome of worstFirst) {
    const cell = cells.find((decision) => decision.outcome === outcome);
    // Not the cell itself, which has more to it than its decision.
    if (cell !== undefined) return decision(outcome, cell.because);
  }
  const [first] = cells;
  return first === undefined
    ? { outcome: "skipped", because: "the row has no cells" }
    : decision(first.outcome, first.because);
}

function decision(outcome: Outcome, because: string | undefined): Decision {
  return because === undefined ? { outcome } : { outcome, because };
}

function unknown(because: string): Decision {
  return { outcome: "unknown", because };
}
