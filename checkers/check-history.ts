import type { Budget } from "../harness/contracts/checker.ts";
import { ampleBudget, check } from "../harness/contracts/checker.ts";
import type { History } from "../harness/history/history.ts";
import { Fn } from "../harness/history/history.ts";
import type { Anomaly, Verdict } from "../harness/history/verdict.ts";
import { historySanity } from "./history-sanity.ts";
import { linearizability } from "./register/linearizability.ts";
import { regular } from "./register/regular.ts";

/** The models that a history file can be judged by. */
export const historyModels = ["register", "cas-register"] as const;
/** One of these models. */
export type HistoryModel = (typeof historyModels)[number];

/** What anybody's history file is judged to be. */
export interface HistoryCheck {
  /** `valid` only where every operation that matters was judged. */
  readonly word: "valid" | "invalid" | "unknown";
  /** Why it is unknown; null otherwise. */
  readonly because: string | null;
  readonly model: HistoryModel;
  readonly operations: number;
  readonly verdicts: readonly { readonly checker: string; readonly verdict: Verdict }[];
  /** What was found, each thing once. */
  readonly anomalies: readonly Anomaly[];
}

/** Judges a history as one of registers: its assumptions first, then linearizability, then regularity. */
export function checkHistory(
  history: History,
  model: HistoryModel = "register",
  budget: Budget = ampleBudget,
): HistoryCheck {
  const base = { model, operations: history.length };
  const sanity = check(historySanity, history, budget);
  const first = { checker: historySanity.name, verdict: sanity };
  if (sanity.word === "invalid") {
    return { word: "invalid", because: null, ...base, verdicts: [first], anomalies: sanity.anomalies };
  }
  if (model === "register" && hasCas(history)) {
    const because = "the history has compare-and-set operations: judge it by the model cas-register";
    return { word: "unknown", because, ...base, verdicts: [first], anomalies: [] };
  }
  const others = [linearizability, regular].map((checker) => ({
    checker: checker.name,
    verdict: check(checker, history, budget),
  }));
  const verdicts = [first, ...others];
  const anomalies = distinct(
    others.flatMap(({ verdict }) => (verdict.word === "invalid" ? verdict.anomalies : [])),
  );
  if (anomalies.length > 0) return { word: "invalid", because: null, ...base, verdicts, anomalies };
  // Linearizability is the stronger: where it is decided, regularity adds nothing but names.
  const decisive = others[0]?.verdict;
  if (decisive?.word === "valid") return { word: "valid", because: null, ...base, verdicts, anomalies };
  const because = decisive !== undefined && "because" in decisive ? decisive.because : "nothing was judged";
  return { word: "unknown", because, ...base, verdicts, anomalies };
}

function hasCas({ f, length }: History): boolean {
  return f.subarray(0, length).includes(Fn.cas);
}

function distinct(anomalies: readonly Anomaly[]): Anomaly[] {
  const seen = new Set<string>();
  return anomalies.filter((anomaly) => {
    const name = JSON.stringify([anomaly.kind, anomaly.keyspace, anomaly.key, anomaly.evidence]);
    return !seen.has(name) && seen.add(name);
  });
}
