import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import type { StoryOperation } from "../story/operations.ts";
import { nameAll } from "../story/orders.ts";
import { isInSilence } from "./axis.ts";
import type { FaultBand } from "./fault-bands.ts";
import type { FoundOperations } from "./found-operations.ts";
import { pageOperation } from "./found-operations.ts";
import { precedences } from "./precedence.ts";
import type { Scene } from "./scene.ts";
import { surroundingsOf } from "./surroundings.ts";
import type { Clash } from "./zones.ts";

/** What pictures of one history have in common. */
export interface PageHistory {
  readonly history: History;
  readonly found: FoundOperations;
  readonly bands: readonly FaultBand[];
  readonly hasClock: boolean;
}

/** Most operations that a picture tells of. Chosen by eye. */
export const mostTold = 24;

/** Most operations that a picture draws around them, and of how many further processes. Chosen by eye. */
const mostAround = { operations: 24, processes: 5 };

/** Most faults whose bands a picture shows. */
const mostBands = 4;

/** More arrows than this would hide what they connect. */
const mostForced = 12;

/** Of much evidence what a picture has room for: its first operation, what must be there, and its last ones. */
export function keptOf(evidence: readonly number[], wanted: readonly number[] = []): readonly number[] {
  if (evidence.length <= mostTold) return evidence;
  const kept = new Set([...evidence.slice(0, 1), ...evidence.filter((index) => wanted.includes(index))]);
  for (let at = evidence.length - 1; kept.size < mostTold; at -= 1) kept.add(evidence[at] ?? 0);
  return evidence.filter((index) => kept.has(index)).slice(0, mostTold);
}

/** A scene, and whether everything around its operations is in it. */
export interface SceneAround {
  readonly scene: Scene;
  readonly areAllAround: boolean;
}

/** Puts some operations and their surroundings together. */
export function sceneOf(
  page: PageHistory,
  told: readonly StoryOperation[],
  about: {
    readonly shows: StoryOperation | null;
    readonly names: ReadonlyMap<StoryOperation, string>;
    readonly clash: Clash | null;
    readonly showsOrder: boolean;
  },
): SceneAround {
  const { history, hasClock } = page;
  const rows = told.map(({ row }) => row);
  const { rows: aroundRows, areAll } = surroundingsOf(history, rows, mostAround);
  const under = aroundRows.map((row) => pageOperation(history, row, false));
  const around = under.filter((operation) => !isInSilence(operation, told, hasClock));
  const forced = about.showsOrder ? forcedOf(told, about.clash) : [];
  const scene: Scene = {
    told,
    around,
    shows: about.shows,
    names: about.names,
    forced: forced.length > mostForced ? [] : forced,
    clash: about.clash,
    bands: bandsAt(page, told),
    hasClock,
  };
  return { scene, areAllAround: areAll && around.length === under.length };
}

/** Where two values exclude each other, only what makes them do so; within a lane order is plain to see. */
function forcedOf(told: readonly StoryOperation[], clash: Clash | null): Scene["forced"] {
  if (clash === null) return precedences(told).filter(({ first, second }) => first.client !== second.client);
  const { a, b } = clash;
  const pairs = [
    { first: a.f, second: b.s },
    { first: b.f, second: a.s },
  ];
  return pairs.flatMap(({ first, second }) =>
    first === null || first.client === second.client ? [] : [{ first, second }],
  );
}

/** The faults that were in force while some operations were under way. */
function bandsAt({ bands }: PageHistory, told: readonly StoryOperation[]): FaultBand[] {
  const first = Math.min(...told.map(({ invokeIndex }) => invokeIndex));
  const last = Math.max(...told.map(({ invokeIndex, completeIndex }) => lastOf(invokeIndex, completeIndex)));
  return bands
    .filter(({ from, until }) => from.index < last && (until === null || until.index > first))
    .slice(0, mostBands);
}

function lastOf(invokeIndex: number, completeIndex: number): number {
  return completeIndex === never ? invokeIndex : completeIndex;
}

/** Names for operations in the order in which they began. */
export function namesOf(operations: readonly StoryOperation[]): Map<StoryOperation, string> {
  const inOrder = [...operations].sort((a, b) => a.invokeIndex - b.invokeIndex);
  return new Map(nameAll(inOrder).map(({ name, operation }) => [operation, name]));
}
