import fc from "fast-check";
import type { Deed } from "../history-of.test-support.ts";

/** What random histories of one register may contain. */
export interface Variety {
  readonly deletes: boolean;
  readonly cas: boolean;
  readonly repeated: boolean;
}

/** Histories with spans, values and outcomes drawn freely: most short ones are not linearizable. */
export function anyRegisterHistory(variety: Variety, most = 6): fc.Arbitrary<Deed[]> {
  return fc.integer({ min: 1, max: most }).chain((count) =>
    fc
      .tuple(
        fc.shuffledSubarray(
          Array.from({ length: 2 * count }, (_, tick) => tick),
          { minLength: 2 * count },
        ),
        fc.array(anyDraft(variety, count), { minLength: count, maxLength: count }),
      )
      .map(([ticks, drafts]) => drafts.map((draft, at) => placed(draft, at, ticks, variety))),
  );
}

interface Draft {
  readonly f: "read" | "write" | "delete" | "cas";
  readonly value: number | null;
  readonly next: number;
  readonly outcome: "ok" | "info" | "fail" | "pending";
}

function anyDraft({ deletes, cas }: Variety, count: number): fc.Arbitrary<Draft> {
  const kinds: Draft["f"][] = ["read", "read", "read", "write", "write"];
  if (deletes) kinds.push("delete");
  if (cas) kinds.push("cas");
  return fc.record({
    f: fc.constantFrom(...kinds),
    value: fc.option(fc.integer({ min: 1, max: Math.min(3, count) }), { freq: 5 }),
    next: fc.integer({ min: 1, max: 3 }),
    outcome: fc.constantFrom("ok", "ok", "ok", "ok", "ok", "info", "fail", "pending"),
  });
}

/** Unique values are the numbers of the writes among all writes, so that reads often meet one. */
function placed(
  { f, value, next, outcome }: Draft,
  at: number,
  ticks: readonly number[],
  variety: Variety,
): Deed {
  const one = ticks[2 * at] ?? 0;
  const other = ticks[2 * at + 1] ?? 0;
  const from = Math.min(one, other);
  const end = outcome === "pending" ? { to: null } : { to: Math.max(one, other), type: outcome };
  if (f === "delete") return { f, from, ...end };
  if (f === "cas")
    return { f, value: [value ?? 1, next], from, ...end, ...(outcome === "fail" ? { error: "down" } : {}) };
  if (f === "read") return { f, value, from, ...end };
  return { f, value: variety.repeated ? next : at + 1, from, ...end };
}

/** Histories of a correct register: each operation takes effect at some moment between its ends. */
export function atomicHistory(variety: Variety, most = 12): fc.Arbitrary<Deed[]> {
  return fc.integer({ min: 1, max: most }).chain((count) =>
    fc
      .tuple(
        fc.shuffledSubarray(
          Array.from({ length: 3 * count }, (_, tick) => tick),
          { minLength: 3 * count },
        ),
        fc.array(anyDraft(variety, count), { minLength: count, maxLength: count }),
        fc.array(fc.boolean(), { minLength: count, maxLength: count }),
      )
      .map(([ticks, drafts, takeEffect]) => playAtomically(ticks, drafts, takeEffect, variety)),
  );
}

function playAtomically(
  ticks: readonly number[],
  drafts: readonly Draft[],
  takeEffect: readonly boolean[],
  variety: Variety,
): Deed[] {
  const spans = drafts.map((draft, at) => {
    const [from = 0, moment = 0, to = 0] = [...ticks.slice(3 * at, 3 * at + 3)].sort((a, b) => a - b);
    return { draft, at, from, moment, to };
  });
  let state: number | null = null;
  const deeds: Deed[] = [];
  for (const { draft, at, from, to } of spans.sort((a, b) => a.moment - b.moment)) {
    const asked: Deed = { ...placed(draft, at, [], variety), from, ...endOf(draft, to) };
    if (asked.f === "read") {
      deeds.push({ ...asked, value: state });
    } else if (asked.f === "cas" && (asked.value as number[])[0] !== state) {
      // Refused, and said so without an error: the value was another one.
      deeds.push({ f: "cas", value: asked.value ?? null, from, to, type: "fail" });
    } else {
      deeds.push(asked);
      if (happens(draft, takeEffect[at] === true)) state = stateAfter(asked, state);
    }
  }
  return deeds;
}

function endOf({ outcome }: Draft, to: number): Pick<Deed, "to" | "type"> {
  return outcome === "pending" ? { to: null } : { to, type: outcome };
}

function happens({ outcome }: Draft, luck: boolean): boolean {
  return outcome === "ok" || (outcome !== "fail" && luck);
}

function stateAfter({ f, value = null }: Deed, state: number | null): number | null {
  if (f === "write") return value as number;
  if (f === "delete") return null;
  return f === "cas" ? ((value as number[])[1] ?? null) : state;
}
