import type { History } from "../../harness/history/history.ts";

/** What the header says of a keyspace's quorums; null where it says nothing that a checker could rely on. */
export interface Replication {
  readonly n: number | null;
  readonly w: number | null;
  readonly r: number | null;
  /** Whether replicas outside the key's own may stand in, which breaks the overlap of quorums. */
  readonly isSloppy: boolean;
}

/** The quorums of a keyspace as the history's header states them. */
export function replicationOf(history: History, keyspace: string): Replication {
  const settings = history.header.keyspaces?.find(({ name }) => name === keyspace);
  if (settings === undefined) return { n: null, w: null, r: null, isSloppy: false };
  const { n, w, r, sloppy } = settings;
  return {
    n: countOrNull(n),
    w: countOrNull(w),
    r: countOrNull(r),
    isSloppy: sloppy !== undefined && sloppy !== null && sloppy !== false,
  };
}

function countOrNull(setting: unknown): number | null {
  return typeof setting === "number" ? setting : null;
}
