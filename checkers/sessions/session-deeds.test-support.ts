import type { Verdict } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";

/** Operations of a session that take one tick unless more is said. */
export const write = (session: string, value: number, from: number, more: Partial<Deed> = {}): Deed => ({
  f: "write",
  value,
  from,
  to: from + 1,
  session,
  ...more,
});
/** A read of what `value` says. */
export const read = (
  session: string,
  value: number | null,
  from: number,
  more: Partial<Deed> = {},
): Deed => ({
  f: "read",
  value,
  from,
  to: from + 1,
  session,
  ...more,
});
/** A delete. */
export const gone = (session: string, from: number, more: Partial<Deed> = {}): Deed => ({
  f: "delete",
  from,
  to: from + 1,
  session,
  ...more,
});
/** A verdict of one anomaly at x. */
export const breach = (kind: string, says: string, evidence: readonly number[]): object => ({
  word: "invalid",
  anomalies: [{ kind, says, evidence, keyspace: "", key: "x" }],
});
/** The evidence of each anomaly. */
export const found = (verdict: Verdict): readonly (readonly number[])[] =>
  verdict.word === "invalid" ? verdict.anomalies.map(({ evidence }) => evidence) : [];
