/**
 * What could move a terminal's cursor, reverse or hide text: control characters of both blocks, marks of
 * direction and of no width, separators of lines, and halves of surrogate pairs.
 */
const unprintable =
  /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** A text that may have come from anywhere, safe to show at a terminal: what cannot be seen is written as `\u001b`. */
export function printable(text: string): string {
  return text.replace(unprintable, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
