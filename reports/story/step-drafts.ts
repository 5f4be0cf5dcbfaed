import { sameValue } from "../../harness/history/values.ts";
import type { NoteEvent } from "../evidence.ts";
import type { StoryOperation } from "./operations.ts";
import type { Story, StoryFault } from "./story.ts";

/** One line of the step-by-step table before it is put into words. */
export type StepDraft = { fromUs: number; toUs: number; readonly notes: NoteEvent[] } & (
  | { readonly kind: "asked"; readonly operation: StoryOperation; minted: NoteEvent | null }
  | { readonly kind: "minted"; readonly operation: StoryOperation; readonly minted: NoteEvent }
  | { readonly kind: "replicas"; readonly first: NoteEvent }
  | { readonly kind: "told"; readonly operation: StoryOperation; readonly asked: boolean }
  | { readonly kind: "final"; readonly reads: StoryOperation[] }
  | { readonly kind: "struck" | "mended"; readonly fault: StoryFault }
);

type Event = { readonly atUs: number; readonly rank: number } & (
  | { readonly kind: "asked" | "told"; readonly operation: StoryOperation }
  | { readonly kind: "note"; readonly note: NoteEvent }
  | { readonly kind: "struck" | "mended"; readonly fault: StoryFault }
);

/** Cuts a story into steps: what belongs together and follows directly on one another is one step. */
export function draftSteps(story: Story): StepDraft[] {
  const drafts: StepDraft[] = [];
  for (const event of eventsOf(story)) {
    switch (event.kind) {
      case "asked":
        drafts.push({ kind: "asked", operation: event.operation, minted: null, ...at(event.atUs) });
        break;
      case "told":
        addAnswer(drafts, event.operation, event.atUs);
        break;
      case "note":
        addNote(drafts, story, event.note);
        break;
      case "struck":
      case "mended":
        drafts.push({ kind: event.kind, fault: event.fault, ...at(event.atUs) });
        break;
    }
  }
  return drafts;
}

function at(us: number): { fromUs: number; toUs: number; notes: NoteEvent[] } {
  return { fromUs: us, toUs: us, notes: [] };
}

/** Everything in order of time; at one moment faults come first, then answers, steps and new questions. */
function eventsOf(story: Story): Event[] {
  const asked = story.operations.filter(({ isFinal }) => !isFinal);
  const told = story.operations.filter(({ completedUs }) => completedUs !== null);
  const notes = story.notes.filter((note) => note.atUs <= story.endUs || story.revivals.includes(note));
  const events: Event[] = [
    ...asked.map((operation) => ({ atUs: operation.invokedUs, rank: 3, kind: "asked" as const, operation })),
    ...told.map((operation) => ({
      atUs: operation.completedUs ?? 0,
      rank: 1,
      kind: "told" as const,
      operation,
    })),
    ...notes.map((note) => ({ atUs: note.atUs, rank: 2, kind: "note" as const, note })),
    ...story.faults.flatMap((fault) => faultEvents(fault, lastPlannedUs(story))),
  ];
  return events.sort((a, b) => a.atUs - b.atUs || a.rank - b.rank);
}

function faultEvents(fault: StoryFault, lastUs: number): Event[] {
  // What is held shows in the step that it delays.
  if (fault.plan.kind === "hold") return [];
  const struck = { atUs: fault.fromUs, rank: 0, kind: "struck" as const, fault };
  // Without an end of its own a fault is mended by the clean-up, which is no part of the story.
  if (fault.plan.untilUs === null || fault.untilUs === null || fault.untilUs >= lastUs) return [struck];
  return [struck, { atUs: fault.untilUs, rank: 0, kind: "mended" as const, fault }];
}

/** A mend after the last planned answer belongs to the clean-up, not to the story, unless more follows. */
function lastPlannedUs(story: Story): number {
  const late = story.operations.some(({ isFinal }) => isFinal) || story.revivals.length > 0;
  return late ? story.endUs : Math.max(0, ...story.operations.map((op) => op.completedUs ?? op.invokedUs));
}

function addAnswer(drafts: StepDraft[], operation: StoryOperation, atUs: number): void {
  const last = drafts.at(-1);
  if (operation.isFinal) {
    if (last?.kind === "final" && last.reads.every(({ result }) => sameValue(result, operation.result))) {
      last.reads.push(operation);
      last.toUs = atUs;
    } else drafts.push({ kind: "final", reads: [operation], ...at(atUs) });
    return;
  }
  const isOnly = last?.kind === "asked" && last.operation === operation && operation.f === "read";
  if (isOnly) drafts.pop();
  drafts.push({ kind: "told", operation, asked: isOnly, ...at(atUs), fromUs: isOnly ? last.fromUs : atUs });
}

function addNote(drafts: StepDraft[], story: Story, note: NoteEvent): void {
  const last = drafts.at(-1);
  if (note.what === "minted") {
    const operation = story.operations.find(({ id }) => id === note.cause);
    if (operation === undefined) return;
    if (last?.kind === "asked" && last.operation === operation) last.minted = note;
    else drafts.push({ kind: "minted", operation, minted: note, ...at(note.atUs) });
    return;
  }
  if (isSilent(note)) return;
  if (last?.kind === "replicas" && isSameStep(last.first, note)) {
    last.notes.push(note);
    last.toUs = note.atUs;
    return;
  }
  drafts.push({ kind: "replicas", first: note, ...at(note.atUs), notes: [note] });
}

/** Answers are told by their reads; a version that a replica has already is no step. */
function isSilent({ what, version, holds }: NoteEvent): boolean {
  return what === "answered" || what === "recovered" || (what === "dropped" && version === holds?.version);
}

function isSameStep(first: NoteEvent, note: NoteEvent): boolean {
  return (
    first.what === note.what &&
    first.cause === note.cause &&
    first.version === note.version &&
    first.holds?.version === note.holds?.version
  );
}
