import { never } from "../../harness/history/history.ts";
import type { SmallKind, SmallOperation } from "./small-histories.test-support.ts";

/**
 * Whether some order of the operations explains all answers. Tries every order that the spans allow, and for
 * those of unknown outcome also leaving them out; remembers only that the same operations in the same state
 * led nowhere. At most 30 operations, and values below 1,024.
 */
export function hasOrder(operations: readonly SmallOperation[]): boolean {
  return new EveryOrder(operations).canFinish(0, 0);
}

class EveryOrder {
  readonly #operations: readonly SmallOperation[];
  /** For each operation, those that ended before it began, as bits. */
  readonly #before: readonly number[];
  /** Those that did take place, as bits. */
  readonly #owed: number;
  readonly #deadEnds = new Set<number>();

  constructor(operations: readonly SmallOperation[]) {
    const bitsOf = (isIn: (operation: SmallOperation) => boolean): number =>
      operations.reduce((bits, operation, at) => (isIn(operation) ? bits | (1 << at) : bits), 0);
    this.#operations = operations;
    this.#before = operations.map(({ from }) => bitsOf(({ to }) => to < from));
    this.#owed = bitsOf(({ to }) => to !== never);
  }

  canFinish(taken: number, state: number): boolean {
    if ((this.#owed & ~taken) === 0) return true;
    const configuration = taken * 1_024 + state;
    if (this.#deadEnds.has(configuration)) return false;
    const finishes = this.#operations.some((operation, at) => {
      if ((taken & (1 << at)) !== 0 || ((this.#before[at] ?? 0) & ~taken) !== 0) return false;
      const next = after(operation, state);
      return next >= 0 && this.canFinish(taken | (1 << at), next);
    });
    if (!finishes) this.#deadEnds.add(configuration);
    return finishes;
  }
}

/** What a register holds after an operation, or −1 where it could not have answered so. */
export function after({ f, a, b, outcome }: SmallKind, state: number): number {
  if (outcome === "failed") return state;
  if (f === "read") return outcome !== "ok" || a === state ? state : -1;
  if (f === "write") return a;
  if (f === "delete") return 0;
  if (outcome === "refused") return a === state ? -1 : state;
  if (a === state) return b;
  return outcome === "unknown" ? state : -1;
}

/**
 * Regularity by its definition: each read may have read from some write (delete, cas, or the nothing before all)
 * that began before the read ended, and that no other finished write entirely follows and entirely precedes
 * the read.
 */
export function isRegularSmall(operations: readonly SmallOperation[]): boolean {
  const writes = operations.flatMap((operation) => {
    const left = leftBy(operation);
    return left < 0 ? [] : [{ left, from: operation.from, to: operation.to }];
  });
  const sources = [{ left: 0, from: -2, to: -1 }, ...writes];
  return operations
    .filter(({ f, outcome }) => f === "read" && outcome === "ok")
    .every((read) =>
      sources.some(
        (source) =>
          source.left === read.a &&
          source.from < read.to &&
          !writes.some((newer) => source.to < newer.from && newer.to < read.from),
      ),
    );
}

function leftBy({ f, a, b, outcome }: SmallKind): number {
  if (f === "read" || outcome === "refused" || outcome === "failed") return -1;
  return f === "write" ? a : f === "delete" ? 0 : b;
}
