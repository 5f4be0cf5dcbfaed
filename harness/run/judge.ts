import type { Checker } from "../contracts/checker.ts";
import { check } from "../contracts/checker.ts";
import type { Run } from "../contracts/run.ts";
import type { History } from "../history/history.ts";
import type { Anomaly, AnomalyKind } from "../history/verdict.ts";

/** Hands the history to each checker; every verdict is kept, not only the worst. */
export function judge(history: History, checkers: readonly Checker[]): Run["verdicts"] {
  return checkers.map((checker) => ({ checker: checker.name, verdict: check(checker, history) }));
}

/** All anomalies of a run, in the order of the checkers that found them. */
export function anomaliesOf(run: Run): readonly Anomaly[] {
  return run.verdicts.flatMap(({ verdict }) => (verdict.word === "invalid" ? verdict.anomalies : []));
}

/** The first anomaly whose kind is one of these. */
export function firstOf(run: Run, kinds: readonly AnomalyKind[]): Anomaly | null {
  return anomaliesOf(run).find(({ kind }) => kinds.includes(kind)) ?? null;
}
