import { sameValue } from "../../harness/history/values.ts";
import { capital, listed, sentence, shown } from "../wording.ts";
import type { Told } from "./explain-deletes.ts";
import { explainKept, explainRevival } from "./explain-deletes.ts";
import { explainDrop } from "./explain-drop.ts";
import { heardFrom, heldAt, mintOf } from "./facts.ts";
import { headlineOf, nounOf } from "./headline.ts";
import type { StoryOperation } from "./operations.ts";
import { leaves } from "./operations.ts";
import type { Story } from "./story.ts";

/** What went wrong in one sentence, and its cause in two. */
export interface Explanation {
  readonly headline: string;
  readonly cause: string;
}

/** Explains a story: by its trace where that tells enough, else by the checker's words and the row's argument. */
export function explain(story: Story, argument: string): Explanation {
  const told =
    explainDrop(story) ??
    explainRevival(story) ??
    explainKept(story) ??
    explainFailed(story) ??
    explainStale(story) ??
    explainHalfVisible(story) ??
    explainOvertaken(story);
  const fallback = argument === "" ? `The checker says: ${story.counterexample.says}` : argument;
  return { headline: told?.headline ?? headlineOf(story), cause: told?.cause ?? sentence(fallback) };
}

/** Two reads that met a write half-way: one asked a replica that had it, the later one did not. */
function explainHalfVisible(story: Story): Told | null {
  const reads = story.evidence.filter(({ f, outcome }) => f === "read" && outcome === "ok");
  const [early, late] = reads.slice(-2);
  if (late === undefined || early === undefined || sameValue(early.result, late.result)) return null;
  const write = writeOf(story, early);
  const [met, missed] = [heardFrom(story, early), heardFrom(story, late)];
  if (write === null || met.length === 0 || missed.length === 0) return null;
  const holders = holdersOf(story, write, early.completedUs ?? early.invokedUs);
  if (holders.length === 0 || missed.some((node) => holders.includes(node))) return null;
  const only = holders.length === 1 ? "only " : "";
  return {
    headline: null,
    cause: `${whenWords(write, early)} ${only}${listed(holders)} had it. A read that heard ${listed(met)} got ${shown(early.result, 16)}; the next one heard ${listed(missed)} and got ${shown(late.result, 16)}.`,
  };
}

function whenWords(write: StoryOperation, read: StoryOperation): string {
  if (write.completeIndex > read.completeIndex) return `While ${nounOf(write)} was under way,`;
  return `${capital(nounOf(write))} had ended when the first read was answered, and still`;
}

/** Two writes that overlapped: the newer stamp reached a replica only after a read had met the older one. */
function explainOvertaken(story: Story): Told | null {
  const reads = story.evidence.filter(({ f, outcome }) => f === "read" && outcome === "ok");
  const [early, late] = reads.slice(-2);
  if (early === undefined || late === undefined || story.stamps.unit !== "seconds") return null;
  const [first, second] = [writeOf(story, early), writeOf(story, late)];
  const heard = heardFrom(story, early);
  if (first === null || second === null || heard.length === 0) return null;
  const [older, newer] = [stampOf(story, first), stampOf(story, second)];
  if (older === null || newer === null || older >= newer || !overlap(first, second)) return null;
  const asked = listed(heard);
  return {
    headline: null,
    cause: `${capital(nounOf(first))} and ${nounOf(second)} overlapped, and ${shown(late.result, 16)} carries the newer stamp. It had not reached ${asked} when the first read asked there; by the later read it had replaced ${shown(early.result, 16)}.`,
  };
}

function overlap(a: StoryOperation, b: StoryOperation): boolean {
  return a.invokeIndex < b.completeIndex && b.invokeIndex < a.completeIndex;
}

function stampOf(story: Story, write: StoryOperation): number | null {
  const mint = mintOf(story, write);
  return mint === null ? null : story.stamps.time(mint.version);
}

/** A read that heard from none of the replicas that had acknowledged the write. */
function explainStale(story: Story): Told | null {
  if (story.counterexample.kind !== "stale read") return null;
  const { shows } = story;
  const write = story.evidence.findLast(({ f, outcome }) => f !== "read" && outcome === "ok");
  if (shows === null || write === undefined) return null;
  const heard = heardFrom(story, shows);
  const holders = holdersOf(story, write, write.completedUs ?? write.invokedUs);
  if (heard.length === 0 || holders.length === 0 || heard.some((node) => holders.includes(node))) return null;
  return {
    headline: null,
    cause: `${capital(nounOf(write))} was acknowledged when ${listed(holders)} had it. The read heard ${heard.length === 1 ? "only " : ""}${listed(heard)}, ${whoNot(heard.length)} heard of it.`,
  };
}

function whoNot(count: number): string {
  if (count === 1) return "which had not";
  return count === 2 ? "neither of which had" : "none of which had";
}

function writeOf(story: Story, read: StoryOperation): StoryOperation | null {
  return story.operations.find((op) => op.f !== "read" && sameValue(leaves(op), read.result)) ?? null;
}

/** Replicas that held an operation's version at a moment. */
function holdersOf(story: Story, write: StoryOperation, atUs: number): string[] {
  const version = mintOf(story, write)?.version ?? null;
  return story.nodes.filter((node) => version !== null && heldAt(story, node, atUs)?.version === version);
}

/** A write that was reported as failed and sits on some replicas all the same. */
function explainFailed(story: Story): Told | null {
  if (story.counterexample.kind !== "failed write visible") return null;
  const write = story.evidence.find(({ f, outcome }) => f !== "read" && outcome !== "ok");
  const { shows } = story;
  if (write === undefined || shows === null) return null;
  const holders = holdersOf(story, write, shows.completedUs ?? shows.invokedUs);
  if (holders.length === 0) return null;
  return {
    headline: null,
    cause: `${capital(nounOf(write))} was never confirmed: ${write.client} heard of no quorum. When the read was answered, ${listed(holders)} had stored it all the same, and nobody takes it back.`,
  };
}
