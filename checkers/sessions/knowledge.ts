import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Outcome } from "../../harness/history/history.ts";
import type { Authors } from "../register/authors.ts";
import { isAnsweredRead } from "../register/register-operations.ts";
import { sessionOf } from "./session.ts";

/** From an index on, a session knew of a write of a key, and of none that began later. */
export interface Known {
  readonly since: number;
  readonly write: number;
  /** The operation that it knew it by: the write itself, where it was its own, or a read. */
  readonly by: number;
}

/** What the sessions knew of a key: by session, in order of time, each newer than the one before. */
export type Knowledge = ReadonlyMap<number, readonly Known[]>;

/**
 * By key: what each session had read of it, or had written or deleted with an acknowledgement. With
 * `onlyAcknowledged`, a write that was read counts from its own acknowledgement on. Keys without authors are
 * passed over.
 */
export function knowledgeOf(
  history: History,
  authors: readonly (Authors | null)[],
  onlyAcknowledged: boolean,
): readonly Knowledge[] {
  const byKey = authors.map(() => new Map<number, Known[]>());
  history.key.subarray(0, history.length).forEach((key, row) => {
    const write = writeKnownBy(history, row, authors[key] ?? null);
    if (write === null) return;
    const ended = cell(history.completeIndex, row);
    const since = onlyAcknowledged ? Math.max(ended, cell(history.completeIndex, write)) : ended;
    const session = sessionOf(history, row);
    const sessions = byKey[key] ?? new Map<number, Known[]>();
    const known = sessions.get(session);
    if (known === undefined) sessions.set(session, [{ since, write, by: row }]);
    else known.push({ since, write, by: row });
  });
  for (const sessions of byKey)
    for (const [session, known] of sessions) sessions.set(session, inOrder(known));
  return byKey;
}

/** The last thing that was known before this index; null where there is none. */
export function knownBefore(known: readonly Known[], before: number): Known | null {
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((known[middle]?.since ?? 0) < before) low = middle + 1;
    else high = middle;
  }
  return known[low - 1] ?? null;
}

/** A key with authors is a register: what was acknowledged there and is no read has left something. */
function writeKnownBy(history: History, row: number, authors: Authors | null): number | null {
  if (authors === null || history.outcome[row] !== Outcome.ok) return null;
  return isAnsweredRead(history, row) ? authors.onlyAuthorOf(cell(history.result, row)) : row;
}

/** Rows are in order of invocation, so the greater row is the newer write. */
function inOrder(known: Known[]): Known[] {
  let newest = -1;
  return known
    .sort((a, b) => a.since - b.since)
    .filter(({ write }) => {
      const isNews = write > newest;
      if (isNews) newest = write;
      return isNews;
    });
}
