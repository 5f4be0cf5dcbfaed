import { never } from "../../harness/history/history.ts";
import type { Piece, TimeBreak } from "../space-time/time-scale.ts";
import { foldedScale } from "../space-time/time-scale.ts";
import type { StoryOperation } from "../story/operations.ts";
import type { Moment } from "./fault-bands.ts";
import type { EvenStretch, Figure } from "./ruler.ts";
import { figuresOf } from "./ruler.ts";

/** Where the events of a picture are along its length, in pixels. */
export interface Axis {
  /** By the clock; or, where the history has none or it is too coarse, one event after the other. */
  readonly kind: "clock" | "events";
  readonly start: number;
  readonly end: number;
  begin(operation: StoryOperation): number;
  /** Where the answer came; the end of the picture where none did. */
  finish(operation: StoryOperation): number;
  moment(moment: Moment): number;
  readonly figures: readonly Figure[];
  readonly breaks: readonly TimeBreak[];
}

/** The room that an axis has. */
export interface AxisRoom {
  readonly start: number;
  readonly end: number;
  /** Room for a figure, in pixels. */
  readonly figure: number;
}

/** Lays out the events of some operations, and of what is drawn around them, along a picture. */
export function axisOf(
  told: readonly StoryOperation[],
  around: readonly StoryOperation[],
  hasClock: boolean,
  room: AxisRoom,
): Axis {
  return hasClock && isFineEnough(told) ? clockAxis(told, room) : eventAxis([...told, ...around], room);
}

/** Whether an operation began and ended within a silence that a picture of others cuts short: it would be a sliver. */
export function isInSilence(
  { invokedUs, completedUs }: StoryOperation,
  told: readonly StoryOperation[],
  hasClock: boolean,
): boolean {
  if (!hasClock || !isFineEnough(told)) return false;
  return foldedPieces(told).some(
    ({ fromUs, toUs, weight }) =>
      weight < toUs - fromUs && invokedUs >= fromUs && (completedUs ?? Number.POSITIVE_INFINITY) <= toUs,
  );
}

/** Whether at least every second operation took any time at all by the history's clock. */
function isFineEnough(operations: readonly StoryOperation[]): boolean {
  const ended = operations.filter(({ completedUs }) => completedUs !== null);
  const long = ended.filter(({ invokedUs, completedUs }) => (completedUs ?? 0) > invokedUs);
  return 2 * long.length >= ended.length && spanOf(operations) > 0;
}

function timesOf(operations: readonly StoryOperation[]): number[] {
  return operations.flatMap(({ invokedUs, completedUs }) => [invokedUs, completedUs ?? invokedUs]);
}

function spanOf(operations: readonly StoryOperation[]): number {
  const times = timesOf(operations);
  return Math.max(...times) - Math.min(...times);
}

function clockAxis(told: readonly StoryOperation[], room: AxisRoom): Axis {
  const pieces = foldedPieces(told);
  const { place, perWeight, breaks } = foldedScale(pieces, room.start, room.end);
  const stretches = evenStretches(pieces, place);
  const lastUs = pieces.at(-1)?.toUs ?? 0;
  return {
    kind: "clock",
    start: room.start,
    end: room.end,
    begin: ({ invokedUs }) => place(invokedUs),
    finish: (operation) => (isOpen(operation) ? room.end : place(operation.completedUs ?? lastUs)),
    moment: ({ timeNs }) => place(timeNs / 1_000),
    figures: figuresOf(stretches, 1 / perWeight, lastUs, room.figure),
    breaks,
  };
}

/** Whether it may take effect after everything that is drawn. */
export function isOpen({ completeIndex }: StoryOperation): boolean {
  return completeIndex === never;
}

/** A silence longer than this many operations is cut short. Chosen by eye: then bars are still bars. */
const longestSilence = 8;

/** The room of a cut, as a share of all the rest; of many cuts all together get no more than `mostCut`. */
const cutShare = 0.08;
const mostCut = 0.6;

/** Air before the first event and after the last, as a share of what is not cut; more after what has no end. */
const airShare = 0.03;
const openAirShare = 0.12;

/** The time between events, one piece after the other, long silences cut short. */
function foldedPieces(told: readonly StoryOperation[]): Piece[] {
  const times = [...new Set(timesOf(told))].sort((a, b) => a - b);
  const lengths = told.flatMap(({ invokedUs, completedUs }) => {
    const us = (completedUs ?? invokedUs) - invokedUs;
    return us > 0 ? [us] : [];
  });
  const usual = lengths.sort((a, b) => a - b)[Math.floor((lengths.length - 1) / 2)] ?? 0;
  const spans = times.slice(1).map((toUs, at) => ({ fromUs: times[at] ?? 0, toUs }));
  const isCut = ({ fromUs, toUs }: { fromUs: number; toUs: number }): boolean =>
    usual > 0 && toUs - fromUs > longestSilence * usual;
  const uncut = spans.reduce((sum, span) => sum + (isCut(span) ? 0 : span.toUs - span.fromUs), 0) || 1;
  const cuts = spans.filter(isCut).length;
  const share = cuts * cutShare > mostCut ? mostCut / cuts : cutShare;
  const pieces = spans.map((span) => ({
    ...span,
    weight: Math.min(isCut(span) ? share * uncut : Number.POSITIVE_INFINITY, span.toUs - span.fromUs),
  }));
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  const before = airShare * uncut;
  const after = (told.some(isOpen) ? openAirShare : airShare) * uncut;
  return [whole(first - before, first), ...pieces, whole(last, last + after)];
}

/** A piece that is not cut: its weight is the same difference, so that rounding makes it no cut. */
function whole(fromUs: number, toUs: number): Piece {
  return { fromUs, toUs, weight: toUs - fromUs };
}

/** What lies between two cuts runs evenly. The air before the history's zero gets no figure. */
function evenStretches(pieces: readonly Piece[], place: (us: number) => number): EvenStretch[] {
  const stretches: { fromUs: number; toUs: number; place: (us: number) => number }[] = [];
  let isNew = true;
  for (const { fromUs, toUs, weight } of pieces) {
    const isCut = weight < toUs - fromUs;
    const last = stretches.at(-1);
    if (isCut) isNew = true;
    else if (isNew || last === undefined) {
      stretches.push({ fromUs: Math.max(0, fromUs), toUs, place });
      isNew = false;
    } else last.toUs = toUs;
  }
  return stretches;
}

/** Each event gets as much room as any other. */
function eventAxis(operations: readonly StoryOperation[], room: AxisRoom): Axis {
  const indices = operations.flatMap(({ invokeIndex, completeIndex }) =>
    completeIndex === never ? [invokeIndex] : [invokeIndex, completeIndex],
  );
  const ranks = [...new Set(indices)].sort((a, b) => a - b);
  const step = (room.end - room.start) / (ranks.length + 1);
  const place = (index: number): number => {
    const rank = ranks.findIndex((each) => each >= index);
    const from = room.start + step * ((rank < 0 ? ranks.length : rank) + 1);
    // Between two events of the picture: half-way.
    return ranks[rank] === index ? from : from - step / 2;
  };
  return {
    kind: "events",
    start: room.start,
    end: room.end,
    begin: ({ invokeIndex }) => place(invokeIndex),
    finish: (operation) => (isOpen(operation) ? room.end : place(operation.completeIndex)),
    moment: ({ index }) => place(index),
    figures: [],
    breaks: [],
  };
}
