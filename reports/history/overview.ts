import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Outcome } from "../../harness/history/history.ts";
import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import { line, px, rectangle, text, textWidth } from "../space-time/svg.ts";
import { cut, figure } from "../wording.ts";
import type { FaultBand, Moment } from "./fault-bands.ts";
import type { HistoryFacts } from "./history-facts.ts";
import { figuresOf } from "./ruler.ts";

/** A place in the history that the overview leads to. */
export interface Landmark {
  readonly index: number;
  readonly timeNs: number;
  /** The id of its part of the page. */
  readonly id: string;
  readonly says: string;
  readonly kind: "anomaly" | "undecided";
}

/** Sizes in pixels. A column is two of them wide, as finer ones are not seen. */
const sizes = { wide: { width: 1136, room: 84 }, narrow: { width: 358, room: 62 } } as const;
const columnPx = 2;
/** From top to bottom: a row for the names of faults, one for marks, the columns, and figures below the floor. */
const [namesAt, marksAt, columnsFrom, floor, height] = [11, 18, 32, 80, 100];

/** Most bands that are drawn, and of these, named. */
const mostBands = 200;

/** The whole history in one strip: how much was asked when, how much was not answered, faults, and what was found. */
export function overview(
  history: History,
  facts: HistoryFacts,
  bands: readonly FaultBand[],
  landmarks: readonly Landmark[],
): Markup {
  const says = `${figure(facts.operations)} operations over time, ${figure(facts.failed + facts.unknown)} of them failed or of unknown outcome`;
  const strip = (size: keyof typeof sizes): Markup =>
    paintStrip(history, facts, bands, landmarks, size, says);
  return html`<figure class="overview">${strip("wide")}${strip("narrow")}</figure>`;
}

function paintStrip(
  history: History,
  facts: HistoryFacts,
  bands: readonly FaultBand[],
  landmarks: readonly Landmark[],
  size: keyof typeof sizes,
  says: string,
): Markup {
  const { width, room } = sizes[size];
  // Without faults there are no names: the picture begins below them.
  const top = bands.length === 0 ? marksAt - 2 : 0;
  const axis = stripAxis(facts, width);
  const counts = countColumns(history, axis, Math.floor(width / columnPx));
  const most = counts.all.reduce((max, count) => Math.max(max, count), 1);
  return html`<svg class="${size === "wide" ? "wide" : "upright"}" viewBox="0 ${top} ${width} ${height - top}" role="img" aria-label="${says}">
${paintBands(bands, axis, width)}<path d="${columnsPath(counts.all, most)}" class="density"/><path d="${columnsPath(counts.bad, most)}" class="density unanswered"/>
${line({ x: 0, y: floor }, { x: width, y: floor }, "lane")}${axis.figures(room).map(({ at, label }) => paintFigure(at, label, width))}
${landmarks.map((landmark) => paintLandmark(landmark, axis, width))}</svg>
`;
}

interface StripAxis {
  place(moment: Moment): number;
  readonly isClock: boolean;
  figures(room: number): { at: number; label: string }[];
}

function stripAxis({ clock, firstIndex, lastIndex }: HistoryFacts, width: number): StripAxis {
  if (clock === null) {
    const span = Math.max(1, lastIndex - firstIndex);
    return {
      isClock: false,
      place: ({ index }) => ((index - firstIndex) / span) * width,
      figures: () => [
        { at: 0, label: `event ${figure(firstIndex)}` },
        { at: width, label: figure(lastIndex) },
      ],
    };
  }
  const { fromNs, toNs } = clock;
  const spanUs = (toNs - fromNs) / 1_000;
  const place = (us: number): number => ((us - fromNs / 1_000) / spanUs) * width;
  return {
    isClock: true,
    place: ({ timeNs }) => place(timeNs / 1_000),
    figures: (room) =>
      figuresOf([{ fromUs: fromNs / 1_000, toUs: toNs / 1_000, place }], spanUs / width, toNs / 1_000, room),
  };
}

/** Operations by the column in which they began: all, and those that failed or whose outcome is unknown. */
function countColumns(
  history: History,
  axis: StripAxis,
  columns: number,
): { all: Int32Array; bad: Int32Array } {
  const all = new Int32Array(columns);
  const bad = new Int32Array(columns);
  const moment = { index: 0, timeNs: 0 };
  for (let row = 0; row < history.length; row += 1) {
    moment.index = cell(history.invokeIndex, row);
    moment.timeNs = history.invokedNs[row] ?? 0;
    const column = Math.max(0, Math.min(columns - 1, Math.floor(axis.place(moment) / columnPx)));
    all[column] = cell(all, column) + 1;
    if (history.outcome[row] !== Outcome.ok) bad[column] = cell(bad, column) + 1;
  }
  return { all, bad };
}

/** An outline over all columns, the fullest as high as there is room. One operation is never invisible. */
function columnsPath(counts: Int32Array, most: number): string {
  const path = [`M0 ${floor}`];
  let last = -1;
  counts.forEach((count, column) => {
    const high = count === 0 ? 0 : Math.max(1, px((count / most) * (floor - columnsFrom)));
    if (high !== last) path.push(`H${column * columnPx}V${px(floor - high)}`);
    last = high;
  });
  return `${path.join("")}H${counts.length * columnPx}V${floor}z`;
}

/** A figure under its tick, pushed in where it would hang over the end. */
function paintFigure(at: number, label: string, width: number): Markup {
  const half = textWidth(label, "sans") / 2;
  const x = Math.min(Math.max(at, half), width - half);
  return html`${line({ x: at, y: floor }, { x: at, y: floor + 4 }, "lane")}${text({ x, y: floor + 16 }, label, "t3 plain", "middle")}`;
}

function paintBands(bands: readonly FaultBand[], axis: StripAxis, width: number): Part {
  let free = 0;
  return bands.slice(0, mostBands).map(({ label, from, until }, at) => {
    const x = axis.place(from);
    const end = until === null ? width : axis.place(until);
    const room = Math.max(1, end - x);
    const shade = rectangle({ x, y: 0, width: room, height: floor }, "band");
    const words = cut(label, 40);
    const next = bands[at + 1];
    const last = next === undefined ? width : axis.place(next.from);
    if (x < free || x + textWidth(words, "sans") > last) return [shade, null];
    free = x + textWidth(words, "sans");
    return [shade, text({ x: x + 3, y: namesAt }, words, "faulttext plain")];
  });
}

function paintLandmark(landmark: Landmark, axis: StripAxis, width: number): Markup {
  const x = Math.max(0, Math.min(width - 2, axis.place(landmark) - 1));
  // The part that can be pointed at is wider than what is seen.
  return html`<a href="#${landmark.id}"><title>${cut(landmark.says, 90)}</title>${rectangle({ x: x - 3, y: marksAt - 2, width: 8, height: 14 }, "target")}${rectangle({ x, y: marksAt, width: 2, height: 11 }, `landmark ${landmark.kind}`)}</a>`;
}
