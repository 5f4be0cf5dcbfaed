import type { Keyspace } from "../options/keyspace.ts";
import type { Policies } from "../policies.ts";
import type { Runtime } from "../runtime.ts";
import type { State } from "../versions/version.ts";
import { headOf } from "../versions/version.ts";
import { isTombstone } from "./tombstones.ts";

/**
 * Whether a state is so old that it may have been deleted, and its tombstone collected, long ago. A replica
 * that holds nothing of the key refuses it. One that holds something older takes it: it would hold the
 * tombstone if there had been one, and a replica that was away for long must still hear of deletes.
 */
export function isTooOld(state: State, keyspace: Keyspace, policies: Policies, runtime: Runtime): boolean {
  const limitMs = policies.refusesOlderThanMs(keyspace);
  const head = limitMs === null ? null : headOf(state);
  if (limitMs === null || head === null) return false;
  return head.version.time < runtime.wallClockUs() - limitMs * 1_000;
}

/** Whether a state is a tombstone that has outlived its grace. */
export function isExpired(state: State, keyspace: Keyspace, policies: Policies, runtime: Runtime): boolean {
  const head = keyspace.deletes.kind === "grace" && isTombstone(state) ? headOf(state) : null;
  return head !== null && head.version.time < runtime.wallClockUs() - policies.graceMs(keyspace) * 1_000;
}
