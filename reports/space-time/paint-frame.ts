import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import { worstOffset } from "../story/facts.ts";
import type { Story } from "../story/story.ts";
import { duration, offset } from "../wording.ts";
import type { Lane, Layout } from "./layout.ts";
import type { BandMark } from "./marks.ts";
import type { Placer } from "./placer.ts";
import { boxOf, line, px, rectangle, text, textWidth } from "./svg.ts";

/** Lines of time with their figures, and a mark where a silence was cut short. */
export function paintGrid(layout: Layout): Markup {
  const { scale, firstAcross, lastAcross, orientation } = layout;
  const wide = orientation === "wide";
  const from = firstAcross - (wide ? 2 : 6);
  const ticks = scale.ticks.map(({ at, label }) => {
    const rule = line(layout.point(at, from), layout.point(at, lastAcross), "grid");
    if (label === null || isUnderBreak(layout, at)) return rule;
    const figure = wide
      ? text({ x: at, y: from - 10 }, label, "t3", "middle")
      : text({ x: from - 4, y: at + 4 }, label.replace(" ms", ""), "t3", "end");
    return [rule, figure];
  });
  return html`${ticks}`;
}

/** The figure would run into the words over a break. */
function isUnderBreak({ scale, orientation }: Layout, at: number): boolean {
  const room = orientation === "wide" ? 54 : 14;
  return scale.breaks.some((each) => Math.abs(each.at - at) < room);
}

/** A gap in every lane where nothing happened for long, and how long. */
export function paintBreaks(layout: Layout): Markup {
  const { scale, firstAcross, orientation } = layout;
  return html`${scale.breaks.map(({ fromUs, toUs, at }) => {
    const says = orientation === "wide" ? `${duration(toUs - fromUs)} later` : duration(toUs - fromUs);
    const strokes = layout.lanes.map(({ across }) => [
      line(layout.point(at - 3, across), layout.point(at + 3, across), "break"),
      line(layout.point(at - 5, across + 4), layout.point(at - 1, across - 4), "tick"),
      line(layout.point(at + 1, across + 4), layout.point(at + 5, across - 4), "tick"),
    ]);
    const label =
      orientation === "wide"
        ? text({ x: at, y: firstAcross - 12 }, says, "t3", "middle")
        : text({ x: firstAcross - 10, y: at + 4 }, `${Math.round((toUs - fromUs) / 1_000)} ms`, "t3", "end");
    return [strokes, label];
  })}`;
}

/** Lanes with their names, roles and clocks. */
export function paintLanes(layout: Layout, story: Story, roles: ReadonlyMap<string, string>): Markup {
  return html`${layout.lanes.map((lane) => {
    const rule = line(
      layout.point(layout.firstAlong, lane.across),
      layout.point(layout.lastAlong, lane.across),
      "lane",
    );
    return [rule, layout.orientation === "wide" ? wideTitle(lane, story, roles) : uprightTitle(lane, story)];
  })}`;
}

/** A clock that is further off stands out: more than honest clocks differ. */
const notableUs = 10_000;

function wideTitle({ name, title, across }: Lane, story: Story, roles: ReadonlyMap<string, string>): Part {
  if (name.kind === "client") return text({ x: 0, y: across + 4 }, title, "b");
  const us = worstOffset(story, name.name);
  const role = roles.get(name.name);
  const hasClock = story.hasTrace || story.faults.some(({ plan }) => plan.kind === "skew");
  return [
    text({ x: 0, y: across - 7 }, title, "b"),
    role === undefined ? null : text({ x: 0, y: across + 8 }, role, "t2"),
    hasClock ? ruler(across + (role === undefined ? 8 : 23), us, widestOffset(story)) : null,
  ];
}

function widestOffset(story: Story): number {
  return Math.max(notableUs, ...story.nodes.map((node) => Math.abs(worstOffset(story, node))));
}

/** A line with true time in the middle, and a dot where the clock stands. */
function ruler(y: number, us: number, widest: number): Part {
  const [left, right] = [0, 72];
  const middle = (left + right) / 2;
  const at = middle + (us / widest) * (middle - 4);
  const isOff = Math.abs(us) > notableUs;
  return [
    line({ x: left, y }, { x: right, y }, "tick"),
    line({ x: middle, y: y - 4 }, { x: middle, y: y + 4 }, "tick"),
    html`<circle cx="${px(at)}" cy="${y}" r="3.5" class="dotmark${isOff ? " doomed" : ""}"/>`,
    text({ x: right + 8, y: y + 4 }, `clock ${offset(us)}`, isOff ? "t2 b badtext" : "t2"),
  ];
}

function uprightTitle({ name, title, across }: Lane, story: Story): Part {
  const us = name.kind === "node" ? worstOffset(story, name.name) : 0;
  const small = name.kind === "client" ? (title === "end" ? "reads" : "client") : us === 0 ? "" : offset(us);
  return [
    text({ x: across, y: 14 }, title, "b", "middle"),
    text({ x: across, y: 29 }, small, Math.abs(us) > notableUs ? "t3 b badtext" : "t3", "middle"),
  ];
}

/** Shading while something is wrong with a node, with its name where there is room. */
export function paintBands(
  layout: Layout,
  placer: Placer,
  bands: readonly BandMark[],
  lastUs: number,
): Markup {
  return html`${bands.map((band) => paintBand(layout, placer, band, lastUs))}`;
}

function paintBand(layout: Layout, placer: Placer, band: BandMark, lastUs: number): Part {
  const lane = layout.lane({ kind: "node", name: band.node });
  const half = Math.min(lane.half - 3, 26);
  const from = layout.scale.place(band.fromUs);
  const until = layout.scale.place(Math.min(band.untilUs ?? lastUs, lastUs));
  const box = boxOf(layout.point(from, lane.across - half), layout.point(until, lane.across + half));
  const width = textWidth(band.label, "sans") * 0.92;
  const shade = rectangle(box, "band");
  if (layout.orientation === "upright") return shade;
  const label = { x: box.x + 4, y: box.y + box.height - 15, width, height: 13 };
  placer.block(label);
  return [shade, text({ x: label.x, y: label.y + 11 }, band.label, "faulttext plain")];
}
