import type { Choice } from "../harness/base/choice.ts";
import type { Setting } from "../harness/contracts/claim.ts";
import type {
  DiskPlan,
  Duration,
  FaultPlan,
  NetworkPlan,
  OperationPlan,
  Scenario,
} from "../harness/contracts/scenario.ts";

/** The only site of single-centre scenarios. */
export const site = "s1";

/** Names of the nodes of a cluster of this size. */
export function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${index + 1}`);
}

/** What a family says of a scenario; the frame fills in the rest. */
export interface Plan {
  readonly operations: readonly OperationPlan[];
  readonly faults: readonly FaultPlan[];
  readonly network: NetworkPlan;
  readonly restUs: number;
  readonly final?: Scenario["final"];
  /** Default: a quick disk. */
  readonly disk?: DiskPlan;
}

/** Far quicker than the network, as a disk with a battery behind it is. */
const quickDisk: DiskPlan = { sync: { kind: "uniform", minUs: 50, maxUs: 250 } };

/** Slower than a message: what is acknowledged or shown before it is synced can be lost with the power. */
export const slowDisk: DiskPlan = { sync: { kind: "uniform", minUs: 1_000, maxUs: 9_000 } };

/** A scenario for one setting in one data centre. */
export function frame(choice: Choice, { nodes, keyspace }: Setting, plan: Plan): Scenario {
  return {
    recount: "scenario",
    version: 1,
    seed: choice.below(0x7fff_ffff),
    nodes: nodeNames(nodes).map((id) => ({ id, dc: "dc1" })),
    sites: [{ id: site, dc: "dc1" }],
    keyspaces: [keyspace],
    network: plan.network,
    disk: plan.disk ?? quickDisk,
    operations: plan.operations,
    faults: plan.faults,
    restUs: plan.restUs,
    final: plan.final ?? "none",
  };
}

/** From a client to a node next to it; short, because added latency hides anomalies (maelstrom's rule). */
const nearby: Duration = { kind: "uniform", minUs: 40, maxUs: 160 };

/** Messages of 1 ms that now and then take fifteen times as long: what makes quorums disagree. */
export function heavyTail(choice: Choice): NetworkPlan {
  return {
    latency: { kind: "heavy-tail", meanUs: 1_000, slowPercent: 25, slowFactor: 15 },
    clientLatency: nearby,
    staggerUs: choice.oneOf([0, 0, 200]),
  };
}

/** A quiet network: every message takes about 1 ms. */
export function quiet(): NetworkPlan {
  return { latency: { kind: "uniform", minUs: 500, maxUs: 1_500 }, clientLatency: nearby, staggerUs: 0 };
}
