import { present } from "../../harness/base/invariant.ts";
import type { NoteEvent } from "../evidence.ts";
import { isReplica } from "./looks.ts";
import type { StoryOperation } from "./operations.ts";
import type { Story } from "./story.ts";

/** How far a node's clock is off at a moment, in microseconds: by the trace, else by the faults. */
export function offsetAt(story: Story, node: string, atUs: number): number {
  const known = story.processes.findLast((event) => event.node === node && event.atUs <= atUs);
  if (known !== undefined) return known.offsetUs;
  return story.faults.reduce((sum, { plan, fromUs, untilUs }) => {
    const applies = plan.kind === "skew" && plan.nodes.includes(node) && fromUs <= atUs;
    return applies && (untilUs === null || atUs < untilUs) ? sum + plan.offsetUs : sum;
  }, 0);
}

/** The largest error that a node's clock had while operations ran. */
export function worstOffset(story: Story, node: string): number {
  let worst = 0;
  for (const { invokedUs, completedUs } of story.operations) {
    for (const atUs of [invokedUs, completedUs ?? invokedUs]) {
      const us = offsetAt(story, node, atUs);
      if (Math.abs(us) > Math.abs(worst)) worst = us;
    }
  }
  return worst;
}

/** The operation that something happened because of; null for background work. */
export function operationOf(story: Story, cause: number): StoryOperation | null {
  return story.operations.find(({ id }) => id === cause) ?? null;
}

/** Where an operation's version was stamped, and which it is. */
export function mintOf(story: Story, operation: StoryOperation): NoteEvent | null {
  return story.notes.find(({ what, cause }) => what === "minted" && cause === operation.id) ?? null;
}

/**
 * Replicas whose answers a read was decided by, its coordinator's own copy included; empty when not known.
 * The first r that were heard: more may have come in while a blocking read wrote back.
 */
export function heardFrom(story: Story, read: StoryOperation): string[] {
  const answered = story.notes.find(({ what, cause }) => what === "answered" && cause === read.id);
  if (answered === undefined) return [];
  const others = story.messages.filter(
    ({ to, cause, message, arrivesUs }) =>
      to === answered.node &&
      cause === read.id &&
      message === "readAnswer" &&
      arrivesUs !== null &&
      arrivesUs <= answered.atUs,
  );
  const own = isReplica(story.scenario, story.notes, answered.node) ? [answered.node] : [];
  const inOrder = [...others].sort((a, b) => (a.arrivesUs ?? 0) - (b.arrivesUs ?? 0)).map(({ from }) => from);
  return [...new Set([...own, ...inOrder])].slice(0, answersNeeded(story, read)).sort();
}

function answersNeeded(story: Story, read: StoryOperation): number {
  const { r } = story.scenario.operations.find(({ id }) => id === read.id) ?? {};
  const { r: usual } = present(story.scenario.keyspaces[0], "the keyspace");
  return r ?? (typeof usual === "number" ? usual : story.nodes.length);
}

/** What a replica holds at a moment, by its last decision before; null where it never took one. */
export function heldAt(story: Story, node: string, atUs: number): NoteEvent["holds"] {
  const last = story.notes.findLast((note) => note.node === node && note.holds !== null && note.atUs <= atUs);
  return last?.holds ?? null;
}

/** Whether a step is one that the page's red is for: a dropped doomed write, or a revival. */
export function isBadNote(story: Story, note: NoteEvent): boolean {
  if (story.revivals.includes(note)) return true;
  return note.what === "dropped" && note.cause === story.doomed?.id && note.version !== note.holds?.version;
}
