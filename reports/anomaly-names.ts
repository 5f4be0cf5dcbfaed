import type { AnomalyKind } from "../harness/history/verdict.ts";

/** How an anomaly is called where there is little room, the gravest first. */
interface AnomalyName {
  readonly kind: AnomalyKind;
  /** Two letters for narrow tables. */
  readonly code: string;
  /** What it means to the one whose data it is. */
  readonly means: string;
}

/** Every kind of anomaly, from lost data down to bad order; a cell is named after its gravest. */
export const anomalyNames: readonly AnomalyName[] = [
  { kind: "lost write", code: "LW", means: "an acknowledged write is gone" },
  { kind: "lost update", code: "LU", means: "one of two acknowledged changes of the same state is gone" },
  { kind: "lost element", code: "LE", means: "an acknowledged element of a set is gone" },
  { kind: "resurrected delete", code: "RD", means: "deleted data is back" },
  { kind: "lost increment", code: "LI", means: "an acknowledged increment is not counted" },
  { kind: "doubled increment", code: "DI", means: "an increment is counted twice" },
  { kind: "lost delete", code: "LD", means: "an acknowledged delete had no effect" },
  { kind: "divergence", code: "DV", means: "replicas differ at rest" },
  { kind: "phantom value", code: "PV", means: "a value that nobody wrote" },
  { kind: "phantom element", code: "PE", means: "an element that nobody added" },
  { kind: "duplicated element", code: "DE", means: "an element is there twice" },
  { kind: "value comes back", code: "VB", means: "an overwritten value is read again" },
  { kind: "failed write visible", code: "FV", means: "a write that failed is read" },
  { kind: "read-your-writes violation", code: "RW", means: "a session misses its own write" },
  { kind: "monotonic-reads violation", code: "MR", means: "a session reads backwards in time" },
  { kind: "monotonic-writes violation", code: "MW", means: "a session's writes take effect out of order" },
  {
    kind: "writes-follow-reads violation",
    code: "WR",
    means: "a write comes before what its session had read",
  },
  { kind: "prefix violation", code: "PX", means: "the answer is read and its question is not" },
  { kind: "stale element", code: "SE", means: "an element is seen late" },
  { kind: "stale read", code: "SR", means: "a read misses a finished write" },
  { kind: "read inversion", code: "RI", means: "the new value is read, then the old one" },
  { kind: "not linearizable", code: "NL", means: "no single order explains the answers" },
  { kind: "unavailability", code: "UA", means: "an operation failed that should not have" },
  { kind: "broken assumption", code: "BA", means: "the history is not what its checker needs" },
];

/** How grave a kind is: 0 is the gravest. */
export function gravity(kind: AnomalyKind): number {
  return anomalyNames.findIndex((name) => name.kind === kind);
}

/** The two letters for a kind. */
export function anomalyCode(kind: AnomalyKind): string {
  return anomalyNames[gravity(kind)]?.code ?? "??";
}

/** The kinds that occurred, gravest first, with the runs that showed them. */
export function byGravity(
  runs: { readonly [K in AnomalyKind]?: number },
): { kind: AnomalyKind; runs: number }[] {
  return anomalyNames.map(({ kind }) => ({ kind, runs: runs[kind] ?? 0 })).filter((entry) => entry.runs > 0);
}
