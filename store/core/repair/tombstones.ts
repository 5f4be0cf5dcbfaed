import type { Keyspace } from "../options/keyspace.ts";
import type { State } from "../versions/version.ts";

/**
 * A delete is a version like any other: an entry without a value, or a context without entries. What
 * differs is what a replica keeps of it. With a tombstone, an older write that comes later is dropped as
 * older. Without one there is nothing to compare it with, and it is stored again: deleted data comes back.
 */

/** True when all that is known of the key is that it was deleted. */
export function isTombstone(state: State): boolean {
  if (state.entries.length === 0) return state.context.length > 0;
  for (const entry of state.entries) if (!entry.deleted) return false;
  return true;
}

/** Whether a replica keeps the tombstone, for a while at least, or removes the key. */
export function leavesTombstone(keyspace: Keyspace): boolean {
  return keyspace.deletes.kind !== "physical";
}
