import type { NoteEvent } from "../evidence.ts";
import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import { listed, milliseconds, numeral, shown } from "../wording.ts";
import { heardFrom, isBadNote, offsetAt, operationOf } from "./facts.ts";
import { mendWords, skewWords, strikeWords } from "./fault-words.ts";
import type { StoryOperation } from "./operations.ts";
import type { StepDraft } from "./step-drafts.ts";
import { draftSteps } from "./step-drafts.ts";
import type { Story } from "./story.ts";

/** One line of the step-by-step table. */
export interface StoryStep {
  readonly fromUs: number;
  readonly toUs: number;
  readonly says: Part;
  /** What each node of the story holds after the step. */
  readonly holds: readonly StepHold[];
  /** The operation that begins with the step. */
  readonly asks: StoryOperation | null;
  /** The step that decides about the anomaly. */
  readonly decides: boolean;
}

export interface StepHold {
  readonly value: string;
  readonly stamp: string;
  /** Changed by this step, or confirmed by the step that decides. */
  readonly isNew: boolean;
}

/** The story as a table: the text alternative of the picture. */
export function storySteps(story: Story): StoryStep[] {
  const drafts = draftSteps(story);
  const deciding = decidingDraft(story, drafts);
  const holdings = new Holdings(story);
  return drafts.map((draft) => ({
    fromUs: draft.fromUs,
    toUs: draft.toUs,
    says: wordsOf(story, draft),
    holds: holdings.after(draft),
    asks: draft.kind === "asked" || (draft.kind === "told" && draft.asked) ? draft.operation : null,
    decides: draft === deciding,
  }));
}

const nothing: StepHold = { value: "–", stamp: "", isNew: false };

/** Follows what the replicas hold, also through the steps that are not worth a line. */
class Holdings {
  readonly #story: Story;
  readonly #holds = new Map<string, StepHold>();
  #noted = 0;

  constructor(story: Story) {
    this.#story = story;
  }

  after(draft: StepDraft): StepHold[] {
    const { notes, nodes } = this.#story;
    const touched = new Set<string>();
    for (; (notes[this.#noted]?.atUs ?? Number.POSITIVE_INFINITY) <= draft.toUs; this.#noted += 1) {
      const note = notes[this.#noted];
      if (note === undefined || note.holds === null) continue;
      if (draft.notes.includes(note)) touched.add(note.node);
      this.#holds.set(note.node, holdOf(this.#story, note.holds));
    }
    return nodes.map((node) => ({ ...(this.#holds.get(node) ?? nothing), isNew: touched.has(node) }));
  }
}

function holdOf(story: Story, held: NonNullable<NoteEvent["holds"]>): StepHold {
  const stamp = held.version === "" ? "" : `@${story.stamps.short(held.version)}`;
  if (held.deleted) return { value: "deleted", stamp, isNew: true };
  return { value: held.value === null ? "–" : shown(held.value, 12), stamp, isNew: true };
}

/** A drop or a revival decides; failing both, the answer that shows the anomaly; failing that, the end. */
function decidingDraft(story: Story, drafts: readonly StepDraft[]): StepDraft | null {
  const bad = drafts.find(({ notes }) => notes.some((note) => isBadNote(story, note)));
  if (bad !== undefined) return bad;
  const { shows } = story;
  const answer = drafts.findLast(
    (draft) =>
      (draft.kind === "told" && draft.operation === shows) ||
      (draft.kind === "final" && draft.reads.some((read) => read === shows)),
  );
  return answer ?? drafts.at(-1) ?? null;
}

function wordsOf(story: Story, draft: StepDraft): Part {
  switch (draft.kind) {
    case "asked":
      return html`${draft.operation.client} asks ${draft.operation.node} to ${draft.operation.call}${draft.minted === null ? null : ["; ", stampWords(story, draft.minted, "it")]}`;
    case "minted":
      return stampWords(story, draft.minted, `${draft.operation.client}’s ${draft.operation.call}`);
    case "told":
      return answerWords(story, draft.operation, draft.asked);
    case "final": {
      const [read] = draft.reads;
      return html`at rest, ${listed(draft.reads.map(({ node }) => node))} ${draft.reads.length === 1 ? "answers" : "answer"} ${read === undefined ? null : answerOf(read)}`;
    }
    case "replicas":
      return replicaWords(
        story,
        draft.first,
        draft.notes.map(({ node }) => node),
      );
    case "struck":
      return strikeWords(draft.fault.plan, story.operations);
    case "mended":
      return mendWords(draft.fault.plan);
  }
}

/** A clock that is further off than this is worth a word: more than an honest clock drifts between syncs. */
const notableSkewUs = 10_000;

function stampWords(story: Story, minted: NoteEvent, what: string): Part {
  const stamp = story.stamps.short(minted.version);
  if (story.stamps.unit === "counter") return `${minted.node} gives ${what} the version ${stamp}`;
  const us = offsetAt(story, minted.node, minted.atUs);
  if (Math.abs(us) < notableSkewUs)
    return `${minted.node} stamps ${what}${what === "it" ? "" : " with"} ${stamp}`;
  return `${minted.node}’s clock is ${skewWords(us)}, so it stamps ${what === "it" ? "" : `${what} with `}${stamp}`;
}

function answerWords(story: Story, operation: StoryOperation, asked: boolean): Part {
  const { client, node, f, outcome } = operation;
  const says = answerOf(operation);
  if (f !== "read") {
    if (outcome === "ok") return html`${client} is told ${says}`;
    return html`${client}’s ${operation.call} ${says}`;
  }
  if (outcome !== "ok") return html`${client}’s read ${says}`;
  const heard = heardFrom(story, operation);
  const from =
    heard.length === 0
      ? ""
      : `: ${node} heard ${listed(heard.map((each) => (each === node ? "itself" : each)))}`;
  return asked
    ? html`${client} reads through ${node} and gets ${says}${from}`
    : html`${client} gets ${says}${from}`;
}

function answerOf({ f, outcome, result, error }: StoryOperation): Markup {
  if (outcome === "ok") return html`<b>${f === "read" ? shown(result) : "ok"}</b>`;
  const why = error === null ? "" : ` (${error.slice(0, 60)})`;
  return outcome === "fail" ? html`<b>fails</b>${why}` : html`ends <b>unknown</b>${why}`;
}

function replicaWords(story: Story, first: NoteEvent, nodes: readonly string[]): Part {
  const who = whoWords(story, nodes);
  const one = nodes.length === 1;
  const value = first.deleted ? "the delete" : shown(first.value, 12);
  switch (first.what) {
    case "dropped":
      return dropWords(story, first, nodes, value);
    case "erased":
      return `${who} ${one ? "erases" : "erase"} the key`;
    case "repaired":
      return `${repairWords(story, first)} gives ${value} to ${listed(nodes)}`;
    default: {
      const verb = first.deleted ? "mark" : "store";
      return `${who} ${one ? `${verb}s` : verb} ${first.deleted ? "the key as deleted" : value}`;
    }
  }
}

function dropWords(story: Story, first: NoteEvent, nodes: readonly string[], value: string): Part {
  const { holds } = first;
  const isEach = nodes.length > 1 && nodes.length === story.nodes.length;
  const who = isEach ? "each replica" : listed(nodes);
  const verb = (one: string, many: string): string => (isEach || nodes.length === 1 ? one : many);
  const wasTold = operationOf(story, first.cause)?.outcome === "ok";
  const answers = wasTold ? html` and ${verb("answers", "answer")} <b>ok</b>` : null;
  if (holds === null || holds.version === "") {
    return html`${who} ${verb("has", "have")} nothing to erase${answers}`;
  }
  const older = `${story.stamps.short(first.version)} is older than ${story.stamps.short(holds.version)}`;
  const kept = holds.deleted ? "the delete" : shown(holds.value, 12);
  return html`${older}: ${who} ${verb("keeps", "keep")} ${kept}, ${verb("drops", "drop")} ${value}${answers}`;
}

function repairWords(story: Story, note: NoteEvent): string {
  const operation = operationOf(story, note.cause);
  if (operation === null) return "anti-entropy";
  return operation.f === "read"
    ? `the repair after ${operation.isFinal ? "a final" : `${operation.client}’s`} read`
    : `${operation.client}’s ${operation.call}`;
}

function whoWords(story: Story, nodes: readonly string[]): string {
  if (nodes.length >= 3 && nodes.length === story.nodes.length)
    return `the ${numeral(nodes.length)} replicas`;
  return listed(nodes);
}

/** The table itself. */
export function stepsTable(story: Story, steps: readonly StoryStep[]): Markup {
  const columns = story.hasTrace ? story.nodes : [];
  return html`<table class="steps" id="steps"><thead><tr><th scope="col" class="ms">ms</th><th scope="col">step</th>${columns.map(
    (node) => html`<th scope="col" class="holds">${node}</th>`,
  )}</tr></thead><tbody>${steps.map((step, index) => stepRow(story, step, index, columns.length))}</tbody></table>`;
}

function stepRow(story: Story, step: StoryStep, index: number, columns: number): Markup {
  const from = milliseconds(step.fromUs - story.originUs);
  const to = milliseconds(step.toUs - story.originUs);
  return html`<tr${step.decides ? html` class="decides"` : null} data-row="${index}"><td class="ms">${from === to ? from : `${from}–${to}`}</td><td>${step.says}</td>${step.holds.slice(0, columns).map(holdCell)}</tr>
`;
}

function holdCell({ value, stamp, isNew }: StepHold): Markup {
  const small = stamp === "" ? null : html`<small>${stamp}</small>`;
  return isNew
    ? html`<td class="holds"><b>${value}</b>${small}</td>`
    : html`<td class="holds same"><span>${value}</span>${small}</td>`;
}
