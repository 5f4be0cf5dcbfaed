import type { HistoryCheck } from "../../checkers/check-history.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { headlineOf } from "../story/headline.ts";
import { capital, counted, cut, figure, listed, sentence } from "../wording.ts";
import type { ToldAnomaly } from "./anomaly-section.ts";
import { headlineFacts } from "./anomaly-section.ts";

/** Longest heading, in characters. */
const longestHeading = 150;

/** The page's heading: the verdict in one sentence. */
export function verdictHeadline(check: HistoryCheck, told: readonly ToldAnomaly[]): string {
  const { word, model, anomalies, operations, verdicts } = check;
  const [first] = told;
  if (word === "invalid" && anomalies.length === 1 && first !== undefined) {
    const { anomaly, evidence } = first;
    const headline = headlineOf(headlineFacts(first));
    // The checker's words stand below the heading; and what counts operations must not count only those shown.
    const isOwn = headline !== sentence(cut(anomaly.says, 160));
    if (isOwn && evidence.length === anomaly.evidence.length) return cut(headline, longestHeading);
  }
  if (word === "invalid") return `No ${modelName(model)} answers so: ${kindsWords(anomalies)}.`;
  if (word === "valid") return `${capital(object(model))} could have given every one of these answers.`;
  if (operations === 0) return "There is nothing to judge.";
  const left = verdicts.flatMap(({ verdict }) =>
    verdict.word === "unknown" ? (verdict.undecided ?? []) : [],
  );
  const count = left.reduce((sum, window) => sum + window.operations, 0);
  if (count > 0)
    return `Undecided: ${figure(count)} of ${counted(operations, "operation")} are left to judge.`;
  return `There is no verdict on ${operations === 1 ? "this" : "these"} ${counted(operations, "operation")}.`;
}

/** What a model is called; `none` has all the functions of some histories. */
export function modelName(model: string): string {
  return model === "none" ? "known object" : cut(model, 40);
}

/** "a register", "an or-set". */
function object(model: string): string {
  const name = modelName(model);
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

/** "12 stale reads and 1 lost write", the most frequent first. */
export function kindsWords(anomalies: readonly Anomaly[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of anomalies) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1]);
  return listed(most.map(([kind, count]) => `${figure(count)} ${plural(kind, count)}`));
}

/** "stale reads", "failed writes visible": what is counted has its own plural. */
function plural(kind: string, count: number): string {
  if (kind === "not linearizable") return count === 1 ? "part not linearizable" : "parts not linearizable";
  if (count === 1) return kind;
  if (kind === "value comes back") return "values come back";
  if (kind === "failed write visible") return "failed writes visible";
  if (kind === "unavailability") return "unavailabilities";
  return `${kind}s`;
}

/** The lead under the heading. */
export function verdictLead(check: HistoryCheck): string {
  const { word, because, model, verdicts } = check;
  const judged = verdicts.filter(({ verdict }) => verdict.word !== "notChecked").length;
  if (word === "unknown") return sentence(cut(because ?? "nothing was judged", 900));
  if (word === "valid") {
    return `Judged as ${object(model)} by ${counted(judged, "checker")}; none found anything, and the verdict rests on ${counted(restsOn(check), "operation")}.`;
  }
  return `Judged as ${object(model)}. Each is shown below, with the operations that prove it.`;
}

/** What the deciding checker judged; the first one only looks at what the others take for granted. */
function restsOn({ verdicts }: HistoryCheck): number {
  const [sanity, ...others] = verdicts;
  const deciding = others.find(({ verdict }) => verdict.word === "valid") ?? sanity;
  return deciding?.verdict.word === "valid" ? deciding.verdict.checked : 0;
}
