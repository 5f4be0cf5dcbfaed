/** Text that is already HTML. Only `html` and `raw` make it, so that everything else is escaped. */
export interface Markup {
  readonly markup: string;
}

/** What a template may hold: text and numbers are escaped, markup and lists of it are not, `null` is nothing. */
export type Part = Markup | string | number | null | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes any text harmless in element content and in quoted attributes. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

/** Declares text to be markup. For constants of this folder only, never for data. */
export function raw(markup: string): Markup {
  return { markup };
}

/** A template whose holes are escaped unless they hold markup. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let markup = pieces[0] ?? "";
  for (let index = 0; index < parts.length; index += 1) {
    markup += render(parts[index] ?? null) + (pieces[index + 1] ?? "");
  }
  return { markup };
}

function render(part: Part): string {
  if (part === null) return "";
  if (typeof part === "string") return escapeText(part);
  if (typeof part === "number") return String(part);
  if ("markup" in part) return part.markup;
  return part.map(render).join("");
}

/** Parts with a separator between them. */
export function joined(parts: readonly Part[], separator: Part): Markup {
  return html`${parts.map((part, index) => (index === 0 ? part : [separator, part]))}`;
}

/** A name that is safe as a file name and as an element's id, whatever it came from. */
export function safeName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+/, "");
  return safe === "" ? "unnamed" : safe;
}

/** A `data:` address that holds the text itself, so that a page can offer a file without a server. */
export function dataAddress(mediaType: string, text: string): string {
  return `data:${mediaType};charset=utf-8,${encodeURIComponent(text)}`;
}
