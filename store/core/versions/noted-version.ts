/** A version with its value, as pictures show it. */
export interface NotedVersion {
  /** Null for a tombstone or for nothing. */
  readonly value: string | null;
  /** For example `@1012 n1#3f2a.7`; empty where there is none. */
  readonly version: string;
  readonly deleted: boolean;
}
