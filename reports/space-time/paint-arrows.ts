import type { Markup } from "../html.ts";
import { html } from "../html.ts";
import type { Layout, Point } from "./layout.ts";
import { halfBar } from "./layout.ts";
import type { ArrowMark } from "./marks.ts";
import type { Segment } from "./placer.ts";
import { group, line, px } from "./svg.ts";

/** An arrow with its ends on the paper. */
export interface DrawnArrow {
  readonly mark: ArrowMark;
  readonly segment: Segment;
  /** Whether its end is an arrival, a loss, or the edge of the paper. */
  readonly ending: "head" | "cross" | "none";
}

/** Length of an arrow's head in pixels. */
const headPx = 6.5;
/** How far a lost message is drawn on its way, as a share. */
const lostShare = 0.55;

/** Finds the ends of all arrows. A lost message would have taken as long as the median of those that arrived. */
export function drawnArrows(layout: Layout, marks: readonly ArrowMark[], lastUs: number): DrawnArrow[] {
  const medianUs = medianOf(
    marks.flatMap(({ sentUs, arrivesUs }) =>
      arrivesUs === null || arrivesUs === sentUs ? [] : [arrivesUs - sentUs],
    ),
  );
  return marks.map((mark) => drawArrow(layout, mark, medianUs, lastUs));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 1_000;
}

function drawArrow(layout: Layout, mark: ArrowMark, medianUs: number, lastUs: number): DrawnArrow {
  const { scale } = layout;
  const from = acrossOf(layout, mark, "from");
  const to = acrossOf(layout, mark, "to");
  const lost = mark.arrivesUs === null;
  const arrivesUs = mark.arrivesUs ?? mark.sentUs + medianUs;
  // The share of the way that fits on the paper, by true time: a slope must not lie.
  const whole = arrivesUs <= lastUs || arrivesUs === mark.sentUs;
  const share = lost ? lostShare : whole ? 1 : (lastUs - mark.sentUs) / (arrivesUs - mark.sentUs);
  const endUs = mark.sentUs + (arrivesUs - mark.sentUs) * share;
  const a = layout.point(scale.place(mark.sentUs), from);
  const b = layout.point(scale.place(Math.min(endUs, lastUs)), from + (to - from) * share);
  return {
    mark,
    segment: { x1: a.x, y1: a.y, x2: b.x, y2: b.y },
    ending: lost ? "cross" : whole ? "head" : "none",
  };
}

/** Client ends touch the edge of the operation's bar that faces the nodes. */
function acrossOf(layout: Layout, mark: ArrowMark, end: "from" | "to"): number {
  const name = mark[end];
  if (name.kind === "client" && mark.operation !== null) return layout.barAcross(mark.operation) + halfBar;
  return layout.lane(name).across;
}

const classes: Readonly<Record<ArrowMark["style"], string>> = {
  request: "request",
  answer: "answer",
  doomed: "doomed",
  "doomed-answer": "doomed back",
};

/** One arrow: a straight line, and a head where it arrives or a cross where it was lost. */
export function paintArrow({ mark, segment, ending }: DrawnArrow, step: number): Markup {
  const { x1, y1, x2, y2 } = segment;
  const body = line({ x: x1, y: y1 }, { x: x2, y: y2 }, classes[mark.style]);
  if (ending === "none") return group(step, body);
  const kind = mark.style.startsWith("doomed") ? "doomed" : mark.style;
  return group(step, [body, ending === "head" ? arrowHead(segment, kind) : cross({ x: x2, y: y2 }, kind)]);
}

/** The head of an arrow, at its end. */
export function arrowHead({ x1, y1, x2, y2 }: Segment, kind: string): Markup {
  const length = Math.sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)) || 1;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [bx, by] = [x2 - ux * headPx, y2 - uy * headPx];
  const half = headPx * 0.36;
  const points = `${px(x2)},${px(y2)} ${px(bx - uy * half)},${px(by + ux * half)} ${px(bx + uy * half)},${px(by - ux * half)}`;
  return html`<polygon points="${points}" class="${kind} head"/>`;
}

function cross({ x, y }: Point, kind: string): Markup {
  const arm = 4;
  return html`${line({ x: x - arm, y: y - arm }, { x: x + arm, y: y + arm }, kind)}${line({ x: x - arm, y: y + arm }, { x: x + arm, y: y - arm }, kind)}`;
}
