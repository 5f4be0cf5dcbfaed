import type { Acceptor } from "../coordinate/acceptor.ts";
import type { Keyspace } from "../options/keyspace.ts";
import { majority } from "../options/keyspace.ts";
import type { Replica } from "../storage/replica.ts";

/** What of a keyspace is streamed. */
export interface StreamedSpace {
  readonly keyspace: Keyspace;
  readonly replica: Replica;
  readonly acceptor: Acceptor | null;
}

/**
 * How many owners of a key are sure to have what was acknowledged, promised, or shown by a read that is meant
 * to be final: what a level asks for, where replicas are counted by data centre, may be less than w.
 */
export function copiesOf(keyspace: Keyspace): number {
  const { w, r, replicas, read } = keyspace;
  let copies = w;
  if (keyspace.cas === "caspaxos" || read === "repair-blocking") copies = Math.min(w, r);
  for (const count of Object.values(replicas ?? {})) copies = Math.min(copies, majority(count));
  return copies;
}

/**
 * How many peers may be missing when a node gets back what it has lost. Of c copies the others have at least
 * c − 1; of n − 1 other owners n − c + 1 meet one of those. That leaves c − 2 who need not answer. A key with
 * one owner is lost anyhow.
 */
export function dispensablePeers(keyspaces: readonly Keyspace[], peers: number): number {
  let dispensable = peers;
  for (const keyspace of keyspaces) {
    if (keyspace.n > 1) dispensable = Math.min(dispensable, Math.max(0, copiesOf(keyspace) - 2));
  }
  return dispensable;
}
