import type { StoryOperation } from "../story/operations.ts";
import type { FaultBand } from "./fault-bands.ts";
import type { Precedence } from "./precedence.ts";
import type { Clash } from "./zones.ts";

/** What a picture of some operations is made of, before anybody says where on the paper. */
export interface Scene {
  /** The operations that it tells of. */
  readonly told: readonly StoryOperation[];
  /** What was under way around them, drawn pale. */
  readonly around: readonly StoryOperation[];
  /** The one whose answer shows what is wrong, if one does. */
  readonly shows: StoryOperation | null;
  /** Short names that orders are written in. */
  readonly names: ReadonlyMap<StoryOperation, string>;
  readonly forced: readonly Precedence[];
  readonly clash: Clash | null;
  readonly bands: readonly FaultBand[];
  readonly hasClock: boolean;
}

/** A lane of a picture: a process, and beside each other what it had under way at once. */
export interface Lane {
  readonly process: string;
  readonly tracks: number;
}

/** Lanes in order of appearance, those of the operations told first; and each operation's place in its lane. */
export function lanesOf({ told, around }: Scene): {
  readonly lanes: readonly Lane[];
  readonly trackOf: ReadonlyMap<StoryOperation, number>;
} {
  const ends = new Map<string, number[]>();
  for (const { client } of told) ends.set(client, []);
  const trackOf = new Map<StoryOperation, number>();
  const inOrder = [...told, ...around].sort((a, b) => a.invokeIndex - b.invokeIndex);
  for (const operation of inOrder) {
    const lane = ends.get(operation.client) ?? [];
    const free = lane.findIndex((end) => end < operation.invokeIndex);
    const track = free < 0 ? lane.length : free;
    lane[track] = operation.completeIndex;
    ends.set(operation.client, lane);
    trackOf.set(operation, track);
  }
  return { lanes: Array.from(ends, ([process, lane]) => ({ process, tracks: lane.length })), trackOf };
}
