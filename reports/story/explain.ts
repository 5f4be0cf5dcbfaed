import { sameValue } from "../../harness/history/values.ts";
import type { NoteEvent } from "../evidence.ts";
import { capital, listed, numeral, sentence, shown } from "../wording.ts";
import type { Told } from "./explain-deletes.ts";
import { explainKept, explainRevival } from "./explain-deletes.ts";
import { heardFrom, heldAt, isBadNote, mintOf, offsetAt, operationOf } from "./facts.ts";
import { skewWords } from "./fault-words.ts";
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
    explainHalfVisible(story);
  const fallback = argument === "" ? `The checker says: ${story.counterexample.says}` : argument;
  return { headline: told?.headline ?? headlineOf(story), cause: told?.cause ?? sentence(fallback) };
}

/** A write or delete whose stamp was too old: every replica that it reached dropped it and said ok. */
function explainDrop(story: Story): Told | null {
  const { doomed } = story;
  if (doomed === null) return null;
  const drops = story.notes.filter((note) => isBadNote(story, note));
  const nodes = [...new Set(drops.map(({ node }) => node))];
  const kept = drops[0]?.holds ?? null;
  const mint = mintOf(story, doomed);
  if (kept === null || mint === null) return null;
  const what = nounOf(doomed);
  const ownUs = offsetAt(story, mint.node, mint.atUs);
  const rival = story.notes.find((note) => note.what === "minted" && note.version === kept.version) ?? null;
  const rivalUs = rival === null ? 0 : offsetAt(story, rival.node, rival.atUs);
  const clock = clockWords(story, what, mint, ownUs, rival, rivalUs);
  const each = nodes.length === 1 ? "the replica" : "each replica";
  const wasHeld = story.notes.some(({ what: step, cause: by }) => step === "stored" && by === doomed.id);
  const end = wasHeld
    ? "every replica preferred the other one"
    : `${each} dropped it as out of date and still answered ok`;
  const cause = `${clock} ${end}.`;
  const all = nodes.length === 1 ? "The one replica" : `All ${numeral(nodes.length)} replicas`;
  const none = nodes.length === 1 ? "did not keep it" : "none of them kept it";
  const headline = wasHeld || nodes.length < 2 ? null : `${all} acknowledged ${what}, and ${none}.`;
  return { headline, cause };
}

function clockWords(
  story: Story,
  what: string,
  mint: NoteEvent,
  ownUs: number,
  rival: NoteEvent | null,
  rivalUs: number,
): string {
  const earlier = rival === null ? null : operationOf(story, rival.cause);
  const other = earlier === null ? "the one before" : nounOf(earlier);
  if (ownUs < 0 && -ownUs >= rivalUs) {
    return `The clock of ${mint.node} was ${skewWords(ownUs)}. It stamped ${what} older than ${other}, so`;
  }
  if (rival !== null && rivalUs > 0) {
    return `The clock of ${rival.node} was ${skewWords(rivalUs)}. It stamped ${other} newer than anything that came after, so`;
  }
  return `${capital(what)} carries an older stamp than ${other}, so`;
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
    cause: `While ${nounOf(write)} was under way, ${only}${listed(holders)} had it. A read that heard ${listed(met)} got ${shown(early.result, 16)}; the next one heard ${listed(missed)} and got ${shown(late.result, 16)}.`,
  };
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
