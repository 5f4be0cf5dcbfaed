import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import type { StoryOperation } from "../story/operations.ts";
import type { StoryStep } from "../story/steps.ts";
import type { Story } from "../story/story.ts";
import { cut, listed, shown } from "../wording.ts";
import type { Layout, Orientation } from "./layout.ts";
import { halfBar, layoutOf } from "./layout.ts";
import type { BarMark, Marks } from "./marks.ts";
import { marksOf } from "./marks.ts";
import { drawnArrows, paintArrow } from "./paint-arrows.ts";
import { paintBands, paintBreaks, paintGrid, paintLanes } from "./paint-frame.ts";
import { paintArrowLabel, paintChip } from "./paint-labels.ts";
import { Placer } from "./placer.ts";
import { boxOf, group, px, rectangle, text, textWidth } from "./svg.ts";

/** The space-time diagram of a shrunk run, twice: with time to the right, and downwards for narrow screens. */
export function spaceTime(story: Story, steps: readonly StoryStep[], says: string): Markup {
  const marks = marksOf(story);
  return html`${picture(story, marks, steps, says, "wide")}${picture(story, marks, steps, says, "upright")}`;
}

function picture(
  story: Story,
  marks: Marks,
  steps: readonly StoryStep[],
  says: string,
  orientation: Orientation,
): Markup {
  const layout = layoutOf(story, marks, orientation);
  const placer = new Placer(layout.paper);
  const lastUs = lastOf(layout, story, marks);
  const stepAt = (us: number): number => {
    const index = steps.findIndex(({ toUs }) => toUs >= us);
    return index < 0 ? Math.max(0, steps.length - 1) : index;
  };
  const stepOf = (operation: StoryOperation): number => {
    const index = steps.findIndex(({ asks }) => asks === operation);
    return index < 0 ? stepAt(operation.completedUs ?? operation.invokedUs) : index;
  };
  const arrows = drawnArrows(layout, marks.arrows, lastUs);
  for (const { segment, ending } of arrows) {
    placer.avoid(segment);
    if (ending === "cross") placer.block({ x: segment.x2 - 5, y: segment.y2 - 5, width: 10, height: 10 });
  }
  for (const { across } of layout.lanes) {
    const [a, b] = [layout.point(layout.scale.start, across), layout.point(layout.scale.end, across)];
    placer.avoid({ x1: a.x, y1: a.y, x2: b.x, y2: b.y });
  }
  for (const bar of marks.bars) placer.block(barBox(layout, bar.operation));
  for (const dot of marks.dots) {
    const { x, y } = layout.point(
      layout.scale.place(dot.atUs),
      layout.lane({ kind: "node", name: dot.node }).across,
    );
    placer.block({ x: x - 4, y: y - 4, width: 8, height: 8 });
  }
  const bands = paintBands(layout, placer, marks.bands, lastUs);
  const important = [...marks.chips].sort((a, b) => rank(a.style) - rank(b.style) || a.atUs - b.atUs);
  const chips = important.map((chip) => paintChip(layout, placer, chip, stepAt(chip.atUs)));
  const labels = arrows.map((arrow) =>
    paintArrowLabel(placer, arrow, stepAt(arrow.mark.arrivesUs ?? arrow.mark.sentUs)),
  );
  return html`<svg class="${orientation}" viewBox="0 0 ${layout.width} ${px(layout.height)}" role="img" aria-label="${says}">
${bands}${paintGrid(layout)}${paintLanes(layout, story, rolesOf(story))}${paintBreaks(layout)}
${arrows.map((arrow) => paintArrow(arrow, stepAt(arrow.mark.arrivesUs ?? arrow.mark.sentUs)))}${marks.bars.map((bar) => paintBar(layout, bar, stepOf(bar.operation)))}${marks.dots.map(
  ({ node, atUs, isBad }) => {
    const { x, y } = layout.point(layout.scale.place(atUs), layout.lane({ kind: "node", name: node }).across);
    return group(
      stepAt(atUs),
      html`<circle cx="${px(x)}" cy="${px(y)}" r="3" class="dotmark${isBad ? " doomed" : ""}"/>`,
    );
  },
)}${chips}${labels}</svg>
`;
}

/** Chips are placed in order of what they tell: the paler, the later. */
function rank(style: "new" | "bad" | "answer"): number {
  return style === "bad" ? 0 : style === "new" ? 1 : 2;
}

/** The last moment on the paper. */
function lastOf({ scale }: Layout, story: Story, marks: Marks): number {
  const times = [
    story.endUs,
    ...marks.dots.map(({ atUs }) => atUs),
    ...marks.arrows.map(({ arrivesUs }) => arrivesUs ?? 0),
  ];
  return Math.max(...times.filter((us) => us <= story.endUs || scale.place(us) < scale.end));
}

function barBox(layout: Layout, operation: StoryOperation): ReturnType<typeof boxOf> {
  const across = layout.barAcross(operation);
  const from = layout.scale.place(operation.invokedUs);
  const until = operation.completedUs === null ? layout.scale.end : layout.scale.place(operation.completedUs);
  // A bar of no length is still a bar.
  return boxOf(
    layout.point(from, across - halfBar),
    layout.point(Math.max(until, from + 4), across + halfBar),
  );
}

function paintBar(layout: Layout, { operation, isBad }: BarMark, step: number): Markup {
  const box = barBox(layout, operation);
  const isOpen = operation.outcome === "info" || operation.outcome === "pending";
  const classes = `bar${isBad ? " badbar" : ""}${isOpen ? " open" : ""}`;
  const length = layout.orientation === "wide" ? box.width : box.height;
  return group(step, [
    html`<title>${titleOf(operation)}</title>`,
    rectangle(box, classes, 2),
    layout.orientation === "wide"
      ? wideWords(operation, isBad, box, length)
      : uprightWords(operation, isBad, box, length),
  ]);
}

/** No word fits into a bar shorter than this, in pixels. */
const shortBar = 30;

function beside(operation: StoryOperation): string {
  return operation.f === "read" ? `→ ${answerWords(operation)}` : operation.call;
}

/** What the bar says: the call at its left, the answer at its right, as far as there is room. */
function wideWords(
  operation: StoryOperation,
  isBad: boolean,
  box: ReturnType<typeof boxOf>,
  length: number,
): Part {
  const y = box.y + 16;
  const tone = isBad ? " badtext" : "";
  // A bar that is too short has its words beside it.
  if (length < shortBar) return text({ x: box.x + length + 4, y }, beside(operation), `b${tone}`);
  const answer = answerWords(operation);
  if (operation.f === "read" && operation.outcome === "ok") {
    const whole = `${calledBy(operation)} → ${answer}`;
    const short = `→ ${answer}`;
    const fits = textWidth(whole, "sans") + 12 <= length;
    return text({ x: box.x + (fits ? 8 : 4), y }, fits ? whole : short, `b plain${tone}`);
  }
  const room = length - 12 - textWidth(answer, "sans");
  const call =
    textWidth(operation.call, "sans") <= length - 10 ? operation.call : operation.call.replace(/^\w+ /, "");
  return [
    text({ x: box.x + (call === operation.call ? 8 : 4), y }, call, `b plain${tone}`),
    room > textWidth(call, "sans") ? text({ x: box.x + box.width - 7, y }, answer, "t2 plain", "end") : null,
  ];
}

function uprightWords(
  operation: StoryOperation,
  isBad: boolean,
  box: ReturnType<typeof boxOf>,
  length: number,
): Part {
  const answer = operation.f === "read" && operation.outcome === "ok" ? ` → ${answerWords(operation)}` : "";
  const whole = `${calledBy(operation)}${answer}`;
  const says =
    textWidth(whole, "sans") + 10 <= length
      ? whole
      : cut(whole.replace(/^\w+ /, ""), Math.max(2, Math.floor(length / 7)));
  const { x, y } = { x: box.x + box.width / 2 - 4, y: box.y + 6 };
  return html`<text transform="translate(${px(x)} ${px(y)}) rotate(90)" class="b plain${isBad ? " badtext" : ""}">${says}</text>`;
}

/** Of a read at the end it matters at which node. */
function calledBy({ isFinal, node, call }: StoryOperation): string {
  return isFinal ? `at ${node}` : call;
}

function answerWords({ f, outcome, result }: StoryOperation): string {
  if (outcome === "ok") return f === "read" ? shown(result, 10) : "ok";
  return outcome === "fail" ? "failed" : "?";
}

function titleOf(operation: StoryOperation): string {
  const { client, node, key, call } = operation;
  return `${client} on ${node}: ${call}, key ${cut(key, 24)}: ${answerWords(operation)}${operation.error === null ? "" : ` (${cut(operation.error, 80)})`}`;
}

/** Which node coordinates whose operations: "coordinates A’s write". */
function rolesOf(story: Story): Map<string, string> {
  const roles = new Map<string, string>();
  for (const node of story.nodes) {
    const own = story.operations.filter((operation) => operation.node === node && !operation.isFinal);
    const [first] = own;
    if (first === undefined) continue;
    const clients = [...new Set(own.map(({ client }) => client))];
    const what = own.length === 1 ? `${first.client}’s ${first.f}` : `for ${listed(clients)}`;
    roles.set(node, `coordinates ${what}`);
  }
  return roles;
}
