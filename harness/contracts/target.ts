import type { OperatingError } from "../base/errors.ts";
import type { ClockError } from "../history/history.ts";
import type { HistoryValue } from "../history/values.ts";
import type { FaultKind, Leg, Link, OperationFunction, Scenario } from "./scenario.ts";
import type { TraceListener } from "./trace.ts";

/**
 * A world that scenarios run in. One interpreter drives all of them through callbacks, and the target
 * owns time: virtual in the simulator, monotonic elsewhere. A `done` is never called inside the call
 * that took it, and always exactly once.
 */
export interface Target {
  readonly name: string;
  /** The faults that it can inject; a row that needs another is not expressible here. */
  readonly can: ReadonlySet<FaultKind>;
  /**
   * Sets up a cluster for the scenario's nodes, sites and keyspaces, and probes it: `done` hears of a cluster
   * only when every node answers from every site. Faults and operations come later.
   */
  open(
    scenario: Scenario,
    trace: TraceListener | null,
    done: (opened: Cluster | OperatingError) => void,
  ): void;
  /** Lets the world go on until the opened cluster is closed (or could not be opened), then calls `done`. */
  drive(done: () => void): void;
}

export interface Cluster {
  /** Nanoseconds since the cluster was opened: true time, which no fault bends. */
  nowNs(): number;
  /** Calls `wake` at that time, or at once (but later) if it has passed. */
  at(timeNs: number, wake: () => void): Cancel;
  /** Carries one client request out; a request without an answer in time completes as `info`. */
  submit(invocation: Invocation, done: (completion: Completion) => void): void;
  /** Does one thing to the world, and proves that it took effect. */
  act(action: Action, done: (result: Proof | OperatingError) => void): void;
  /** What every replica holds, read behind the back of all faults. */
  dump(done: (replicas: readonly ReplicaDump[] | OperatingError) => void): void;
  /** How far the nodes' wall clocks are off, read behind the back of all faults; absent where nobody can tell. */
  clocks?(done: (reading: ClockReading | OperatingError) => void): void;
  close(done: () => void): void;
}

/** What wall clocks showed at one moment. */
export interface ClockReading {
  /** Ahead of true time, or of where they were when the cluster was opened. A node that can't be asked is left out. */
  readonly ahead: readonly ClockError[];
  /** How far off each of these may be, either way, in nanoseconds; 0 where they are exact. */
  readonly withinNs: number;
}

export type Cancel = () => void;

export interface Invocation {
  /** The operation's id: the cause of everything that it brings about. Final reads have ids of their own. */
  readonly op: number;
  /** Which try this is; 0 unless the client tries again. The request id is (op, attempt). */
  readonly attempt: number;
  readonly client: string;
  readonly site: string;
  readonly node: string;
  readonly keyspace: string;
  readonly key: string;
  readonly f: OperationFunction;
  readonly value: HistoryValue;
  readonly w?: number;
  readonly r?: number;
  readonly consistency?: string;
  readonly context?: string;
  readonly timeoutUs: number;
}

/**
 * What a coordinator is given of a client's patience, in microseconds. Chosen: four fifths, so that it can still
 * say how many answers it got before the client leaves.
 */
export function deadlineUs(timeoutUs: number): number {
  return Math.floor((timeoutUs * 4) / 5);
}

/** What an add puts in: an item, and where it is a cart's `[item, quantity]`, how many of it. */
export function addedItem(value: HistoryValue): {
  readonly item: HistoryValue;
  readonly quantity: number | null;
} {
  if (Array.isArray(value) && value.length === 2 && typeof value[1] === "number") {
    return { item: value[0] ?? null, quantity: value[1] };
  }
  return { item: value, quantity: null };
}

/** `fail` means definitely no effect; everything that is not known for sure is `info`. */
export interface Completion {
  readonly type: "ok" | "fail" | "info";
  /** What a read returned; the invocation's value otherwise. */
  readonly value: HistoryValue;
  readonly error?: string;
  readonly context?: string;
  readonly siblings?: readonly HistoryValue[];
}

/** Half of a fault: the strike or the mend. `fault` names it, so that overlapping faults keep apart. */
export type Action = { readonly fault: number } & (
  | { readonly kind: "cut"; readonly links: readonly Link[]; readonly mode: "refuse" | "black-hole" }
  | {
      readonly kind: "delay";
      readonly links: readonly Link[];
      readonly addUs: number;
      readonly jitterUs: number;
    }
  | { readonly kind: "lose"; readonly links: readonly Link[]; readonly percent: number }
  | { readonly kind: "duplicate"; readonly links: readonly Link[]; readonly percent: number }
  | {
      readonly kind: "reorder";
      readonly links: readonly Link[];
      readonly percent: number;
      readonly byUs: number;
    }
  | {
      readonly kind: "hold";
      readonly operation: number;
      readonly links: readonly Link[];
      readonly leg: Leg;
      readonly byUs: number;
    }
  /** Undoes whatever the fault did to these links. Repeating it is harmless. */
  | { readonly kind: "restore"; readonly links: readonly Link[] }
  | { readonly kind: "kill"; readonly node: string }
  | { readonly kind: "cut-power"; readonly node: string }
  | { readonly kind: "start"; readonly node: string }
  | { readonly kind: "pause"; readonly node: string }
  | { readonly kind: "resume"; readonly node: string }
  /** Sets this fault's share of the node's clock offset; 0 takes it away. */
  | { readonly kind: "set-clock"; readonly node: string; readonly offsetUs: number }
);

/** How it was seen that an action took effect, in words with figures. */
export interface Proof {
  readonly says: string;
}

export interface ReplicaDump {
  readonly node: string;
  readonly keyspace: string;
  /** Sorted by key. */
  readonly entries: readonly ReplicaEntry[];
}

export interface ReplicaEntry {
  readonly key: string;
  /** More than one where siblings are kept. */
  readonly values: readonly {
    readonly value: HistoryValue;
    readonly version: string;
    readonly deleted: boolean;
  }[];
}
