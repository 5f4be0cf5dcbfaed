import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import { line, px, rectangle, text, textWidth } from "../space-time/svg.ts";
import { cut, duration } from "../wording.ts";
import type { PictureLayout } from "./picture-layout.ts";
import type { Scene } from "./scene.ts";

/** Shading over the whole height while a fault was in force, each with its name in a row of its own. */
export function paintBands({ bands }: Scene, { axis, top, height, width }: PictureLayout): Markup {
  return html`${bands.map(({ label, from, until }, at) => {
    const x = axis.moment(from);
    const end = until === null ? axis.end : axis.moment(until);
    const room = Math.floor((width - 8) / 6);
    const words = cut(label, room);
    const left = Math.max(axis.start, Math.min(x, axis.end - textWidth(words, "sans")));
    const y = top - (bands.length - at) * 15;
    return [
      rectangle({ x, y: y + 2, width: Math.max(1, end - x), height: height - y - 4 }, "band"),
      text({ x: left + 3, y: y + 13 }, words, "faulttext plain"),
    ];
  })}`;
}

/** Figures of time with their lines, and how long the silences were that are cut short. */
export function paintFigures({ axis, size, top, height }: PictureLayout): Markup {
  const taken: { from: number; to: number }[] = [];
  const isFree = (middle: number, width: number): boolean => {
    const [from, to] = [middle - width / 2 - 4, middle + width / 2 + 4];
    if (taken.some((other) => from < other.to && to > other.from)) return false;
    return taken.push({ from, to }) > 0;
  };
  const silences = axis.breaks.map(({ fromUs, toUs, at }) => {
    const says = size === "wide" ? `${duration(toUs - fromUs)} later` : duration(toUs - fromUs);
    return isFree(at, textWidth(says, "sans")) ? text({ x: at, y: 14 }, says, "t3 silence", "middle") : null;
  });
  const figures = axis.figures.map(({ at, label }) => {
    const middle = Math.max(at, axis.start + textWidth(label, "sans") / 2);
    const words = isFree(middle, textWidth(label, "sans"))
      ? text({ x: middle, y: 14 }, label, "t3", "middle")
      : null;
    return [line({ x: at, y: top - 10 }, { x: at, y: height - 4 }, "grid"), words];
  });
  const order =
    axis.kind === "events"
      ? text({ x: axis.start, y: 14 }, "in the order of events, not to scale", "t3")
      : null;
  return html`${figures}${silences}${order}`;
}

export function paintLanes({ lanes, axis }: PictureLayout): Markup {
  return html`${lanes.map(({ title, titleAt, y }) => [
    line({ x: axis.start, y }, { x: axis.end, y }, "lane"),
    text(titleAt, title, "b"),
  ])}`;
}

/** A gap in every lane where a silence is cut short. */
export function paintBreaks({ lanes, axis, top, height }: PictureLayout): Part {
  if (axis.breaks.length === 0) return null;
  const strokes = axis.breaks.map(({ at }) =>
    lanes.map(({ y }) => `M${px(at - 5)} ${px(y + 4)}l4 -8M${px(at + 1)} ${px(y + 4)}l4 -8`).join(""),
  );
  const gaps = axis.breaks.map(({ at }) => `M${px(at)} ${top - 10}V${px(height - 4)}`);
  return html`<path d="${gaps.join("")}" class="fold"/><path d="${strokes.join("")}" class="tick nofill"/>`;
}
