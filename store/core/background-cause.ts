import { hashText, mixHash } from "./hash.ts";
import type { NodeContext } from "./node-context.ts";

/** Causes from here on are background work; those below are clients' operations. */
const backgroundCauses = 0x2000_0000;
const causeMask = 0x1fff_ffff;

/** Tasks that a node does on its own account. */
export const BackgroundTask = {
  recovery: "recovery",
  antiEntropy: "anti-entropy",
  collectTombstones: "collect-tombstones",
  purgeTombstones: "purge-tombstones",
  sync: "sync",
  heartbeat: "heartbeat",
  handoff: "handoff",
  compaction: "compaction",
  membership: "membership",
  stream: "stream",
  resync: "resync",
  strangers: "strangers",
} as const;
export type BackgroundTaskName = (typeof BackgroundTask)[keyof typeof BackgroundTask];

/** Names the causes of one task in one life of a node; `causeOf` adds the period. */
export function taskSeed(context: NodeContext, task: BackgroundTaskName, keyspace: string): number {
  return hashText(JSON.stringify([context.id, context.runtime.incarnation, task, keyspace]));
}

/** The cause of one period of a task. */
export function causeOf(seed: number, period: number): number {
  return (mixHash(seed, period) & causeMask) | backgroundCauses;
}
