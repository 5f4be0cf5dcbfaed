import type { Deed } from "../history-of.test-support.ts";

/** Tries every order of the operations, and for those of unknown outcome also leaving them out. Slow and plain. */
export function isLinearizable(deeds: readonly Deed[]): boolean {
  const relevant = deeds.filter((deed) => !(deed.f === "read" && !isOk(deed)) && outcomeOf(deed) !== "fail");
  return canFinish(relevant, null);
}

function canFinish(left: readonly Deed[], state: unknown): boolean {
  if (left.every((deed) => !isOk(deed))) return true;
  return left.some((deed) => {
    const mustWait = left.some((other) => other !== deed && isOk(other) && (other.to ?? 0) < deed.from);
    if (mustWait) return false;
    const next = step(deed, state);
    return (
      next !== undefined &&
      canFinish(
        left.filter((other) => other !== deed),
        next,
      )
    );
  });
}

/** The next state; undefined where the register forbids the step. */
function step({ f, value = null }: Deed, state: unknown): unknown {
  if (f === "read") return value === state ? state : undefined;
  if (f === "write") return value;
  if (f === "delete") return null;
  const [expected, next] = value as [unknown, unknown];
  return expected === state ? next : undefined;
}

/** Regularity by its definition: for each read, each write that it may have read from, each write in between. */
export function isRegular(deeds: readonly Deed[]): boolean {
  const writes = deeds
    .filter(({ f }) => f === "write" || f === "delete")
    .filter((deed) => outcomeOf(deed) !== "fail");
  const initial: Deed = { f: "delete", from: -2, to: -1 };
  return deeds
    .filter((deed) => deed.f === "read" && isOk(deed))
    .every((read) => [initial, ...writes].some((source) => mayReturn(read, source, writes.filter(isOk))));
}

function mayReturn(read: Deed, source: Deed, finished: readonly Deed[]): boolean {
  const left = source.f === "delete" ? null : source.value;
  if (left !== (read.value ?? null) || source.from > (read.to ?? 0)) return false;
  const end = isOk(source) ? (source.to ?? 0) : Number.POSITIVE_INFINITY;
  return !finished.some((newer) => end < newer.from && (newer.to ?? 0) < read.from);
}

function isOk(deed: Deed): boolean {
  return outcomeOf(deed) === "ok";
}

function outcomeOf({ to, type = "ok" }: Deed): string {
  return to === null ? "info" : type;
}
