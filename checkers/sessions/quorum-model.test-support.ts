import fc from "fast-check";
import type { Deed } from "../history-of.test-support.ts";

/** How the replicas of the model are read and written. There are three of them, and the last write wins. */
export interface QuorumModel {
  readonly w: number;
  readonly r: number;
  /** `own`: a session always reads the same replica. `token`: a read goes on until it has what its session knows of. */
  readonly reads: "quorum" | "own" | "token";
  readonly keys: readonly string[];
}

interface Step {
  readonly session: number;
  readonly f: "read" | "write" | "delete";
  readonly key: number;
  readonly gap: number;
  /** How long it takes to each replica; a replica that a write never reaches makes it one of unknown outcome. */
  readonly delays: readonly [number, number, number];
  readonly isLost: boolean;
}

const replicas = [0, 1, 2] as const;
const sessions = 4;

/** What sessions see of replicas with clean clocks, and of a rest in which every replica has received all writes. */
export function quorumHistory(
  model: QuorumModel,
  most = 24,
): fc.Arbitrary<{ deeds: Deed[]; restAt: number }> {
  const delay = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 200, max: 600 }));
  const step = fc.record({
    session: fc.nat({ max: sessions - 1 }),
    f: fc.constantFrom<Step["f"][]>("read", "read", "read", "write", "write", "delete"),
    key: fc.nat({ max: model.keys.length - 1 }),
    gap: fc.integer({ min: 1, max: 30 }),
    delays: fc.tuple(delay, delay, delay),
    isLost: fc.integer({ min: 0, max: 9 }).map((luck) => luck === 0),
  });
  return fc
    .array(step, { minLength: Math.trunc(most / 3), maxLength: most })
    .map((steps) => play(model, steps));
}

interface Played {
  readonly step: Step;
  readonly value: number | null;
  readonly from: number;
  /** Null where too few replicas answer. */
  readonly to: number | null;
}

function play(model: QuorumModel, steps: readonly Step[]): { deeds: Deed[]; restAt: number } {
  const nextStart = Array.from({ length: sessions }, () => 0);
  const timed = steps.map((step, at): Played => {
    const from = (nextStart[step.session] ?? 0) + step.gap + at / 1_000;
    const needed = step.f === "read" ? neededBy(model) : model.w;
    const last = [...step.delays].sort((a, b) => a - b)[needed - 1] ?? 0;
    const to = step.isLost && step.f !== "read" ? null : from + last + at / 10_000;
    nextStart[step.session] = to ?? from + 50;
    return { step, value: step.f === "write" ? at + 1 : null, from, to };
  });
  const writes = timed.filter(({ step }) => step.f !== "read");
  const tokens = new Map<string, Played>();
  const ordered = [...timed].sort((a, b) => (a.to ?? a.from) - (b.to ?? b.from));
  const shown = new Map<Played, number | null>();
  for (const played of ordered) {
    const name = `${played.step.session}/${played.step.key}`;
    const token = tokens.get(name);
    const seen = played.step.f === "read" ? latest(model, played, writes, token) : played;
    if (played.step.f === "read") shown.set(played, seen?.value ?? null);
    if (played.to !== null && seen !== undefined && seen.from > (token?.from ?? -1)) tokens.set(name, seen);
  }
  return inTicks(model, timed, shown, finalValues(model, writes));
}

function neededBy({ r, reads }: QuorumModel): number {
  return reads === "quorum" ? r : 1;
}

/** The newest write that a read meets at the replicas that answered it. */
function latest(
  model: QuorumModel,
  read: Played,
  writes: readonly Played[],
  token?: Played,
): Played | undefined {
  const own = read.step.session % replicas.length;
  const fastest = [...replicas].sort((a, b) => read.step.delays[a] - read.step.delays[b]);
  const asked = model.reads === "own" ? [own] : fastest.slice(0, neededBy(model));
  const met = writes.filter(({ step, from }) => {
    const reaches = (replica: 0 | 1 | 2): boolean =>
      !(step.isLost && replica === 2) && from + step.delays[replica] <= read.from + 0.5;
    return step.key === read.step.key && asked.some((replica) => reaches(replica as 0 | 1 | 2));
  });
  if (model.reads === "token" && token !== undefined) met.push(token);
  return newest(met);
}

function finalValues(model: QuorumModel, writes: readonly Played[]): readonly (number | null)[] {
  return model.keys.map((_, key) => newest(writes.filter(({ step }) => step.key === key))?.value ?? null);
}

function newest(writes: readonly Played[]): Played | undefined {
  return [...writes].sort((a, b) => b.from - a.from)[0];
}

function inTicks(
  { keys }: QuorumModel,
  played: readonly Played[],
  shown: ReadonlyMap<Played, number | null>,
  finals: readonly (number | null)[],
): { deeds: Deed[]; restAt: number } {
  const times = played.flatMap(({ from, to }) => (to === null ? [from] : [from, to])).sort((a, b) => a - b);
  const tick = (time: number): number => times.indexOf(time);
  const deeds = played.map((each): Deed => {
    const { step, from, to } = each;
    return {
      f: step.f,
      value: shown.has(each) ? (shown.get(each) ?? null) : each.value,
      from: tick(from),
      to: to === null ? null : tick(to),
      key: keys[step.key] ?? "x",
      process: step.isLost ? `${step.session}.${from}` : step.session,
      session: `s${step.session}`,
    };
  });
  const restAt = times.length;
  const reads = finals.map((value, key): Deed => {
    const from = restAt + 1 + 2 * key;
    return {
      f: "read",
      value,
      from,
      to: from + 1,
      key: keys[key] ?? "x",
      process: "final",
      session: "final",
    };
  });
  return { deeds: [...deeds, ...reads], restAt };
}
