import { backgroundCauses } from "../../harness/base/draw.ts";
import type { Counterexample } from "../../harness/contracts/results.ts";
import type { FaultPlan, Scenario } from "../../harness/contracts/scenario.ts";
import { sameValue } from "../../harness/history/values.ts";
import type { AnomalyKind } from "../../harness/history/verdict.ts";
import type { ClientEvent, Evidence, MessageEvent, NoteEvent, ProcessEvent } from "../evidence.ts";
import type { StoryLook } from "./looks.ts";
import { looksOf } from "./looks.ts";
import type { StoryOperation } from "./operations.ts";
import { leaves, storyOperations } from "./operations.ts";
import type { Stamps } from "./stamps.ts";
import { stampsOf } from "./stamps.ts";

/** A shrunk run with everything that its page tells: what was asked, what happened, what went wrong. */
export interface Story {
  readonly counterexample: Counterexample;
  readonly scenario: Scenario;
  readonly operations: readonly StoryOperation[];
  /** Operations that prove the anomaly, in order of invocation. */
  readonly evidence: readonly StoryOperation[];
  /** The operation whose answer shows the anomaly, where one does. */
  readonly shows: StoryOperation | null;
  /** The acknowledged write or delete that replicas dropped. */
  readonly doomed: StoryOperation | null;
  /** The steps that brought back what was deleted. */
  readonly revivals: readonly NoteEvent[];
  /** Nodes that play a part, in the scenario's order. */
  readonly nodes: readonly string[];
  readonly notes: readonly NoteEvent[];
  readonly messages: readonly MessageEvent[];
  readonly calls: readonly ClientEvent[];
  readonly processes: readonly ProcessEvent[];
  readonly faults: readonly StoryFault[];
  readonly dumps: readonly StoryDump[];
  readonly looks: readonly StoryLook[];
  readonly stamps: Stamps;
  /** Where the page's time begins, in microseconds of the run. */
  readonly originUs: number;
  readonly endUs: number;
  readonly hasTrace: boolean;
}

/** A fault as it struck: its plan, and when it really began and was mended. */
export interface StoryFault {
  readonly plan: FaultPlan;
  readonly fromUs: number;
  readonly untilUs: number | null;
}

/** What one replica holds of the page's key at the end. */
export interface StoryDump {
  readonly node: string;
  readonly atUs: number;
  readonly values: readonly {
    readonly value: NoteEvent["value"];
    readonly version: string;
    readonly deleted: boolean;
  }[];
}

/** Operations that a picture can hold; of longer runs only the evidence is drawn. */
const mostOperations = 16;

/** The same without a trace: nothing but bars is drawn, at the pace of real processes, and each must be legible. */
const mostWithoutTrace = 4;

/** Puts a counterexample's folder together as one story about one key. */
export function tellStory(counterexample: Counterexample, evidence: Evidence): Story {
  const { scenario, history, trace } = evidence;
  const all = storyOperations(scenario, history, counterexample.evidence);
  const proof = all.filter(({ isEvidence }) => isEvidence);
  const subject = proof[0] ?? all[0] ?? { keyspace: "", key: "" };
  const operations = chosen(all, proof, trace.length > 0 ? mostOperations : mostWithoutTrace);
  const notes = trace.filter(
    (event): event is NoteEvent =>
      event.kind === "note" && event.keyspace === subject.keyspace && event.key === subject.key,
  );
  const doomed = doomedOf(counterexample.kind, proof, notes);
  const revivals = revivalsOf(proof, notes);
  const messages = messagesOf(evidence, operations, notes);
  const faults = faultsOf(evidence);
  return {
    counterexample,
    scenario,
    operations,
    evidence: proof,
    shows: proof.findLast(({ f, outcome }) => f === "read" && outcome === "ok") ?? null,
    doomed,
    revivals,
    nodes: nodesOf(evidence, operations, notes, messages),
    notes,
    messages,
    calls: trace.filter(
      (event): event is ClientEvent =>
        event.kind === "client" && operations.some(({ id }) => id === event.op),
    ),
    processes: trace.filter((event): event is ProcessEvent => event.kind === "process"),
    faults,
    dumps: dumpsOf(evidence, subject),
    looks: looksOf(evidence, notes),
    stamps: stampsOf(scenario, notes),
    originUs: originOf(evidence, operations),
    endUs: Math.max(0, ...operations.map(({ invokedUs, completedUs }) => completedUs ?? invokedUs)),
    hasTrace: trace.length > 0,
  };
}

/** The reads at the end belong to the story where one of them proves something, or nothing else does. */
function chosen(
  all: readonly StoryOperation[],
  proof: readonly StoryOperation[],
  most: number,
): readonly StoryOperation[] {
  const needsEnd = proof.length === 0 || proof.some(({ isFinal }) => isFinal);
  const key = proof[0]?.key ?? null;
  const wanted = all.filter(
    (operation) => !operation.isFinal || (needsEnd && (key ?? operation.key) === operation.key),
  );
  return wanted.length <= most || proof.length === 0 ? wanted : proof;
}

/** Concurrent writes are dropped by right; a doomed one is held nowhere, or is what the anomaly is about. */
function doomedOf(
  kind: AnomalyKind,
  proof: readonly StoryOperation[],
  notes: readonly NoteEvent[],
): StoryOperation | null {
  const isAbout = kind === "lost write" || kind === "lost delete";
  const has = (id: number, what: NoteEvent["what"]): boolean =>
    notes.some((note) => note.what === what && note.cause === id && note.version !== dropVersion(note));
  const isDoomed = ({ id }: StoryOperation): boolean =>
    has(id, "dropped") && (isAbout || !notes.some(({ what, cause }) => what === "stored" && cause === id));
  return proof.findLast((op) => op.f !== "read" && op.outcome === "ok" && isDoomed(op)) ?? null;
}

/** What a replica that drops something keeps instead. */
function dropVersion({ what, holds }: NoteEvent): string | null {
  return what === "dropped" ? (holds?.version ?? null) : null;
}

/** Steps after an acknowledged delete that store a value whose write had ended before the delete began. */
function revivalsOf(proof: readonly StoryOperation[], notes: readonly NoteEvent[]): NoteEvent[] {
  const removal = proof.findLast(({ f, outcome }) => f === "delete" && outcome === "ok");
  if (removal === undefined) return [];
  const gone = proof.filter(
    ({ f, completeIndex }) => f !== "read" && f !== "delete" && completeIndex < removal.invokeIndex,
  );
  return notes.filter(
    (note) =>
      (note.what === "stored" || note.what === "repaired") &&
      !note.deleted &&
      note.atUs > removal.invokedUs &&
      gone.some((write) => sameValue(leaves(write), note.value)),
  );
}

/** Messages of the operations shown; of background work only what changed a replica. */
function messagesOf(
  { trace }: Evidence,
  operations: readonly StoryOperation[],
  notes: readonly NoteEvent[],
): MessageEvent[] {
  const ids = new Set(
    operations.filter(({ isFinal, isEvidence }) => !isFinal || isEvidence).map(({ id }) => id),
  );
  const all = new Set(operations.map(({ id }) => id));
  return trace.filter((event): event is MessageEvent => {
    if (event.kind !== "message") return false;
    if (all.has(event.cause)) return ids.has(event.cause) || notes.some((note) => isEffectOf(note, event));
    return (
      event.cause >= backgroundCauses &&
      event.carries !== null &&
      notes.some((note) => isEffectOf(note, event))
    );
  });
}

/** Whether a replica changed because of a message. */
export function isEffectOf(note: NoteEvent, message: MessageEvent): boolean {
  return (
    note.node === message.to &&
    note.cause === message.cause &&
    (note.what === "stored" || note.what === "repaired" || note.what === "erased") &&
    message.arrivesUs !== null &&
    note.atUs >= message.arrivesUs
  );
}

function nodesOf(
  { scenario }: Evidence,
  operations: readonly StoryOperation[],
  notes: readonly NoteEvent[],
  messages: readonly MessageEvent[],
): string[] {
  const seen = new Set([
    ...operations.map(({ node }) => node),
    ...notes.map(({ node }) => node),
    ...messages.flatMap(({ from, to }) => [from, to]),
  ]);
  return scenario.nodes.map(({ id }) => id).filter((id) => seen.has(id) || scenario.nodes.length <= 3);
}

function faultsOf({ scenario, history }: Evidence): StoryFault[] {
  const at = (kind: "strike" | "mend", fault: number): number | null => {
    const mark = history.marks.find((each) => each.kind === kind && each.fault === fault);
    return mark === undefined ? null : mark.timeNs / 1_000;
  };
  return scenario.faults.map((plan) => ({
    plan,
    fromUs: at("strike", plan.id) ?? plan.atUs,
    untilUs: at("mend", plan.id) ?? plan.untilUs,
  }));
}

function dumpsOf(
  { history }: Evidence,
  subject: { readonly keyspace: string; readonly key: string },
): StoryDump[] {
  return history.marks.flatMap((mark) => {
    if (mark.kind !== "dump" || mark.keyspace !== subject.keyspace) return [];
    const entry = mark.entries.find(({ key }) => key === subject.key);
    return [{ node: mark.node, atUs: mark.timeNs / 1_000, values: entry?.values ?? [] }];
  });
}

/** The strike phase begins at the page's zero; without phases, the run does. */
function originOf({ history }: Evidence, operations: readonly StoryOperation[]): number {
  const strike = history.marks.find((mark) => mark.kind === "phase" && mark.phase === "strike");
  const first = Math.min(...operations.map(({ invokedUs }) => invokedUs));
  if (strike === undefined) return Number.isFinite(first) ? Math.min(0, first) : 0;
  return Math.min(strike.timeNs / 1_000, first);
}
