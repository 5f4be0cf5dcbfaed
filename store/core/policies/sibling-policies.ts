import type { Keyspace } from "../options/keyspace.ts";
import type { Entry, Version, VersionVector } from "../versions/version.ts";
import { counterOf, hasEvent } from "../versions/version-vector.ts";

/** What must be right about siblings and CRDTs. */
export interface SiblingPolicies {
  /** Whether a coordinator sends a dot that it has made before its own disk has it. */
  sendsUnsyncedDots(): boolean;
  /**
   * The name of a new event of a key: above every dot of its actor that the coordinator knows of, and never
   * that of another event. `sequence` counts what this life of the node has made, over all keys.
   */
  dot(keyspace: Keyspace, known: VersionVector, node: string, incarnation: string, sequence: number): Version;
  /** Whether a remove takes an entry of its item away. */
  isObserved(context: VersionVector, entry: Entry): boolean;
  /** Whether a delete or remove also takes away what its context covers and its coordinator was not yet sent. */
  remembersRemoved(): boolean;
  /** Microseconds after which an update that lacks acknowledgements is made once more; null for never. */
  repeatsUpdateAfterUs(timeoutUs: number): number | null;
}

/** As it should be. */
export const standardSiblingPolicies: SiblingPolicies = {
  sendsUnsyncedDots: () => false,
  dot: ({ actor }, known, node, incarnation, sequence) =>
    actor === "node" ? dotOf(node, "", counterOf(known, node, "") + 1) : dotOf(node, incarnation, sequence),
  isObserved: (context, { version }) => hasEvent(context, version),
  remembersRemoved: () => true,
  repeatsUpdateAfterUs: () => null,
};

/** The version of an event whose actor counts so far. */
export function dotOf(node: string, incarnation: string, counter: number): Version {
  return { time: counter, node, incarnation, sequence: counter };
}
