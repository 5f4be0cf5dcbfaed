import type { Checker } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History, Mark } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import { describeOperation, outcomeText } from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { anomalyOf, combineVerdicts, verdictOf } from "../verdicts.ts";
import { availabilityMeasures } from "./availability-measures.ts";
import { endsOfLink, faultSince, faultWindows } from "./fault-windows.ts";
import type { Reach } from "./outages.ts";
import { Outages } from "./outages.ts";
import type { QuorumRule } from "./quorum-rule.ts";
import { mustBear, quorumRuleOf, ruleText } from "./quorum-rule.ts";
import { withMeasures } from "./with-measures.ts";

/**
 * Finds operations that failed or hung though their quorums were there: the node that was asked was up, it reached
 * all but N − max(W, R) nodes from before the operation to its end, and nothing else was wrong meanwhile. Beside
 * that it measures what was answered with and without faults, and how long each place took to recover.
 */
export const availability: Checker = {
  name: "availability",
  assumes: [
    "every fault is marked",
    "clients wait ten times as long as the slowest answer took, or what ran out of time is left out",
  ],
  tasks: () => [{ key: -1 }],
  run: judgeAvailability,
  combine: ([only]) => only ?? nothingHappened,
};

const none = {};

const nothingHappened: Verdict = { word: "notChecked", because: "no operation in the history" };

function judgeAvailability(history: History): Verdict {
  if (history.length === 0) return nothingHappened;
  const judge = new AvailabilityJudge(history);
  for (let row = 0; row < history.length; row += 1) judge.judge(row);
  return withMeasures(judge.verdict(), availabilityMeasures(history));
}

/**
 * How many times as long as the slowest answer an operation must have waited to have hung. Chosen: where messages
 * have long tails and no fault is there, clients that wait four times as long still give up now and then.
 */
const patience = 10;

class AvailabilityJudge {
  readonly #history: History;
  readonly #outages: Outages;
  /** By key. */
  readonly #rules: readonly (QuorumRule | string)[];
  /** Nodes that the history tells of. */
  readonly #nodes: number;
  /** The last mark of a phase: by then the harness had given up what was still open. */
  readonly #lastPhase: Mark | null;
  readonly #isMarked: boolean;
  /** How long the slowest answer of all took, beside faults or not. */
  readonly #slowestNs: number;
  readonly #refused: Anomaly[] = [];
  /** Operations that ran out of time, with how long they had. */
  readonly #late: { readonly anomaly: Anomaly; readonly tookNs: number }[] = [];
  #answered = 0;

  constructor(history: History) {
    this.#history = history;
    this.#outages = new Outages(history);
    const rules = new Map<string, QuorumRule | string>();
    this.#rules = history.keys.map(({ keyspace }) => {
      const rule = rules.get(keyspace) ?? quorumRuleOf(history, keyspace);
      rules.set(keyspace, rule);
      return rule;
    });
    this.#nodes = nodesOf(history).size;
    this.#lastPhase = history.marks.findLast(({ kind }) => kind === "phase") ?? null;
    this.#slowestNs = slowestAnswerNs(history);
    this.#isMarked = history.marks.some(({ kind }) => kind === "phase" || kind === "strike");
  }

  /** Judges an operation; they must come in the order of their rows. */
  judge(row: number): void {
    const rule = this.#rules[cell(this.#history.key, row)];
    if (rule === undefined || typeof rule === "string" || !this.#isRuled(row)) return;
    this.#outages.advance(cell(this.#history.invokeIndex, row));
    const reach = this.#reachOf(row, rule);
    if (reach === null) return;
    const override = this.#history.details.get(row) ?? none;
    const f = cell(this.#history.f, row);
    if (!mustBear(rule, override, f, reach.away.length, this.#nodes)) return;
    if (this.#history.outcome[row] === Outcome.ok) {
      this.#answered += 1;
      return;
    }
    const says = this.#sentence(row, reach, ruleText(rule, override, f));
    const anomaly = anomalyOf(this.#history, "unavailability", [row], says);
    if (this.#ranOutOfTime(row)) this.#late.push({ anomaly, tookNs: this.#tookNs(row) });
    else this.#refused.push(anomaly);
  }

  #tookNs(row: number): number {
    return this.#endNs(row) - (this.#history.invokedNs[row] ?? Number.NaN);
  }

  #ranOutOfTime(row: number): boolean {
    const error = this.#history.details.get(row)?.error;
    return error === undefined ? this.#history.outcome[row] !== Outcome.fail : /time-?out/i.test(error);
  }

  /** What the coordinator of an operation reached all the time; null where that changed, or nobody can say. */
  #reachOf(row: number, { isByClient }: QuorumRule): Reach | null {
    if (!this.#outages.isSteadyUntil(this.#endNs(row))) return null;
    const node = isByClient ? -1 : cell(this.#history.node, row);
    const site = cell(this.#history.site, row);
    if (node < 0 && (site < 0 || !isByClient)) return null;
    const reach = this.#outages.reachOf(node, site);
    return reach.isAsked ? reach : null;
  }

  verdict(): Verdict {
    const hung = this.#late.filter(({ tookNs }) => tookNs >= patience * this.#slowestNs);
    const anomalies = [...this.#refused, ...hung.map(({ anomaly }) => anomaly)];
    if (anomalies.length + this.#answered > 0) return combineVerdicts([verdictOf(anomalies, this.#answered)]);
    return { word: "notChecked", because: this.#whyNothing() };
  }

  /** Whether the rule speaks of such operations: not of compare-and-sets, which may refuse each other, nor of levels. */
  #isRuled(row: number): boolean {
    const f = cell(this.#history.f, row);
    if (f === Fn.cas || f > Fn.increment) return false;
    return this.#isMarked && this.#history.details.get(row)?.consistency === undefined;
  }

  /** When an operation ended, or was given up; before it began where the history ends first, which is no time to wait. */
  #endNs(row: number): number {
    if (this.#history.outcome[row] !== Outcome.pending) return this.#history.completedNs[row] ?? Number.NaN;
    return this.#lastPhase?.timeNs ?? Number.NaN;
  }

  #sentence(row: number, { coordinator, away }: Reach, rule: string): string {
    const outcome = this.#history.f[row] === Fn.read ? ` (${outcomeText(this.#history, row)})` : "";
    const faults = [...this.#outages.active].map(faultSince).join(", ");
    const besides = faults === "" ? "no fault was there" : faults;
    const reached = away.length === 0 ? "every node" : `all nodes but ${away.join(", ")}`;
    const who = describeOperation(this.#history, row);
    return `${who}${outcome}, though ${coordinator} reached ${reached} (${besides}): ${rule}`;
  }

  #whyNothing(): string {
    const reasons = this.#rules.filter((rule) => typeof rule === "string");
    if (reasons.length === this.#rules.length) return [...new Set(reasons)].slice(0, 3).join("; ");
    if (!this.#isMarked) return "the history does not say when faults were there";
    return "no operation ran while its quorums were there and nothing else was wrong";
  }
}

function slowestAnswerNs({ length, outcome, invokedNs, completedNs }: History): number {
  let slowest = 0;
  for (let row = 0; row < length; row += 1) {
    if (outcome[row] !== Outcome.ok) continue;
    slowest = Math.max(slowest, (completedNs[row] ?? 0) - (invokedNs[row] ?? 0));
  }
  return slowest;
}

/** All nodes that operations, dumps and faults speak of. */
function nodesOf(history: History): ReadonlySet<string> {
  const nodes = new Set(history.nodes);
  for (const mark of history.marks) if (mark.kind === "dump") nodes.add(mark.node);
  const sites = new Set(history.sites);
  for (const { where } of faultWindows(history)) {
    for (const place of where.flatMap((one) => endsOfLink(one) ?? [one])) {
      if (!sites.has(place)) nodes.add(place);
    }
  }
  return nodes;
}
