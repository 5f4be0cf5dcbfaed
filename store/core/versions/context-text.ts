import type { VersionVector } from "./version.ts";

/**
 * A context as clients carry it, for example `n1#3f2a77aa00112233:7,n2#:3`: node, its life (empty where the
 * node itself is the actor), and counter. Null for a context of nothing.
 */
export function contextText(context: VersionVector): string | null {
  if (context.length === 0) return null;
  return context.map(({ node, incarnation, counter }) => `${node}#${incarnation}:${counter}`).join(",");
}

const actorPattern = /^(?<node>[\w.-]{1,32})#(?<incarnation>[0-9a-f]{0,16}):(?<counter>[1-9][0-9]{0,14})$/;

/** Reads a context; null where the text is none. Actors are sorted, and each is there once. */
export function parseContext(text: string): VersionVector | null {
  const context: { node: string; incarnation: string; counter: number }[] = [];
  for (const part of text.split(",")) {
    const { node, incarnation, counter } = actorPattern.exec(part)?.groups ?? {};
    if (node === undefined || incarnation === undefined || counter === undefined) return null;
    context.push({ node, incarnation, counter: Number(counter) });
  }
  context.sort((a, b) => compareTexts(a.node, b.node) || compareTexts(a.incarnation, b.incarnation));
  const isTwice = context.some((actor, index) => {
    const before = context[index - 1];
    return before !== undefined && before.node === actor.node && before.incarnation === actor.incarnation;
  });
  return isTwice ? null : context;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
