import type { State } from "../versions/version.ts";

/** Writes that other nodes have missed, kept for them. */
export interface Hints {
  /** What is kept for a node of a key; nothing where there is no hint. */
  read(home: string, keyspace: string, key: string): State;
}
