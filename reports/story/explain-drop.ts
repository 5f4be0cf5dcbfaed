import type { NoteEvent } from "../evidence.ts";
import { capital, numeral } from "../wording.ts";
import type { Told } from "./explain-deletes.ts";
import { isBadNote, mintOf, offsetAt, operationOf } from "./facts.ts";
import { skewWords } from "./fault-words.ts";
import { nounOf } from "./headline.ts";
import type { Story } from "./story.ts";

/** A write or delete whose stamp was too old: every replica that it reached dropped it and said ok. */
export function explainDrop(story: Story): Told | null {
  const { doomed } = story;
  if (doomed === null) return null;
  const drops = story.notes.filter((note) => isBadNote(story, note));
  const kept = drops[0]?.holds ?? null;
  const mint = mintOf(story, doomed);
  if (kept === null || mint === null) return null;
  const nodes = [...new Set(drops.map(({ node }) => node))];
  const what = nounOf(doomed);
  const rival = story.notes.find((note) => note.what === "minted" && note.version === kept.version) ?? null;
  const other = otherWords(story, rival);
  const clock = clockWords(story, { what, mint, other, rival });
  const wasHeld = story.notes.some(({ what: step, cause }) => step === "stored" && cause === doomed.id);
  const replicas = nodes.length === 1 ? "the replica" : "each replica";
  const end = wasHeld
    ? `in the end every replica kept ${other}`
    : `${replicas} dropped ${clock.it} as out of date and still answered ok`;
  return {
    headline: wasHeld || nodes.length < 2 ? null : headlineOfDrop(story, what, nodes.length),
    cause: `${clock.says}, so ${end}.`,
  };
}

function headlineOfDrop(story: Story, what: string, count: number): string {
  const all = count === story.nodes.length ? "All " : "";
  const none = count === 2 ? "neither" : "none";
  return `${capital(`${all}${numeral(count)}`)} replicas acknowledged ${what}, and ${none} of them kept it.`;
}

function otherWords(story: Story, rival: NoteEvent | null): string {
  const earlier = rival === null ? null : operationOf(story, rival.cause);
  return earlier === null ? "the one before" : nounOf(earlier);
}

interface Stamped {
  readonly what: string;
  readonly mint: NoteEvent;
  readonly other: string;
  readonly rival: NoteEvent | null;
}

/** Which clock was to blame, and how the dropped write is called after that. */
function clockWords(story: Story, { what, mint, other, rival }: Stamped): { says: string; it: string } {
  const ownUs = offsetAt(story, mint.node, mint.atUs);
  const rivalUs = rival === null ? 0 : offsetAt(story, rival.node, rival.atUs);
  if (ownUs < 0 && -ownUs >= rivalUs) {
    return {
      says: `The clock of ${mint.node} was ${skewWords(ownUs)}. It stamped ${what} older than ${other}`,
      it: "it",
    };
  }
  if (rival !== null && rivalUs > 0) {
    return {
      says: `The clock of ${rival.node} was ${skewWords(rivalUs)}. It stamped ${other} newer than anything that came after`,
      it: what,
    };
  }
  return { says: `${capital(what)} carries an older stamp than ${other}`, it: "it" };
}
