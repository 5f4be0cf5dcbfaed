import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import type { Box } from "../space-time/placer.ts";
import { Placer } from "../space-time/placer.ts";
import { px, text, textWidth } from "../space-time/svg.ts";
import type { StoryOperation } from "../story/operations.ts";
import { cut } from "../wording.ts";
import { isOpen } from "./axis.ts";
import { callWords, wholeWords } from "./operation-words.ts";
import { paintBands, paintBreaks, paintFigures, paintLanes } from "./paint-ground.ts";
import { paintForced, paintZoneEnds } from "./paint-order.ts";
import type { PictureLayout, PictureSize } from "./picture-layout.ts";
import { pictureLayout, titleBox } from "./picture-layout.ts";
import type { Scene } from "./scene.ts";

/** The picture of some operations, twice: for wide screens and for narrow ones. */
export function picture(scene: Scene, says: string): Markup {
  return html`${paint(scene, "wide", says)}${paint(scene, "narrow", says)}`;
}

function paint(scene: Scene, size: PictureSize, says: string): Markup {
  const layout = pictureLayout(scene, size, scene.bands.length);
  const placer = new Placer(layout.paper);
  for (const lane of layout.lanes) placer.block(titleBox(lane));
  const told = scene.told.map((operation) => ({ operation, box: layout.bar(operation) }));
  for (const { box } of told) placer.block(box);
  for (const operation of scene.around) placer.avoid(middleOf(layout.bar(operation)));
  // The order in which labels are placed is the order of what they tell; what is painted last lies on top.
  const inside = told.filter(({ operation, box }) => fits(labelOf(scene, operation, size), box));
  const outside = told.filter((each) => !inside.includes(each));
  const forced = paintForced(scene, layout, placer);
  const zoneEnds = paintZoneEnds(scene, layout, placer);
  const words = [
    ...inside.map(({ operation, box }) => innerLabel(scene, operation, box, size)),
    ...outside.map(({ operation, box }) => outerLabel(scene, operation, box, size, placer)),
  ];
  return html`<svg class="${size === "wide" ? "wide" : "upright"}" viewBox="0 0 ${layout.width} ${px(layout.height)}" role="img" aria-label="${says}">
${paintBands(scene, layout)}${paintFigures(layout)}${paintLanes(layout)}${paintBreaks(layout)}
${paintAround(scene, layout)}${forced}${told.map(({ operation, box }) => paintBar(scene, operation, box))}
${zoneEnds}${words}</svg>
`;
}

/** The line that a pale bar lies on: labels may cover it, but rather not. */
function middleOf({ x, y, width, height }: Box): { x1: number; y1: number; x2: number; y2: number } {
  return { x1: x, y1: y + height / 2, x2: x + width, y2: y + height / 2 };
}

/** More operations than this have their names alone on narrow screens: words would cover one another. */
const mostWorded = 6;

/** What a bar says; reads that others must be told from have the name in which orders are written. */
function labelOf({ names, told }: Scene, operation: StoryOperation, size: PictureSize): string {
  const name = names.get(operation);
  if (name !== undefined && size === "narrow" && told.length > mostWorded) return name;
  const isOneKey = told.every(({ key }) => key === told[0]?.key);
  const whole = `${wholeWords(operation)}${isOneKey ? "" : ` (${cut(operation.key, 10)})`}`;
  return name !== undefined && operation.f !== "write" && /\d/.test(name) ? `${name}: ${whole}` : whole;
}

function fits(says: string, { width }: Box): boolean {
  return textWidth(says, "sans") + 12 <= width;
}

/** Filled where it ended well, only framed where it failed, without an end where nobody knows. */
function paintBar(scene: Scene, operation: StoryOperation, box: Box): Markup {
  const tone = operation === scene.shows ? " badbar" : operation.isEvidence ? "" : " source";
  const classes = `bar ${operation.outcome === "fail" ? "failed" : isOpen(operation) ? "open" : "ok"}${tone}`;
  const title = html`<title>${titleOf(operation)}</title>`;
  return html`<path d="${outline(operation, box)}" class="${classes}" data-op="${operation.row}">${title}</path>`;
}

function outline(operation: StoryOperation, { x, y, width, height }: Box): string {
  const [left, right] = [px(x), px(x + width)];
  const path = `M${right} ${px(y)}H${left}v${height}H${right}`;
  return isOpen(operation) ? path : `${path}z`;
}

function titleOf(operation: StoryOperation): string {
  const { client, key, error, invokeIndex } = operation;
  const why = error === null ? "" : ` (${cut(error, 80)})`;
  const where = key === "" ? "" : `, key ${cut(key, 24)}`;
  return `${cut(client, 24)}: ${wholeWords(operation)}${why}${where}, event ${invokeIndex}`;
}

function tones(scene: Scene, operation: StoryOperation): string {
  return operation === scene.shows ? " badtext" : "";
}

function innerLabel(scene: Scene, operation: StoryOperation, box: Box, size: PictureSize): Markup {
  const at = { x: box.x + 7, y: box.y + box.height / 2 + 4 };
  return text(at, labelOf(scene, operation, size), `b plain${tones(scene, operation)}`);
}

/** Beside, above or below the bar, wherever there is room. */
function outerLabel(
  scene: Scene,
  operation: StoryOperation,
  box: Box,
  size: PictureSize,
  placer: Placer,
): Markup {
  const says = labelOf(scene, operation, size);
  const [width, height] = [textWidth(says, "sans") * 1.06, 14];
  const middle = box.y + box.height / 2 - height / 2;
  const [above, below] = [box.y - height - 1, box.y + box.height + 1];
  const places = [
    { x: box.x, y: above },
    { x: box.x + box.width + 5, y: middle },
    { x: box.x, y: below },
    { x: box.x - width - 5, y: middle },
    { x: box.x + box.width - width, y: above },
    { x: box.x + box.width - width, y: below },
  ];
  const place = placer.place(places.map((at) => ({ ...at, width, height })));
  return text({ x: place.x, y: place.y + 11 }, says, `b${tones(scene, operation)}`);
}

/** All pale bars of one look in one path; only what has room for words has an element of its own. */
function paintAround({ around }: Scene, layout: PictureLayout): Part {
  const path = (isWanted: (operation: StoryOperation) => boolean): string =>
    around
      .filter(isWanted)
      .map((operation) => outline(operation, slim(layout.bar(operation))))
      .join("");
  const failed = ({ outcome }: StoryOperation): boolean => outcome === "fail";
  const words = around.map((operation) => {
    const box = layout.bar(operation);
    const says = wholeWords(operation);
    const fitting = fits(says, box) ? says : fits(callWords(operation), box) ? callWords(operation) : null;
    return fitting === null
      ? null
      : text({ x: box.x + 6, y: box.y + box.height / 2 + 4 }, fitting, "t3 plain");
  });
  return html`<path d="${path((op) => !failed(op) && !isOpen(op))}" class="pale"/><path d="${path(failed)}" class="pale failed"/><path d="${path((op) => isOpen(op))}" class="pale open"/>${words}`;
}

function slim({ x, y, width, height }: Box): Box {
  return { x, y: y + 3, width, height: height - 6 };
}
