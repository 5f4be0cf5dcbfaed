import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import { arrowHead } from "../space-time/paint-arrows.ts";
import type { Box, Placer, Segment } from "../space-time/placer.ts";
import { line, text, textWidth } from "../space-time/svg.ts";
import { duration, shown } from "../wording.ts";
import type { PictureLayout } from "./picture-layout.ts";
import type { Precedence } from "./precedence.ts";
import type { Scene } from "./scene.ts";
import type { Zone } from "./zones.ts";

/** More arrows than this go without words: they would cover one another. */
const mostWorded = 4;

/** Arrows from the end of an operation to the beginning of one that came after it in real time. */
export function paintForced(
  { forced, hasClock, clash }: Scene,
  layout: PictureLayout,
  placer: Placer,
): Markup {
  const drawn = forced.map((each) => ({ each, segment: segmentOf(each, layout) }));
  for (const { segment } of drawn) placer.avoid(segment);
  // The words under two zones tell their times already.
  const isWorded =
    clash === null &&
    layout.size === "wide" &&
    hasClock &&
    layout.axis.kind === "clock" &&
    forced.length <= mostWorded;
  return html`${drawn.map(({ each, segment }) => [
    line({ x: segment.x1, y: segment.y1 }, { x: segment.x2, y: segment.y2 }, "forced"),
    arrowHead(segment, "forced"),
    isWorded ? gapWords(each, segment, placer) : null,
  ])}`;
}

/** From the corner of the one to the corner of the other that faces it. */
function segmentOf({ first, second }: Precedence, layout: PictureLayout): Segment {
  const [a, b] = [layout.bar(first), layout.bar(second)];
  const down = b.y > a.y;
  const level = a.y === b.y;
  return {
    x1: a.x + a.width,
    y1: level ? a.y + a.height / 2 : down ? a.y + a.height : a.y,
    x2: b.x,
    y2: level ? b.y + b.height / 2 : down ? b.y : b.y + b.height,
  };
}

function gapWords({ first, second }: Precedence, segment: Segment, placer: Placer): Part {
  const gapUs = second.invokedUs - (first.completedUs ?? second.invokedUs);
  if (gapUs <= 0) return null;
  const says = `${duration(gapUs)} earlier`;
  const [width, height] = [textWidth(says, "sans"), 14];
  const candidates = [0.5, 0.35, 0.65, 0.2, 0.8].flatMap((share) => {
    const x = segment.x1 + (segment.x2 - segment.x1) * share;
    const y = segment.y1 + (segment.y2 - segment.y1) * share - height / 2;
    return [
      { x: x + 7, y, width, height },
      { x: x - width - 7, y, width, height },
      { x: x - width / 2, y: y + 11, width, height },
      { x: x - width / 2, y: y - 11, width, height },
    ];
  });
  const box = placer.place(candidates);
  return text({ x: box.x, y: box.y + 11 }, says, "t2");
}

/** The ends of two values' zones that exclude each other: f, where one has been seen; s, where it still must be. */
export function paintZoneEnds({ clash }: Scene, layout: PictureLayout, placer: Placer): Part {
  if (clash === null) return null;
  const { a, b } = clash;
  const post = (zone: Zone, name: "f" | "s"): Part => {
    const operation = name === "f" ? zone.f : zone.s;
    if (operation === null) return null;
    const box = layout.bar(operation);
    return paintPost(
      box,
      name === "f" ? box.x + box.width : box.x,
      `${name} of ${shown(zone.value, 8)}`,
      placer,
    );
  };
  // What a register holds at first comes before everything: no end proves that.
  return [
    a.f === null ? null : [post(a, "f"), post(b, "s")],
    b.f === null ? null : [post(b, "f"), post(a, "s")],
  ];
}

function paintPost(box: Box, x: number, says: string, placer: Placer): Part {
  const [width, height] = [textWidth(says, "sans"), 14];
  const [above, below] = [box.y - height - 4, box.y + box.height + 4];
  const at = placer.place(
    [below, above].flatMap((y) => [x + 3, x - width - 3].map((left) => ({ x: left, y, width, height }))),
  );
  const post = line({ x, y: box.y - 5 }, { x, y: box.y + box.height + 5 }, "zone");
  return [post, text({ x: at.x, y: at.y + 11 }, says, "t2 zonetext")];
}
