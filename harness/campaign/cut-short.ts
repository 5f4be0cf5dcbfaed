import { readsBesideWrites } from "../../checkers/counts.ts";
import type { Checker } from "../contracts/checker.ts";
import type { ClaimResult } from "../contracts/results.ts";
import type { Run } from "../contracts/run.ts";
import type { Scenario } from "../contracts/scenario.ts";
import { Outcome } from "../history/history.ts";
import type { HistoryLine } from "../history/journal.ts";
import { parseHistory } from "../history/journal.ts";
import { judge } from "../run/judge.ts";
import { decideRow } from "./outcome.ts";

/** A run that was interrupted, judged by what its journal has of it: what is wrong there stays wrong. */
export function runSoFar(
  scenario: Scenario,
  journal: readonly HistoryLine[],
  checkers: readonly Checker[],
): Run {
  const history = parseHistory(journal.map((line) => JSON.stringify(line)));
  const outcomes = history.outcome.subarray(0, history.length);
  return {
    scenario,
    history,
    verdicts: judge(history, checkers),
    unknownBecause: null,
    operations: history.length,
    answered: outcomes.filter((outcome) => outcome === Outcome.ok || outcome === Outcome.fail).length,
    readsBesideWrites: readsBesideWrites(history),
  };
}

/** The row of an interrupted run: without an anomaly a cell was not tried in full, and proves nothing. */
export function cutShort(row: ClaimResult): ClaimResult {
  const cells = row.cells.map((cell) =>
    cell.failingRuns > 0 ? cell : { ...cell, outcome: "skipped" as const, because: "interrupted" },
  );
  return { ...row, ...decideRow(row.expect, cells), cells };
}
