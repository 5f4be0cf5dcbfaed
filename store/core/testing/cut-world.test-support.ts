import type { ClientReply } from "../request.ts";
import { ringOf } from "../ring.ts";
import type { Route } from "./fake-world.test-support.ts";
import { FakeWorld } from "./fake-world.test-support.ts";
import { valuesOf } from "./replies.test-support.ts";

/** Five nodes, of which three own the key `x`; heartbeats and suspicion are quick. */
export interface CutWorld {
  readonly world: FakeWorld;
  /** The owners of `x`, in order. */
  readonly owners: readonly string[];
  /** The other two, in the order in which they stand in. */
  readonly others: readonly string[];
}

const five = ["n1", "n2", "n3", "n4", "n5"];

/** A world of five nodes with one keyspace `k` of three replicas, and heartbeats every 10 ms. */
export function cutWorld(settings: object, defect?: string): CutWorld {
  const members = five.map((id) => ({ id, dc: "dc1" }));
  const walk = ringOf(members).walk("x");
  const sloppy = { heartbeatMs: 10, suspectAfterMs: 35 };
  const world = new FakeWorld(five, [{ name: "k", n: 3, w: 2, r: 2, sloppy, ...settings }], defect);
  return {
    world,
    owners: walk.slice(0, 3).map(({ id }) => id),
    others: walk.slice(3).map(({ id }) => id),
  };
}

/** A network in which only the nodes of one side reach one another; the others are alone. */
export function only(...side: readonly string[]): Route {
  return (from, to) => (side.includes(from) && side.includes(to) ? 1_000 : null);
}

/** A network cut in two. */
export function halves(side: readonly string[]): Route {
  return (from, to) => (side.includes(from) === side.includes(to) ? 1_000 : null);
}

/** A sound network. */
export const sound: Route = () => 1_000;

/** What a node holds of `x` in its own table. */
export function holds(world: FakeWorld, id: string): string | null | undefined {
  return world.node(id).dump("k")[0]?.values[0]?.value;
}

/** Long enough for heartbeats to be missed. */
export const suspicionUs: number = 60_000;
/** Long enough for every wait between tries but the longest. */
export const restUs: number = 2_000_000;

/** What all owners hold of `x`. */
export function atHome({ world, owners }: CutWorld): readonly (string | null | undefined)[] {
  return owners.map((id) => holds(world, id));
}

/** Hints that are kept, by node. */
export function kept({ world, owners, others }: CutWorld): readonly number[] {
  return [...owners, ...others].map((id) => world.node(id).metrics.hintsKept);
}

/** A world in which `a` was written by the two that own nothing, while they were alone. */
export function writtenElsewhere(settings: object, defect?: string): CutWorld {
  const cut = cutWorld(settings, defect);
  const { world, others } = cut;
  world.route = only(...others);
  world.run(suspicionUs);
  const written = world.ask(others[0] ?? "", { f: "put", value: "a" });
  world.run();
  if (valuesOf(written).length > 0) throw new Error("a write was answered with values");
  if (atHome(cut).some((value) => value !== undefined)) throw new Error("the write is at home");
  return cut;
}

/** A write of `x`, after as long as it takes where nobody is missing. */
export function put(world: FakeWorld, id: string, value: string): ClientReply[] {
  const replies = world.ask(id, { f: "put", value });
  world.run(10_000);
  return replies;
}
