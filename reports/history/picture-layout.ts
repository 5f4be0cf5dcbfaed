import type { Box } from "../space-time/placer.ts";
import { textWidth } from "../space-time/svg.ts";
import type { StoryOperation } from "../story/operations.ts";
import { cut } from "../wording.ts";
import type { Axis } from "./axis.ts";
import { axisOf } from "./axis.ts";
import type { Scene } from "./scene.ts";
import { lanesOf } from "./scene.ts";

/** For wide screens, with names of lanes at their left; or for narrow ones, with names above. */
export type PictureSize = "wide" | "narrow";

/** Where everything of a picture is, in pixels. */
export interface PictureLayout {
  readonly size: PictureSize;
  readonly width: number;
  readonly height: number;
  readonly axis: Axis;
  readonly lanes: readonly LaneOnPaper[];
  /** Where lanes begin, below the figures and the names of faults. */
  readonly top: number;
  /** The paper that labels may use. */
  readonly paper: Box;
  bar(operation: StoryOperation): Box;
}

/** A lane, with the line that its first track stands on. */
export interface LaneOnPaper {
  readonly title: string;
  readonly titleAt: { readonly x: number; readonly y: number };
  readonly y: number;
}

/** Sizes in pixels: those of the anomaly pages' diagrams, a little closer. */
const sizes = {
  wide: { width: 1136, start: 132, end: 1126, above: 0, lane: 52, track: 28, bar: 24, figure: 84, title: 19 },
  narrow: { width: 358, start: 4, end: 354, above: 12, lane: 54, track: 26, bar: 22, figure: 62, title: 44 },
} as const;

/** Height of the figures' row, and of a row with the name of a fault. */
const figuresRow = 30;
const bandRow = 15;

/** A bar is never thinner than this: what took no time is there all the same. */
const leastBar = 4;

/** Lays a scene out. `bandRows` is the number of rows that names of faults need. */
export function pictureLayout(scene: Scene, size: PictureSize, bandRows: number): PictureLayout {
  const { width, start, end, above, lane, track, bar, figure, title } = sizes[size];
  const { lanes, trackOf } = lanesOf(scene);
  const axis = axisOf(scene.told, scene.around, scene.hasClock, { start, end, figure });
  const top = figuresRow + bandRows * bandRow;
  const middles = new Map<string, number>();
  let y = top;
  const onPaper = lanes.map(({ process, tracks }) => {
    const middle = y + above + lane / 2;
    middles.set(process, middle);
    y += above + lane + (Math.max(1, tracks) - 1) * track;
    const words = cut(process, title);
    const titleAt = size === "wide" ? { x: 0, y: middle + 4 } : { x: start, y: middle - lane / 2 + 8 };
    return { title: words, titleAt, y: middle };
  });
  return {
    size,
    width,
    height: y + 6,
    axis,
    lanes: onPaper,
    top,
    paper: { x: start - 4, y: top - 2, width: end - start + 8, height: y - top + 6 },
    bar(operation) {
      const from = axis.begin(operation);
      const middle = (middles.get(operation.client) ?? top) + (trackOf.get(operation) ?? 0) * track;
      const long = Math.max(leastBar, axis.finish(operation) - from);
      return { x: Math.min(from, end - leastBar), y: middle - bar / 2, width: long, height: bar };
    },
  };
}

/** The room that a lane's name takes. */
export function titleBox({ title, titleAt }: LaneOnPaper): Box {
  return { x: titleAt.x, y: titleAt.y - 11, width: textWidth(title, "sans") * 1.1, height: 14 };
}
