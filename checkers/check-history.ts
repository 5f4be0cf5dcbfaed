import type { Budget, Checker } from "../harness/contracts/checker.ts";
import { ampleBudget, check } from "../harness/contracts/checker.ts";
import type { History } from "../harness/history/history.ts";
import type { Anomaly, Verdict } from "../harness/history/verdict.ts";
import { chooseModel, misfitOf } from "./choose-model.ts";
import type { HistoryModel } from "./history-models.ts";
import { checkersFor } from "./history-models.ts";
import { historySanity } from "./history-sanity.ts";
import type { Model } from "./models/model.ts";
import { modelLinearizability } from "./models/model-linearizability.ts";

export type { HistoryModel } from "./history-models.ts";
export { historyModels } from "./history-models.ts";

/** What anybody's history file is judged to be. */
export interface HistoryCheck {
  /** `valid` only where every operation that matters was judged. */
  readonly word: "valid" | "invalid" | "unknown";
  /** Why it is unknown; null otherwise. */
  readonly because: string | null;
  /** What the history was judged to be of, one of ours or somebody's own; `none` where no model has all of its functions. */
  readonly model: string;
  /** Why that model, where none was asked for; null where one was. */
  readonly modelBecause: string | null;
  readonly operations: number;
  readonly verdicts: readonly NamedVerdict[];
  /** What was found, each thing once. */
  readonly anomalies: readonly Anomaly[];
}

/** What one checker says. */
export interface NamedVerdict {
  readonly checker: string;
  readonly verdict: Verdict;
}

/** What is left to do to judge a history: whoever runs the checkers, in whichever threads, concludes the same. */
export interface CheckPlan {
  /** The check as it stands before any of them has run. */
  readonly base: HistoryCheck;
  /** To be run, in this order; empty where the history cannot be judged any further. */
  readonly checkers: readonly Checker[];
}

/** Judges a history in this thread. Without a model, one is chosen by the functions that occur. */
export function checkHistory(
  history: History,
  model: HistoryModel | Model | null = null,
  budget: Budget = ampleBudget,
): HistoryCheck {
  const plan = planCheck(history, model);
  return concludeCheck(
    plan,
    plan.checkers.map((checker) => check(checker, history, budget)),
  );
}

/** Looks at a history's assumptions and functions, and says what it is to be judged by. */
export function planCheck(history: History, asked: HistoryModel | Model | null): CheckPlan {
  if (asked !== null && typeof asked === "object") return planModel(history, asked);
  const { model, because: modelBecause } =
    asked === null ? chooseModel(history) : { model: asked, because: null };
  const base = baseOf(history, model ?? "none", modelBecause);
  if (base.word === "invalid") return { base, checkers: [] };
  const because = model === null ? modelBecause : misfitOf(history, model);
  if (model === null || because !== null) return { base: { ...base, because }, checkers: [] };
  return { base, checkers: checkersFor(history, model) };
}

/** A model that somebody wrote decides alone; what it has no function for, it says itself. */
function planModel(history: History, model: Model): CheckPlan {
  const base = baseOf(history, model.name, null);
  return { base, checkers: base.word === "invalid" ? [] : [modelLinearizability(model)] };
}

/** The check before any checker has run, but for what all of them take for granted. */
function baseOf(history: History, model: string, modelBecause: string | null): HistoryCheck {
  const sanity = check(historySanity, history);
  const isBroken = sanity.word === "invalid";
  return {
    word: isBroken ? "invalid" : "unknown",
    because: null,
    model,
    modelBecause,
    operations: history.length,
    verdicts: [{ checker: historySanity.name, verdict: sanity }],
    anomalies: isBroken ? sanity.anomalies : [],
  };
}

/** Puts the verdicts of a plan's checkers together, given in the order of the checkers. */
export function concludeCheck({ base, checkers }: CheckPlan, found: readonly Verdict[]): HistoryCheck {
  const decisive = found[0];
  if (decisive === undefined) return base;
  const named = checkers.flatMap(({ name }, at) => {
    const verdict = found[at];
    return verdict === undefined ? [] : [{ checker: name, verdict }];
  });
  const verdicts = [...base.verdicts, ...named];
  const anomalies = distinct(
    found.flatMap((verdict) => (verdict.word === "invalid" ? verdict.anomalies : [])),
  );
  if (anomalies.length > 0) return { ...base, word: "invalid", verdicts, anomalies };
  if (decisive.word === "valid") return { ...base, word: "valid", verdicts };
  const because = "because" in decisive ? decisive.because : null;
  return { ...base, because, verdicts };
}

function distinct(anomalies: readonly Anomaly[]): Anomaly[] {
  const seen = new Set<string>();
  return anomalies.filter((anomaly) => {
    const name = JSON.stringify([anomaly.kind, anomaly.keyspace, anomaly.key, anomaly.evidence]);
    return !seen.has(name) && seen.add(name);
  });
}
