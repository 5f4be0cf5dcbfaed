import type { HistoryValue } from "./values.ts";

/** How an operation ended. `pending`: no completion was recorded at all; judged like `info`. */
export const Outcome = { ok: 0, fail: 1, info: 2, pending: 3 } as const;

/** Codes of the functions, in the order of `functionNames`; further names get codes from 16 on. */
export const Fn = { read: 0, write: 1, delete: 2, cas: 3, add: 4, remove: 5, increment: 6 } as const;
export const functionNames = ["read", "write", "delete", "cas", "add", "remove", "increment"] as const;

/** Stands in `completeIndex` where there is no completion: after everything that was recorded. */
export const never = 0x7fff_ffff;

/** What the first line of a history file says. */
export interface HistoryHeader {
  readonly seed?: number;
  readonly target?: string;
  readonly claim?: string;
  readonly keyspaces?: readonly { readonly name: string; readonly [setting: string]: unknown }[];
}

/**
 * A history: one row an operation, in order of invocation, in columns of typed arrays. The columns may be
 * longer than `length`. Strings and values are interned: keys, processes, sessions, nodes and sites are ids
 * into the tables; value id 0 is `null`.
 */
export interface History {
  readonly header: HistoryHeader;
  /** Operations. */
  readonly length: number;
  readonly f: Uint8Array;
  readonly outcome: Uint8Array;
  /** Id of (keyspace, key). */
  readonly key: Int32Array;
  /** What was asked: the written value; of a cas, the value expected. 0 for reads and deletes. */
  readonly argument: Int32Array;
  /** The second argument: of a cas, the new value. */
  readonly argument2: Int32Array;
  /** What came back: of a completed read, the value read. 0 otherwise. */
  readonly result: Int32Array;
  /** Place in the total order of events; checkers order by it and by nothing else. */
  readonly invokeIndex: Int32Array;
  /** `never` where there is no completion, or an `info` one. */
  readonly completeIndex: Int32Array;
  /** Index of the completion's own line, `info` too; `never` where nothing was recorded. Only for writing it again. */
  readonly endIndex: Int32Array;
  readonly invokedNs: Float64Array;
  /** NaN where there is no completion. An `info` completion has its time. */
  readonly completedNs: Float64Array;
  readonly process: Int32Array;
  /** −1 where there is none; `node` and `site` too. */
  readonly session: Int32Array;
  readonly node: Int32Array;
  readonly site: Int32Array;
  /** The scenario's id, or −1. */
  readonly op: Int32Array;
  readonly keys: readonly HistoryKey[];
  readonly values: readonly HistoryValue[];
  readonly processes: readonly (string | number)[];
  readonly sessions: readonly string[];
  readonly nodes: readonly string[];
  readonly sites: readonly string[];
  /** Names of the functions with codes from 16 on. */
  readonly otherFunctions: readonly string[];
  /** Rarely needed facts by row: errors, contexts, siblings, quorum overrides. */
  readonly details: ReadonlyMap<number, OperationDetails>;
  /** The harness' own lines, in order. */
  readonly marks: readonly Mark[];
}

export interface HistoryKey {
  readonly keyspace: string;
  readonly key: string;
}

export interface OperationDetails {
  readonly error?: string;
  /** The causal context that the answer carried. */
  readonly context?: string;
  /** The causal context that was sent along. */
  readonly sentContext?: string;
  readonly siblings?: readonly HistoryValue[];
  readonly w?: number;
  readonly r?: number;
  readonly consistency?: string;
}

export type Phase = "probe" | "strike" | "mend" | "rest" | "final";

/** A line of the harness' own: a phase begins, a fault strikes or is mended, a replica is dumped, clocks are read. */
export type Mark =
  | { readonly kind: "phase"; readonly index: number; readonly timeNs: number; readonly phase: Phase }
  | {
      readonly kind: "strike" | "mend";
      readonly index: number;
      readonly timeNs: number;
      readonly fault: number;
      readonly faultKind: string;
      /** Node ids, or links as `from→to`. */
      readonly where: readonly string[];
      readonly proof: string;
      /** When it began to act: what it does may show from then on. `timeNs` is when that was proven. */
      readonly sinceNs: number;
    }
  | {
      readonly kind: "dump";
      readonly index: number;
      readonly timeNs: number;
      readonly node: string;
      readonly keyspace: string;
      readonly entries: readonly DumpedEntry[];
    }
  | {
      /** An operation that was never invoked, because what it depended on is missing or failed. */
      readonly kind: "skipped";
      readonly index: number;
      readonly timeNs: number;
      readonly op: number;
      readonly because: string;
    }
  | {
      /** How far wall clocks were ahead of where they should have been, where a target can tell. */
      readonly kind: "clocks";
      readonly index: number;
      readonly timeNs: number;
      /** In the order of the nodes' names; a node that could not be asked is left out. */
      readonly ahead: readonly ClockError[];
      /** How far off each of these may be, either way; 0 where the target knows them exactly. */
      readonly withinNs: number;
    };

/** By how much a node's wall clock was ahead, in nanoseconds; behind where it is negative. */
export interface ClockError {
  readonly node: string;
  readonly ns: number;
}

export interface DumpedEntry {
  readonly key: string;
  readonly values: readonly {
    readonly value: HistoryValue;
    readonly version: string;
    readonly deleted: boolean;
  }[];
}
