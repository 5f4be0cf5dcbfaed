/** The closed list of what can be wrong with a history. */
export const anomalyKinds = [
  "stale read",
  "read inversion",
  "value comes back",
  "lost write",
  "lost delete",
  "resurrected delete",
  "lost increment",
  "doubled increment",
  "failed write visible",
  "phantom value",
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
}

/** What a checker says of a history. Only `valid` is a pass. */
export type Verdict =
  | {
      readonly word: "valid";
      /** Operations that the verdict rests on. */
      readonly checked: number;
    }
  | { readonly word: "invalid"; readonly anomalies: readonly [Anomaly, ...Anomaly[]] }
  | { readonly word: "unknown"; readonly because: string }
  | { readonly word: "notChecked"; readonly because: string };
