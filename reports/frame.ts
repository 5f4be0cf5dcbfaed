import type { Markup, Part } from "./html.ts";
import { html } from "./html.ts";
import { stylesheet } from "./stylesheet.ts";

/** What a page has besides its content. */
export interface PageFrame {
  readonly title: string;
  /** The line above the heading: where the page stands, and what leads elsewhere. */
  readonly crumbs: Part;
  readonly aside: Part;
  readonly script: Markup | null;
  /** Styles of this kind of page alone. */
  readonly style?: Markup;
}

/**
 * A whole page in one file: its own styles, no address but those of its neighbours. The content policy
 * forbids everything else, should hostile text ever find a way through the escaping.
 */
export function page(frame: PageFrame, content: Part): string {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src ${frame.script === null ? "'none'" : "'unsafe-inline'"}; img-src data:; base-uri 'none'; form-action 'none'">
<title>${frame.title}</title>
<link rel="icon" href="data:,">
<style>
${stylesheet}${frame.style ?? null}
</style>
</head>
<body>
<header class="crumbs"><span>${frame.crumbs}</span><span>${frame.aside}</span></header>
<main>
${content}
</main>
${frame.script === null ? null : html`<script>${frame.script}</script>`}
</body>
</html>
`;
  return markup;
}

/** Facts in one line; the dot ends an item, so that a wrapped line never begins with one. */
export function metaLine(facts: readonly Part[]): Markup {
  return html`<p class="meta">${facts.filter((fact) => fact !== null).map((fact) => html`<span>${fact}</span> `)}</p>`;
}
