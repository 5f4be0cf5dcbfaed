import type { Markup, Part } from "../html.ts";
import { html } from "../html.ts";
import type { Point } from "./layout.ts";
import type { Box } from "./placer.ts";

/** A coordinate with one decimal at most: finer ones only make files larger. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

export function line(from: Point, to: Point, classes: string): Markup {
  return html`<line x1="${px(from.x)}" y1="${px(from.y)}" x2="${px(to.x)}" y2="${px(to.y)}" class="${classes}"/>`;
}

export function rectangle({ x, y, width, height }: Box, classes: string, radius: number = 0): Markup {
  return html`<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"${radius === 0 ? null : html` rx="${radius}"`} class="${classes}"/>`;
}

export function text(
  { x, y }: Point,
  says: string,
  classes: string,
  anchor: "start" | "middle" | "end" = "start",
): Markup {
  const end = anchor === "start" ? null : html` text-anchor="${anchor}"`;
  return html`<text x="${px(x)}" y="${px(y)}" class="${classes}"${end}>${says}</text>`;
}

/** What appears with one step of the story, so that a reader can walk through it. */
export function group(step: number, parts: Part): Markup {
  return html`<g data-step="${step}">${parts}</g>
`;
}

/** The box whose corners these points are. */
export function boxOf(a: Point, b: Point): Box {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/** Width of text in pixels, near enough to keep labels apart: 12 px sans, 11.5 px mono. */
export function textWidth(says: string, font: "sans" | "mono"): number {
  return says.length * (font === "mono" ? 7 : 6.3);
}
