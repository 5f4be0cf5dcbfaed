import { sameValue } from "../../harness/history/values.ts";
import type { AnomalyKind } from "../../harness/history/verdict.ts";
import { counted, cut, listed, sentence, shown } from "../wording.ts";
import type { StoryOperation } from "./operations.ts";
import { isUpdate, leaves } from "./operations.ts";
import type { Story } from "./story.ts";

/** What a headline is made of. */
export type HeadlineFacts = Pick<Story, "evidence" | "shows" | "dumps"> & {
  readonly counterexample: { readonly kind: AnomalyKind; readonly says: string };
};

/** "the write of 2", "the delete". */
export function nounOf(operation: StoryOperation): string {
  return operation.f === "delete" ? "the delete" : `the ${operation.f} of ${shown(leaves(operation), 16)}`;
}

/** What went wrong in one plain sentence, from the evidence alone; else in the checker's words. */
export function headlineOf(story: HeadlineFacts): string {
  const { kind, says } = story.counterexample;
  return headlines[kind]?.(story) ?? sentence(cut(says, 160));
}

type Headline = (story: HeadlineFacts) => string | null;

const headlines: Readonly<Partial<Record<AnomalyKind, Headline>>> = {
  "lost write": (story) => {
    const lost = story.evidence.findLast((op) => isUpdate(op) && op.outcome === "ok" && !isRead(story, op));
    return lost === undefined ? null : `${capitalNoun(lost)} was acknowledged, and it is gone.`;
  },
  "stale read": (story) => {
    const write = story.evidence.findLast((op) => isUpdate(op) && op.outcome === "ok" && !isRead(story, op));
    const { shows } = story;
    if (write === undefined || shows === null) return null;
    return `${capitalNoun(write)} was acknowledged, and a read after it returned ${shown(shows.result, 16)}.`;
  },
  "read inversion": (story) => {
    const [early, late] = story.evidence.filter(isAnsweredRead).slice(-2);
    if (early === undefined || late === undefined || sameValue(early.result, late.result)) return null;
    return `A read returned ${shown(early.result, 16)}, and a later read returned ${shown(late.result, 16)}.`;
  },
  "value comes back": (story) => {
    const { shows } = story;
    const over = story.evidence.findLast(
      (op) => isUpdate(op) && !sameValue(leaves(op), shows?.result ?? null),
    );
    if (over === undefined || shows === null) return null;
    return `${shown(shows.result, 16)} was overwritten by ${shown(leaves(over), 16)}, and was read again.`;
  },
  "resurrected delete": ({ shows }) =>
    shows === null || shows.result === null ? null : `${shown(shows.result, 16)} was deleted, and came back.`,
  "lost update": ({ evidence }) => {
    const won = evidence.filter(({ f, outcome }) => f === "cas" && outcome === "ok");
    const [first] = won;
    const rivals = won.filter(({ argument }) => sameValue(argument, first?.argument ?? null));
    if (first === undefined || rivals.length < 2) return null;
    return `${shown(first.argument, 16)} was replaced ${rivals.length === 2 ? "twice" : `${rivals.length} times`}, by ${listed(rivals.map((op) => shown(leaves(op), 12)).slice(0, 4))}.`;
  },
  "lost delete": ({ shows }) =>
    shows === null || shows.result === null
      ? null
      : `A delete was acknowledged, and ${shown(shows.result, 16)} is still there.`,
  "failed write visible": (story) => {
    const write = story.evidence.find((op) => isUpdate(op) && op.outcome !== "ok");
    if (write === undefined) return null;
    const isLate = /time/i.test(write.error ?? "");
    return `${capitalNoun(write)} ${isLate ? "timed out" : "was reported as failed"}, and was read all the same.`;
  },
  divergence: ({ dumps }) => {
    const parts = dumps.map(
      ({ node, values }) => `${node} holds ${listed(values.map(heldWords)) || "nothing"}`,
    );
    return parts.length < 2 || parts.length > 5 ? null : sentence(`at rest, ${listed(parts)}`);
  },
  "not linearizable": ({ evidence }) =>
    evidence.length < 2
      ? null
      : `No order explains what these ${counted(evidence.length, "operation")} were answered.`,
};

function heldWords({ value, deleted }: Story["dumps"][number]["values"][number]): string {
  return deleted ? "a tombstone" : shown(value, 12);
}

function isAnsweredRead({ f, outcome }: StoryOperation): boolean {
  return f === "read" && outcome === "ok";
}

function isRead(story: HeadlineFacts, write: StoryOperation): boolean {
  return story.evidence.some((op) => isAnsweredRead(op) && sameValue(op.result, leaves(write)));
}

function capitalNoun(operation: StoryOperation): string {
  return nounOf(operation).replace(/^t/, "T");
}
