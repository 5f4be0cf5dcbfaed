/** Longest piece of somebody's text that a message shows, in characters. Chosen: a message stays a line or two. */
const longestExcerpt = 60;

/** The beginning of a text, its loss marked. */
export function excerpt(text: string): string {
  return text.length <= longestExcerpt ? text : `${text.slice(0, longestExcerpt - 1)}…`;
}
