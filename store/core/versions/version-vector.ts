import type { ActorCounter, Version, VersionVector } from "./version.ts";

/**
 * A version vector stands for a set of events: of each actor all those up to its counter. An actor that is
 * not there has none, exactly as one whose counter is 0.
 */

/** How two sets of events relate: the first a part of the second, the other way round, the same, or neither. */
export type VectorOrder = "before" | "after" | "equal" | "concurrent";

/** How many events of an actor a vector knows. */
export function counterOf(vector: VersionVector, node: string, incarnation: string): number {
  for (const actor of vector) {
    if (actor.node === node && actor.incarnation === incarnation) return actor.counter;
  }
  return 0;
}

/** Whether a vector knows the event that made a version. */
export function hasEvent(vector: VersionVector, { node, incarnation, sequence }: Version): boolean {
  return counterOf(vector, node, incarnation) >= sequence;
}

/** Whether the first knows every event that the second knows. */
export function includesAll(vector: VersionVector, other: VersionVector): boolean {
  for (const { node, incarnation, counter } of other) {
    if (counterOf(vector, node, incarnation) < counter) return false;
  }
  return true;
}

/** Compares the sets of events. */
export function compareVectors(a: VersionVector, b: VersionVector): VectorOrder {
  const isAfter = includesAll(a, b);
  const isBefore = includesAll(b, a);
  if (isAfter) return isBefore ? "equal" : "after";
  return isBefore ? "before" : "concurrent";
}

/** All events of either, sorted by actor. The first vector itself where the second adds nothing. */
export function joinVectors(a: VersionVector, b: VersionVector): VersionVector {
  if (includesAll(a, b)) return a;
  const joined = [...a];
  for (const actor of b) {
    const place = joined.findIndex((other) => compareActors(other, actor) >= 0);
    const other = joined[place];
    if (actor.counter === 0) continue;
    if (other === undefined) joined.push(actor);
    else if (compareActors(other, actor) > 0) joined.splice(place, 0, actor);
    else if (other.counter < actor.counter) joined[place] = actor;
  }
  return joined;
}

/** The events of a vector, and those of a version's actor up to it. */
export function withEvent(vector: VersionVector, version: Version): VersionVector {
  const { node, incarnation, sequence } = version;
  return joinVectors(vector, [{ node, incarnation, counter: sequence }]);
}

/** Orders dots: by node, life, and counter. */
export function compareDots(a: Version, b: Version): number {
  return compareActors(a, b) || a.sequence - b.sequence;
}

type Actor = Pick<ActorCounter, "node" | "incarnation">;

function compareActors(a: Actor, b: Actor): number {
  if (a.node !== b.node) return a.node < b.node ? -1 : 1;
  if (a.incarnation !== b.incarnation) return a.incarnation < b.incarnation ? -1 : 1;
  return 0;
}
