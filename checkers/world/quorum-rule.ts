import type { History } from "../../harness/history/history.ts";
import { Fn } from "../../harness/history/history.ts";
import { replicationOf } from "./replication.ts";

/** What a keyspace must bear, by the quorums that the history's header states. */
export interface QuorumRule {
  readonly n: number;
  readonly w: number;
  readonly r: number;
  readonly isSloppy: boolean;
  /** Whether clients ask the replicas themselves. */
  readonly isByClient: boolean;
}

/** The rule of a keyspace, or why there is none. */
export function quorumRuleOf(history: History, keyspace: string): QuorumRule | string {
  const { n, w, r, isSloppy } = replicationOf(history, keyspace);
  const name = keyspace === "" ? "the keyspace" : keyspace;
  if (n === null || w === null || r === null) return `the header does not say n, w and r of ${name}`;
  const settings = history.header.keyspaces?.find((each) => each.name === keyspace);
  if (settings?.["protocol"] === "caspaxos" || settings?.["cas"] === "caspaxos") {
    return `${name} decides by ballots, which may stand in each other's way`;
  }
  return { n, w, r, isSloppy, isByClient: settings?.["coordinate"] === "client" };
}

/** An operation's own quorums, where it has any. */
export interface Override {
  readonly w?: number;
  readonly r?: number;
}

/**
 * Whether an operation must be answered though so many nodes are out of its coordinator's reach: at most
 * N − max(W, R) of them (claimed of Dynamo and its heirs). A sloppy quorum takes writes as long as any W of the
 * cluster's nodes are reached, the coordinator among them (G. DeCandia et al., "Dynamo", 2007, section 4.6).
 */
export function mustBear(
  rule: QuorumRule,
  { w = rule.w, r = rule.r }: Override,
  f: number,
  away: number,
  nodes: number,
): boolean {
  const isSloppyWrite = rule.isSloppy && f !== Fn.read;
  return away <= rule.n - Math.max(w, r) || (isSloppyWrite && nodes - away >= w);
}

/** The rule as sentences give it: `n=3, w=2, r=2 bear 1 away`. */
export function ruleText(rule: QuorumRule, { w = rule.w, r = rule.r }: Override, f: number): string {
  const quorums = `n=${rule.n}, w=${w}, r=${r} bear ${rule.n - Math.max(w, r)} away`;
  return rule.isSloppy && f !== Fn.read ? `${quorums}, and a sloppy write all but ${w} nodes` : quorums;
}
