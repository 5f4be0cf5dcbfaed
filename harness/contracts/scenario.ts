import type { HistoryValue } from "../history/values.ts";

/**
 * A scenario is the recorded plan of one run, as plain data: what clients ask, what breaks, when.
 * Times are microseconds of true time since the run began. Ids never change while shrinking.
 */
export interface Scenario {
  readonly recount: "scenario";
  readonly version: 1;
  /** Every draw of the simulator starts from it: 0 to 2^31 − 1. */
  readonly seed: number;
  /** The row of the claim table that this run is evidence for. */
  readonly claim?: string;
  /** The cell of that row, as `claims --json` lists it. */
  readonly cell?: string;
  /** A planted defect of the store, for proving that the checkers can fail. */
  readonly defect?: string;
  readonly nodes: readonly NodePlace[];
  readonly sites: readonly SitePlace[];
  readonly keyspaces: readonly KeyspaceSettings[];
  readonly network: NetworkPlan;
  readonly disk: DiskPlan;
  readonly operations: readonly OperationPlan[];
  readonly faults: readonly FaultPlan[];
  /** How long the mended cluster may converge before the final reads. */
  readonly restUs: number;
  readonly final: "every-node" | "quorum" | "none";
}

export interface NodePlace {
  readonly id: string;
  readonly dc: string;
}

/** Where clients stand. Links between a site and a node can be cut like any other. */
export interface SitePlace {
  readonly id: string;
  readonly dc: string;
}

/** A keyspace: a name, and settings that only the store understands and validates. */
export interface KeyspaceSettings {
  readonly name: string;
  readonly [setting: string]: unknown;
}

/** How long something takes, in microseconds. Non-uniform shapes are tables of integer quantiles. */
export type Duration =
  | { readonly kind: "constant"; readonly us: number }
  | { readonly kind: "uniform"; readonly minUs: number; readonly maxUs: number }
  | { readonly kind: "exponential"; readonly meanUs: number }
  | { readonly kind: "lognormal"; readonly medianUs: number }
  | { readonly kind: "pareto"; readonly minUs: number }
  /** `slowPercent` of the draws take `slowFactor` times as long. */
  | {
      readonly kind: "heavy-tail";
      readonly meanUs: number;
      readonly slowPercent: number;
      readonly slowFactor: number;
    };

/** The four legs of a quorum operation between nodes, and everything else. */
export const legs = ["writeRequest", "writeAck", "readRequest", "readAnswer", "background"] as const;
export type Leg = (typeof legs)[number];

export interface NetworkPlan {
  /** Between nodes, one way; and between a node and a client that coordinates. */
  readonly latency: Duration;
  /** Of a client's request to a node, and of the reply: between a site and a node, one way. */
  readonly clientLatency: Duration;
  /** Overrides `latency` for single legs. */
  readonly legs?: { readonly [L in Leg]?: Duration };
  /** A coordinator's sends to its replicas leave this far apart; 0 sends all at once. */
  readonly staggerUs?: number;
}

export interface DiskPlan {
  /** From the request to sync until the record is durable. */
  readonly sync: Duration;
}

/** What an operation does. `add` and `remove` are of sets and carts, `increment` of counters. */
export const functions = ["read", "write", "delete", "cas", "add", "remove", "increment"] as const;
export type OperationFunction = (typeof functions)[number];

/** Ids of a plan's operations end here; the final reads that the harness adds have ids above it. */
export const lastOperationId = 0x0fff_ffff;

export interface OperationPlan {
  /** Unique within the scenario, 1 to `lastOperationId`. It is also the cause of all that the operation does. */
  readonly id: number;
  /** A client runs one operation at a time. */
  readonly client: string;
  readonly site: string;
  readonly session: string;
  /** The node that is asked. */
  readonly node: string;
  readonly keyspace: string;
  readonly key: string;
  readonly f: OperationFunction;
  /** Of a cas `[expected, new]`; of an add to a cart `[item, quantity]`, or the item alone for one of it. */
  readonly value?: HistoryValue;
  readonly w?: number;
  readonly r?: number;
  readonly consistency?: string;
  readonly timeoutUs?: number;
  /** It starts at the latest of this, the ends of `after`, and the end of its client's operation before. */
  readonly atUs: number;
  readonly after?: readonly number[];
  /** It waits this long after the last of those that it comes after has ended; 0 unless said. */
  readonly thinkUs?: number;
  /** Takes the causal context that this operation returned; where it found nothing, there is nothing to remove. */
  readonly contextFrom?: number;
  /** Takes the value that this operation returned, edited. A cas expects that value and writes the edited one. */
  readonly valueFrom?: { readonly op: number; readonly edit: ValueEdit };
  /**
   * How often a client tries again after an unknown outcome, on which node. All tries are one operation of the
   * history; each is a request of its own, and where clients stamp, all carry the stamp of the first.
   */
  readonly retry?: { readonly times: number; readonly node?: string };
}

export type ValueEdit =
  | { readonly kind: "same" }
  | { readonly kind: "plus"; readonly amount: number }
  | { readonly kind: "append"; readonly item: string }
  /** For a cas: what was read is expected, this is set. */
  | { readonly kind: "expect"; readonly next: HistoryValue }
  | { readonly kind: "remove"; readonly item: string };

/** A directed link; ends are ids of nodes or sites. */
export interface Link {
  readonly from: string;
  readonly to: string;
}

/** What breaks, from `atUs` until `untilUs`; `null` means until the mend phase. */
export type FaultPlan = {
  readonly id: number;
  readonly atUs: number;
  readonly untilUs: number | null;
} & FaultBody;

export type FaultBody =
  /** Refused connections, or a black hole that swallows what is sent. */
  | { readonly kind: "cut"; readonly links: readonly Link[]; readonly mode: "refuse" | "black-hole" }
  | {
      readonly kind: "latency";
      readonly links: readonly Link[];
      readonly addUs: number;
      readonly jitterUs: number;
    }
  | { readonly kind: "loss"; readonly links: readonly Link[]; readonly percent: number }
  | { readonly kind: "duplicate"; readonly links: readonly Link[]; readonly percent: number }
  /** `percent` of the messages wait up to `byUs` longer, and so are overtaken. */
  | {
      readonly kind: "reorder";
      readonly links: readonly Link[];
      readonly percent: number;
      readonly byUs: number;
    }
  /** Delays the messages of one operation on one leg of one link: the finest fault, for shrunk plans. */
  | {
      readonly kind: "hold";
      readonly operation: number;
      readonly links: readonly Link[];
      readonly leg: Leg;
      readonly byUs: number;
    }
  /** The process is gone with its memory; the disk is kept. It restarts at `untilUs`. */
  | { readonly kind: "kill"; readonly nodes: readonly string[] }
  /** A kill that also loses what was not synced, and may tear the last record. */
  | { readonly kind: "power-loss"; readonly nodes: readonly string[] }
  | { readonly kind: "pause"; readonly nodes: readonly string[] }
  /** The wall clock runs this far ahead (or, negative, behind). Monotonic time is left alone. */
  | { readonly kind: "skew"; readonly nodes: readonly string[]; readonly offsetUs: number };

export type FaultKind = FaultBody["kind"];

/** Every kind of fault, in the order in which the matrix and the help name them. */
export const faultKinds: readonly FaultKind[] = [
  "cut",
  "latency",
  "loss",
  "duplicate",
  "reorder",
  "hold",
  "kill",
  "power-loss",
  "pause",
  "skew",
];

/** What containers can do: their proxies see connections, not messages, and nobody pulls the plug of their host. */
export const containerFaults: readonly FaultKind[] = ["cut", "latency", "kill", "pause", "skew"];
