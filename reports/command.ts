import type { Markup } from "./html.ts";
import { html } from "./html.ts";

/** A command in a frame, with a button that copies it. */
export function command(id: string, text: string): Markup {
  return html`<div class="command keep"><code id="${id}">${text}</code><button class="screen" type="button" data-copy="${id}" hidden>copy</button></div>`;
}

/** A path as a shell takes it. */
export function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
