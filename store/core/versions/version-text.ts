import type { NotedVersion } from "./noted-version.ts";
import type { State, Version } from "./version.ts";
import { headOf } from "./version.ts";

/**
 * A version for people: `@1012 n1#3f2a.7`, that is time, node, the first digits of its incarnation, and
 * sequence. What stands before `#` is enough for a picture.
 */
export function versionText(version: Version): string {
  return `@${version.time} ${version.node}#${version.incarnation.slice(0, 4)}.${version.sequence}`;
}

/** The text of the version that speaks for a state, or null where there is none. */
export function stateVersionText(state: State): string | null {
  const head = headOf(state);
  return head === null ? null : versionText(head.version);
}

/** A state as pictures show it. Of several siblings all values, joined, and the first one's version. */
export function noted(state: State): NotedVersion {
  const head = headOf(state);
  if (head === null) return { value: null, version: "", deleted: state.context.length > 0 };
  if (state.entries.length === 1) {
    return { value: head.value, version: versionText(head.version), deleted: head.deleted };
  }
  const values = state.entries.map((entry) => entry.value ?? "null");
  return { value: `[${values.join(",")}]`, version: versionText(head.version), deleted: false };
}
