import type { NoteEvent } from "../evidence.ts";
import { capital, listed, shown } from "../wording.ts";
import { heldAt, operationOf } from "./facts.ts";
import { nounOf } from "./headline.ts";
import type { StoryOperation } from "./operations.ts";
import type { Story } from "./story.ts";

/** What a trace tells about a cause; a headline only where it tells more than the evidence. */
export interface Told {
  readonly headline: string | null;
  readonly cause: string;
}

const moral = "without a tombstone “deleted” looks like “never heard of”";

/** A value that came back after its delete: who had kept it, and what gave it back. */
export function explainRevival(story: Story): Told | null {
  const [revival] = story.revivals;
  const removal = removalOf(story);
  if (revival === undefined || removal === undefined) return null;
  const keepers = story.nodes.filter(
    (node) => heldAt(story, node, revival.atUs)?.version === revival.version,
  );
  const kept = keepers.filter((node) => !story.revivals.some((note) => note.node === node));
  const how = capital(byWords(operationOf(story, revival.cause), removal));
  const to = [...new Set(story.revivals.map(({ node }) => node))].sort();
  return {
    headline: null,
    cause: `${erasedWords(story, revival, kept)} ${how} then gave it to ${listed(to)}: ${moral}.`,
  };
}

/** A value that never left one replica: a read that asks there finds it. */
export function explainKept(story: Story): Told | null {
  const { shows } = story;
  const removal = removalOf(story);
  if (removal === undefined || shows === null || shows.result === null) return null;
  const atUs = shows.completedUs ?? shows.invokedUs;
  const kept = story.nodes.filter((node) => heldAt(story, node, atUs)?.value === shows.result);
  const held = story.notes.find(({ what, value }) => what === "stored" && value === shows.result);
  if (kept.length === 0 || held === undefined || story.doomed !== null) return null;
  return {
    headline: null,
    cause: `${erasedWords(story, held, kept)} A read that asks there finds it again: ${moral}.`,
  };
}

function removalOf(story: Story): StoryOperation | undefined {
  return story.evidence.findLast(({ f, outcome }) => f === "delete" && outcome === "ok");
}

function erasedWords(story: Story, { value }: NoteEvent, kept: readonly string[]): string {
  const erased = [
    ...new Set(story.notes.filter(({ what }) => what === "erased").map(({ node }) => node)),
  ].sort();
  const what = shown(value, 16);
  if (erased.length === 0) return `${capital(listed(kept))} did not hear of the delete and kept ${what}.`;
  if (kept.length === 0) return `The delete had erased ${what} on ${listed(erased)}.`;
  return `The delete erased ${what} on ${listed(erased)}; ${listed(kept)} did not hear of it and kept the value.`;
}

function byWords(by: StoryOperation | null, removal: StoryOperation): string {
  if (by === null) return "anti-entropy";
  if (by.f === "read")
    return by.isFinal ? "the repair after a final read" : `the repair after ${by.client}’s read`;
  return by === removal ? "the delete itself" : `a late message of ${nounOf(by)}`;
}
