import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";

/** What an operation of a register does and was answered, in whole numbers: values from 0 (nothing) on. */
export interface SmallKind {
  readonly f: "read" | "write" | "delete" | "cas";
  /** The value that was read, written or expected. */
  readonly a: number;
  /** The value that a cas would leave. */
  readonly b: number;
  /** Refused: a cas that met another value. Failed: it had no effect, for a reason of its own. */
  readonly outcome: "ok" | "refused" | "failed" | "unknown";
}

/** With its span: places of its ends, all different; `never` for an outcome that is unknown. */
export interface SmallOperation extends SmallKind {
  readonly from: number;
  readonly to: number;
  /** Of an unknown outcome: where its client was told so. Absent where it never heard anything. */
  readonly toldAt?: number;
}

/** Kinds of operations by short names: `r1`, `w2`, `d`, `c12`; `!` behind it for refused, `?` for unknown. */
export function kindsOf(names: string): SmallKind[] {
  return names.split(" ").map((name) => {
    const f = functionOf[name.charAt(0)];
    if (f === undefined) throw new RangeError(`${name} is no kind of operation`);
    const outcome = name.endsWith("!") ? "refused" : name.endsWith("?") ? "unknown" : "ok";
    const [a = 0, b = 0] = [...name.slice(1)].map(Number).filter((digit) => !Number.isNaN(digit));
    return { f, a, b, outcome };
  });
}

const functionOf: Readonly<Record<string, SmallKind["f"]>> = {
  r: "read",
  w: "write",
  d: "delete",
  c: "cas",
};

const outcomes = { ok: Outcome.ok, refused: Outcome.fail, failed: Outcome.fail, unknown: Outcome.info };

/** Where an operation of a key stands among the events of all keys. */
type Placing = (key: number, place: number) => number;

/** Small histories in one, each of them a key of its own, one key after the other. */
export function historyOfSmall(histories: readonly (readonly SmallOperation[])[]): History {
  const bases: number[] = [];
  let base = 0;
  for (const operations of histories) {
    bases.push(base);
    base += 1 + operations.reduce((last, operation) => Math.max(last, lastPlace(operation)), 0);
  }
  return recorded(histories, (key, place) => (bases[key] ?? 0) + place);
}

/** Small histories in one, each of them a key of its own, all at the same time. */
export function historyInterleaved(histories: readonly (readonly SmallOperation[])[]): History {
  return recorded(histories, (key, place) => place * histories.length + key);
}

function lastPlace({ from, to, toldAt = 0 }: SmallOperation): number {
  return Math.max(from, to === never ? 0 : to, toldAt);
}

function recorded(histories: readonly (readonly SmallOperation[])[], placing: Placing): History {
  const entries = histories.flatMap((operations, key) =>
    operations.map((operation) => ({ key, operation, at: placing(key, operation.from) })),
  );
  const history = emptyColumns(entries.length);
  let top = 0;
  entries
    .sort((one, other) => one.at - other.at)
    .forEach(({ key, operation }, row) => {
      fill(history, row, key, operation, placing);
      top = Math.max(top, operation.a, operation.b);
    });
  return {
    ...history,
    keys: histories.map((_, key) => ({ keyspace: "", key: `k${key}` })),
    values: Array.from({ length: top + 1 }, (_, value) => (value === 0 ? null : value)),
  };
}

type Growing = History & { readonly details: Map<number, { error: string }> };

function fill(history: Growing, row: number, key: number, operation: SmallOperation, placing: Placing): void {
  const { f, a, b, outcome, from, to, toldAt = never } = operation;
  history.f[row] = Fn[f];
  const end = outcome === "unknown" ? toldAt : to;
  const endIndex = end === never ? never : placing(key, end);
  history.outcome[row] = end === never ? Outcome.pending : outcomes[outcome];
  history.key[row] = key;
  if (f === "read") history.result[row] = outcome === "ok" ? a : 0;
  else history.argument[row] = a;
  history.argument2[row] = b;
  history.invokeIndex[row] = placing(key, from);
  history.invokedNs[row] = placing(key, from) * 1_000_000;
  history.process[row] = row;
  history.completeIndex[row] = outcome === "unknown" ? never : endIndex;
  history.endIndex[row] = endIndex;
  history.completedNs[row] = end === never ? Number.NaN : endIndex * 1_000_000;
  if (outcome === "failed") history.details.set(row, { error: "down" });
}

function emptyColumns(length: number): Growing {
  const integers = (): Int32Array => new Int32Array(length);
  return {
    header: {},
    length,
    f: new Uint8Array(length),
    outcome: new Uint8Array(length),
    key: integers(),
    argument: integers(),
    argument2: integers(),
    result: integers(),
    invokeIndex: integers(),
    completeIndex: integers(),
    endIndex: integers(),
    invokedNs: new Float64Array(length),
    completedNs: new Float64Array(length),
    process: integers(),
    session: integers().fill(-1),
    node: integers().fill(-1),
    site: integers().fill(-1),
    op: integers().fill(-1),
    keys: [],
    values: [],
    processes: Array.from({ length }, (_, process) => process),
    sessions: [],
    nodes: [],
    sites: [],
    otherFunctions: [],
    details: new Map(),
    marks: [],
  };
}

/** A small history as a person reads it: one line for each operation. */
export function writtenOut(operations: readonly SmallOperation[]): string {
  return operations
    .map(({ f, a, b, outcome, from, to }) => {
      const value = a === 0 ? "nothing" : a;
      const what = f === "cas" ? `cas ${value}→${b}` : f === "delete" ? "delete" : `${f} ${value}`;
      return `  ${what} ${outcome} [${from}, ${to === never ? "∞" : to}]`;
    })
    .join("\n");
}
