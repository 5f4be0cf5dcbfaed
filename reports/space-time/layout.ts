import type { StoryOperation } from "../story/operations.ts";
import { finalClient } from "../story/operations.ts";
import type { Story } from "../story/story.ts";
import type { LaneName, Marks } from "./marks.ts";
import { drawnOperations, horizonUs } from "./marks.ts";
import type { Box } from "./placer.ts";
import type { TimeScale } from "./time-scale.ts";
import { timeScale } from "./time-scale.ts";

/** Time to the right, lanes below each other; or, for narrow screens, time downwards and lanes side by side. */
export type Orientation = "wide" | "upright";

/** Where everything is: along the time axis, and across it. */
export interface Layout {
  readonly orientation: Orientation;
  readonly width: number;
  readonly height: number;
  readonly scale: TimeScale;
  readonly lanes: readonly Lane[];
  /** The paper that labels may use. */
  readonly paper: Box;
  /** Where lanes begin and end; there is a little air around the scale. */
  readonly firstAlong: number;
  readonly lastAlong: number;
  readonly firstAcross: number;
  readonly lastAcross: number;
  lane(name: LaneName): Lane;
  /** Centre of an operation's bar across the time axis. */
  barAcross(operation: StoryOperation): number;
  point(along: number, across: number): Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Lane {
  readonly name: LaneName;
  readonly title: string;
  readonly across: number;
  /** Half of the room that the lane has. */
  readonly half: number;
}

/** Sizes in pixels, as drawn in the design: see the pages' reference pictures. */
const sizes = {
  wide: {
    width: 1136,
    along: 176,
    end: 1128,
    across: 40,
    client: 60,
    track: 28,
    node: 80,
    head: 26,
    figure: 96,
  },
  upright: {
    width: 358,
    along: 44,
    end: 0,
    across: 30,
    client: 44,
    track: 24,
    node: 60,
    head: 44,
    figure: 44,
  },
} as const;

/** Half the thickness of a bar. */
export const halfBar = 12;

/** Lays a story out. */
export function layoutOf(story: Story, marks: Marks, orientation: Orientation): Layout {
  const size = sizes[orientation];
  const tracks = tracksOf(drawnOperations(story));
  const drafts = laneDrafts(story, tracks, orientation);
  const room = orientation === "wide" ? null : size.width - size.across - 8;
  const natural = drafts.reduce((sum, { extent }) => sum + extent, 0);
  const stretch = room === null ? 1 : room / natural;
  let across: number = size.across;
  const lanes = drafts.map(({ name, title, extent }) => {
    const lane = { name, title, across: across + (extent * stretch) / 2, half: (extent * stretch) / 2 };
    across += extent * stretch;
    return lane;
  });
  const times = timesOf(story, marks);
  const end = orientation === "wide" ? size.end : size.along + uprightLength(times);
  const scale = timeScale(times, story.originUs, size.along + air, end - air, size.figure);
  const lane = (name: LaneName): Lane =>
    lanes.find((each) => each.name.kind === name.kind && each.name.name === name.name) ?? (lanes[0] as Lane);
  const trackWidth = Math.min(size.track, size.track * stretch);
  return {
    orientation,
    width: size.width,
    height: orientation === "wide" ? across + 8 : end + 24,
    scale,
    lanes,
    paper:
      orientation === "wide"
        ? {
            x: size.along - 8,
            y: size.head,
            width: size.width - size.along + 8,
            height: across - size.head + 8,
          }
        : {
            x: size.across - 6,
            y: size.head + 6,
            width: size.width - size.across + 6,
            height: end - size.head + 12,
          },
    firstAlong: size.along,
    lastAlong: end,
    firstAcross: size.across,
    lastAcross: across,
    lane,
    barAcross(operation) {
      const { across: centre } = lane({ kind: "client", name: operation.client });
      const count = tracks.counts.get(operation.client) ?? 1;
      const track = tracks.of.get(operation) ?? 0;
      return centre + (track - (count - 1) / 2) * trackWidth;
    },
    point: (along, at) => (orientation === "wide" ? { x: along, y: at } : { x: at, y: along }),
  };
}

interface Tracks {
  readonly of: ReadonlyMap<StoryOperation, number>;
  readonly counts: ReadonlyMap<string, number>;
}

/** Operations of one lane that overlap stand beside each other. */
function tracksOf(operations: readonly StoryOperation[]): Tracks {
  const of = new Map<StoryOperation, number>();
  const ends = new Map<string, number[]>();
  for (const operation of operations) {
    const lane = ends.get(operation.client) ?? [];
    const free = lane.findIndex((endUs) => endUs <= operation.invokedUs);
    const track = free < 0 ? lane.length : free;
    lane[track] = operation.completedUs ?? Number.POSITIVE_INFINITY;
    ends.set(operation.client, lane);
    of.set(operation, track);
  }
  return { of, counts: new Map([...ends].map(([client, lane]) => [client, lane.length])) };
}

interface LaneDraft {
  readonly name: LaneName;
  readonly title: string;
  readonly extent: number;
}

function laneDrafts(story: Story, tracks: Tracks, orientation: Orientation): LaneDraft[] {
  const size = sizes[orientation];
  const clients = [...tracks.counts.keys()].map((client) => ({
    name: { kind: "client" as const, name: client },
    title: clientTitle(client, orientation),
    extent: size.client + ((tracks.counts.get(client) ?? 1) - 1) * size.track,
  }));
  const nodes = story.nodes.map((node) => ({
    name: { kind: "node" as const, name: node },
    title: node,
    extent: size.node,
  }));
  return [...clients, ...nodes];
}

function clientTitle(client: string, orientation: Orientation): string {
  if (client === finalClient) return orientation === "wide" ? "final read" : "end";
  return orientation === "wide" ? `client ${client}` : client;
}

/** Every moment at which something is drawn; what comes later than all of them runs off the paper. */
function timesOf(story: Story, marks: Marks): number[] {
  const horizon = horizonUs(story);
  const times = [
    ...story.operations.flatMap(({ invokedUs, completedUs }) => [invokedUs, completedUs ?? invokedUs]),
    ...marks.dots.map(({ atUs }) => atUs),
    ...marks.arrows.flatMap(({ sentUs, arrivesUs }) => [sentUs, arrivesUs ?? sentUs]),
    ...marks.bands.flatMap(({ fromUs, untilUs }) => [fromUs, untilUs ?? fromUs]),
  ];
  const last = Math.max(horizon, ...times.filter((us) => us <= horizon));
  return times.filter((us) => us >= story.originUs && us <= last);
}

/** Air before the first event and after the last, in pixels. */
const air = 10;

/** Upright pictures are as long as they have moments to show, within what one likes to scroll. */
function uprightLength(times: readonly number[]): number {
  return Math.max(420, Math.min(1_100, new Set(times).size * 20));
}
