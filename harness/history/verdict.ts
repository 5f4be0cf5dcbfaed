/** The closed list of what can be wrong with a history. */
export const anomalyKinds = [
  "stale read",
  "read inversion",
  "value comes back",
  "lost write",
  "lost update",
  "lost delete",
  "resurrected delete",
  "lost increment",
  "doubled increment",
  "failed write visible",
  "phantom value",
  "lost element",
  "stale element",
  "duplicated element",
  "phantom element",
  "read-your-writes violation",
  "monotonic-reads violation",
  "monotonic-writes violation",
  "writes-follow-reads violation",
  "prefix violation",
  "unavailability",
  "not linearizable",
  "divergence",
  "broken assumption",
] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

/** One thing that is wrong, and the fewest operations that prove it. */
export interface Anomaly {
  readonly kind: AnomalyKind;
  /** One sentence in plain words with the values and times filled in. */
  readonly says: string;
  /** Invocation indices of the operations that prove it, ascending. */
  readonly evidence: readonly number[];
  readonly keyspace: string;
  readonly key: string;
  /** Where a search found it: the longest orders that explain a part of the evidence, and what they stop at. */
  readonly partialOrders?: readonly PartialOrder[];
}

/** An order of some operations that a model allows, and those that could not come next; all as invocation indices. */
export interface PartialOrder {
  readonly order: readonly number[];
  readonly refused: readonly number[];
}

/** A figure that a checker measured, for tables and plots. */
export interface Measure {
  /** What it is, in words; the same for the same thing in every history. */
  readonly name: string;
  /** A node, a key, a fault or a bound that it is about; absent where it is about the whole history. */
  readonly of?: string;
  readonly value: number;
  readonly unit: "ratio" | "count" | "ns";
  /** The ends of a confidence interval of 95%. */
  readonly low?: number;
  readonly high?: number;
  /** How many observations it rests on. */
  readonly samples?: number;
}

/** A part of a key's history that a search could not decide within its budget. */
export interface UndecidedWindow {
  readonly keyspace: string;
  readonly key: string;
  /** Invocation indices of its first and last operation. */
  readonly from: number;
  readonly to: number;
  readonly operations: number;
}

/** What a checker says of a history. Only `valid` is a pass. */
export type Verdict =
  | {
      readonly word: "valid";
      /** Operations that the verdict rests on. */
      readonly checked: number;
      readonly measures?: readonly Measure[];
    }
  | {
      readonly word: "invalid";
      readonly anomalies: readonly [Anomaly, ...Anomaly[]];
      readonly measures?: readonly Measure[];
    }
  | {
      readonly word: "unknown";
      readonly because: string;
      /** What is left to decide; the rest of the history was judged and is fine. */
      readonly undecided?: readonly UndecidedWindow[];
      readonly measures?: readonly Measure[];
    }
  | { readonly word: "notChecked"; readonly because: string; readonly measures?: readonly Measure[] };
