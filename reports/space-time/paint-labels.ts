import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import type { Layout, Point } from "./layout.ts";
import type { ChipMark } from "./marks.ts";
import type { DrawnArrow } from "./paint-arrows.ts";
import type { Box, Placer } from "./placer.ts";
import { group, px, rectangle, text, textWidth } from "./svg.ts";

/** What a replica holds, framed, beside its dot; what it refused stands behind. */
export function paintChip(layout: Layout, placer: Placer, chip: ChipMark, step: number): Markup {
  const look = looks[chip.style];
  const { content, says } = wordsOf(layout, chip);
  const width = textWidth(content, "mono") + look.padding;
  const tail = says === "" ? 0 : textWidth(says, "sans") + 6;
  const dot = layout.point(
    layout.scale.place(chip.atUs),
    layout.lane({ kind: "node", name: chip.node }).across,
  );
  const box = placer.place(around(dot, width + tail, look.height, look.gap));
  const frame = { ...box, width };
  const y = box.y + look.height / 2 + 4;
  return group(step, [
    rectangle(frame, look.frame, 2),
    text({ x: box.x + width / 2, y }, content, look.text, "middle"),
    says === "" ? null : text({ x: box.x + width + 6, y }, says, chip.style === "bad" ? "t2 badtext" : "t2"),
    leader(dot, frame),
  ]);
}

const looks = {
  new: { height: 19, padding: 14, gap: 9, frame: "chip", text: "m" },
  bad: { height: 19, padding: 14, gap: 9, frame: "chip badchip", text: "m" },
  answer: { height: 16, padding: 8, gap: 6, frame: "chip oldchip", text: "m t3" },
} as const;

/** Upright pictures have room for the value alone. */
function wordsOf(
  { orientation }: Layout,
  { value, stamp, says }: ChipMark,
): { content: string; says: string } {
  if (orientation === "upright") return { content: value, says: "" };
  return { content: stamp === "" ? value : `${value} ${stamp}`, says };
}

/** A thin line to a chip that had to stand away from its dot. */
function leader(dot: Point, frame: Box): Part {
  const x = Math.max(frame.x, Math.min(dot.x, frame.x + frame.width));
  const y = Math.max(frame.y, Math.min(dot.y, frame.y + frame.height));
  const far = Math.abs(x - dot.x) + Math.abs(y - dot.y);
  if (far < 18) return null;
  return html`<line x1="${px(dot.x)}" y1="${px(dot.y)}" x2="${px(x)}" y2="${px(y)}" class="tick"/>`;
}

/** Places around a point, the usual ones first. */
function around({ x, y }: Point, width: number, height: number, gap: number): Box[] {
  const boxes: Box[] = [];
  for (const far of [0, 12, 24]) {
    const below = y + gap + far;
    const above = y - gap - far - height;
    for (const left of [x + 6 + far / 3, x - width / 2, x - 6 - far / 3 - width]) {
      boxes.push({ x: left, y: below, width, height }, { x: left, y: above, width, height });
    }
    const middle = y - height / 2;
    boxes.push(
      { x: x + 10 + far, y: middle, width, height },
      { x: x - 10 - far - width, y: middle, width, height },
    );
  }
  return boxes;
}

/** What a write carries, beside its first message. */
export function paintArrowLabel(placer: Placer, { mark, segment }: DrawnArrow, step: number): Part {
  if (mark.label === null) return null;
  const width = textWidth(mark.label, "sans");
  const height = 14;
  const { x1, y1, x2, y2 } = segment;
  const candidates = [0.35, 0.5, 0.2, 0.65, 0.8].flatMap((share) => {
    const x = x1 + (x2 - x1) * share;
    const y = y1 + (y2 - y1) * share - height / 2;
    return [
      { x: x - width - 7, y, width, height },
      { x: x + 7, y, width, height },
    ];
  });
  const box = placer.place(candidates);
  const isDoomed = mark.style.startsWith("doomed");
  return group(step, text({ x: box.x, y: box.y + 11 }, mark.label, isDoomed ? "t2 badtext" : "t2"));
}
