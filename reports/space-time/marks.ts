import { backgroundCauses } from "../../harness/base/draw.ts";
import { sameValue } from "../../harness/history/values.ts";
import type { MessageEvent, NoteEvent } from "../evidence.ts";
import { isBadNote } from "../story/facts.ts";
import { bandWords, endsOf } from "../story/fault-words.ts";
import type { StoryOperation } from "../story/operations.ts";
import type { Story, StoryFault } from "../story/story.ts";
import { isEffectOf } from "../story/story.ts";
import { shown } from "../wording.ts";

/** What a picture of a run is made of, before anybody says where on the paper. Times in microseconds. */
export interface Marks {
  readonly bars: readonly BarMark[];
  readonly arrows: readonly ArrowMark[];
  readonly dots: readonly DotMark[];
  readonly chips: readonly ChipMark[];
  readonly bands: readonly BandMark[];
}

/** Names a lane: of a client, or of a node. */
export interface LaneName {
  readonly kind: "client" | "node";
  readonly name: string;
}

export interface BarMark {
  readonly operation: StoryOperation;
  readonly isBad: boolean;
}

/** A message, or a request or reply of a client. */
export interface ArrowMark {
  readonly from: LaneName;
  readonly to: LaneName;
  /** The operation whose bar it starts from or ends at. */
  readonly operation: StoryOperation | null;
  readonly sentUs: number;
  /** Null when it was lost. */
  readonly arrivesUs: number | null;
  readonly style: "request" | "answer" | "doomed" | "doomed-answer";
  /** What a write carries, said once an operation. */
  readonly label: string | null;
}

export interface DotMark {
  readonly node: string;
  readonly atUs: number;
  readonly isBad: boolean;
}

/** What a replica holds after a step; a pale one says what it answers to a read. */
export interface ChipMark {
  readonly node: string;
  readonly atUs: number;
  readonly value: string;
  readonly stamp: string;
  readonly style: "new" | "bad" | "answer";
  /** Beside the chip: "drops 2". */
  readonly says: string;
}

/** A time in which something was wrong with a node. */
export interface BandMark {
  readonly node: string;
  readonly fromUs: number;
  readonly untilUs: number | null;
  readonly label: string;
}

/** Takes a story apart into marks. */
export function marksOf(story: Story): Marks {
  const isLooked = (note: NoteEvent): boolean => isStep(note) && note.atUs <= horizonUs(story);
  const steps = story.notes.filter(isLooked);
  const looks = looksOf(story);
  return {
    bars: drawnOperations(story).map((operation) => ({
      operation,
      isBad:
        operation === story.shows || (story.shows === null && operation.isEvidence && operation.f === "read"),
    })),
    arrows: story.hasTrace ? [...callArrows(story), ...messageArrows(story)] : askArrows(story),
    dots: [
      ...steps.map((note) => ({ node: note.node, atUs: note.atUs, isBad: isBadNote(story, note) })),
      ...looks.map(({ node, atUs }) => ({ node, atUs, isBad: false })),
      ...(story.hasTrace ? [] : story.dumps.map(({ node, atUs }) => ({ node, atUs, isBad: false }))),
    ],
    chips: [
      ...steps.map((note) => chipOf(story, note)),
      ...looks,
      ...(story.hasTrace ? [] : dumpChips(story)),
    ],
    bands: story.faults.filter((fault) => !isToldByRuler(fault)).flatMap(bandsOf),
  };
}

/** What happens after the last answer is drawn only where it belongs to the anomaly. */
export function horizonUs(story: Story): number {
  const dumps = story.hasTrace ? [] : story.dumps;
  return Math.max(story.endUs, ...story.revivals.map(({ atUs }) => atUs), ...dumps.map(({ atUs }) => atUs));
}

/** A decision of a replica about its copy that changes it, or refuses to. */
function isStep({ what, version, holds }: NoteEvent): boolean {
  if (what === "minted" || what === "answered" || what === "recovered") return false;
  return what !== "dropped" || version !== holds?.version;
}

function chipOf(story: Story, note: NoteEvent): ChipMark {
  const isBad = isBadNote(story, note);
  const held = note.holds;
  const value = held === null || held.version === "" ? "–" : held.deleted ? "deleted" : shown(held.value, 10);
  const stamp = held === null || held.version === "" ? "" : `@${story.stamps.short(held.version)}`;
  const dropped = note.deleted ? "the delete" : shown(note.value, 8);
  const says = note.what === "dropped" && isBad ? `drops ${dropped}` : sayOf(note);
  return { node: note.node, atUs: note.atUs, value, stamp, style: isBad ? "bad" : "new", says };
}

function sayOf({ what }: NoteEvent): string {
  if (what === "erased") return "erased";
  return what === "repaired" ? "repaired" : "";
}

/** What the replicas that a read asked held when they were asked. */
function looksOf(story: Story): ChipMark[] {
  const drawn = story.operations.filter((operation) => operation.f === "read" && isDrawn(operation));
  return story.looks
    .filter(({ op, atUs }) => atUs <= horizonUs(story) && drawn.some(({ id }) => id === op))
    .map(({ node, atUs, held }) => {
      const isNothing = held === null || held.version === "" || held.deleted;
      const value = isNothing ? "–" : shown(held.value, 8);
      return { node, atUs, value, stamp: "", style: "answer", says: "" };
    });
}

/** Of the reads at the end, those that prove something and those that were answered otherwise. */
export function drawnOperations(story: Story): StoryOperation[] {
  const proof = story.evidence.filter(({ isFinal }) => isFinal);
  return story.operations.filter(
    (operation) =>
      !operation.isFinal ||
      operation.isEvidence ||
      !proof.some(({ result }) => sameValue(result, operation.result)),
  );
}

/** Of the reads at the end only those that prove something are drawn with their messages. */
function isDrawn({ isFinal, isEvidence }: StoryOperation): boolean {
  return !isFinal || isEvidence;
}

function callArrows(story: Story): ArrowMark[] {
  return story.calls.flatMap((call): ArrowMark[] => {
    const operation = story.operations.find(({ id }) => id === call.op);
    if (operation === undefined || !isDrawn(operation)) return [];
    const client: LaneName = { kind: "client", name: operation.client };
    const node: LaneName = { kind: "node", name: call.node };
    const isDoomed = operation === story.doomed;
    const { sentUs, arrivesUs } = call;
    const ends = { operation, sentUs, arrivesUs, label: null };
    return call.direction === "request"
      ? [{ ...ends, from: client, to: node, style: isDoomed ? "doomed" : "request" }]
      : [{ ...ends, from: node, to: client, style: isDoomed ? "doomed-answer" : "answer" }];
  });
}

/** Without a trace it is only known which node was asked, and when. */
function askArrows(story: Story): ArrowMark[] {
  return drawnOperations(story).map((operation) => ({
    from: { kind: "client", name: operation.client },
    to: { kind: "node", name: operation.node },
    operation,
    sentUs: operation.invokedUs,
    arrivesUs: operation.invokedUs,
    style: "answer",
    label: null,
  }));
}

/** What the replicas held at the end, where nothing tells of the steps before. */
function dumpChips(story: Story): ChipMark[] {
  return story.dumps.map(({ node, atUs, values }) => {
    const [first] = values;
    const value = first === undefined ? "–" : first.deleted ? "deleted" : shown(first.value, 10);
    const says = values.length > 1 ? `and ${values.length - 1} more` : "";
    return { node, atUs, value, stamp: "", style: "new", says };
  });
}

function messageArrows(story: Story): ArrowMark[] {
  const labelled = new Set<number>();
  const drawn = story.messages.filter(({ sentUs }) => sentUs <= horizonUs(story));
  return drawn.map((message) => {
    const mint = story.notes.find(({ what, cause }) => what === "minted" && cause === message.cause);
    const isWrite =
      message.message === "writeRequest" &&
      mint !== undefined &&
      !labelled.has(message.cause) &&
      !isHeldByCoordinator(story, mint);
    if (isWrite) labelled.add(message.cause);
    return {
      from: { kind: "node", name: message.from },
      to: { kind: "node", name: message.to },
      operation: null,
      sentUs: message.sentUs,
      arrivesUs: message.arrivesUs,
      style: styleOf(story, message),
      label: isWrite
        ? `${mint.deleted ? "delete" : shown(mint.value, 8)} @${story.stamps.short(mint.version)}`
        : null,
    };
  });
}

/** Then the chip beside the coordinator says the same. */
function isHeldByCoordinator(story: Story, mint: NoteEvent): boolean {
  return story.notes.some(({ node, holds }) => node === mint.node && holds?.version === mint.version);
}

function styleOf(story: Story, message: MessageEvent): ArrowMark["style"] {
  const isAnswer = /(Ack|Answer|Refused)$/.test(message.message);
  if (message.cause === story.doomed?.id) return isAnswer ? "doomed-answer" : "doomed";
  if (story.revivals.some((note) => isEffectOf(note, message) && message.carries !== null)) return "doomed";
  if (message.cause >= backgroundCauses) return "request";
  return isAnswer ? "answer" : "request";
}

/** A clock that is wrong all the time is told by its ruler. */
function isToldByRuler({ plan }: StoryFault): boolean {
  return plan.kind === "skew" && plan.untilUs === null;
}

/** Faults of nodes shade their lanes; a cut shades the side that is cut off. */
function bandsOf({ plan, fromUs, untilUs }: StoryFault): BandMark[] {
  const label = bandWords(plan);
  const band = (node: string): BandMark => ({ node, fromUs, untilUs, label });
  switch (plan.kind) {
    case "kill":
    case "power-loss":
    case "pause":
    case "skew":
      return plan.nodes.map(band);
    case "cut": {
      const { from, to, bothWays } = endsOf(plan.links);
      return (bothWays ? from : from.length <= to.length ? from : to).map(band);
    }
    default:
      return [];
  }
}
