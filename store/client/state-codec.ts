import type { ActorCounter, Entry, State, Version } from "../core/versions/version.ts";
import { WireError } from "./wire.ts";

/** States and versions as lists without field names: they would be two thirds of a small message. */

export function packVersion({ time, node, incarnation, sequence }: Version): unknown[] {
  return [time, node, incarnation, sequence];
}

export function unpackVersion(value: unknown): Version {
  const [time, node, incarnation, sequence] = listOf(value, "a version", 4);
  return {
    time: numberOf(time, "version time"),
    node: nameOf(node, "version node"),
    incarnation: nameOf(incarnation, "version incarnation"),
    sequence: numberOf(sequence, "version sequence"),
  };
}

/** A state without siblings is the list of its entries alone. */
export function packState({ entries, context }: State): unknown[] {
  const packed = entries.map(packEntry);
  return context.length === 0 ? packed : [packed, context.map(packActor)];
}

export function unpackState(value: unknown): State {
  const list = listOf(value, "a state");
  const isWithContext = list.length === 2 && Array.isArray(list[0]) && !isEntry(list[0]);
  if (!isWithContext) return { entries: list.map(unpackEntry), context: [] };
  return { entries: listOf(list[0], "entries").map(unpackEntry), context: unpackContext(list[1]) };
}

export function packContext(context: readonly ActorCounter[]): unknown[] {
  return context.map(packActor);
}

export function unpackContext(value: unknown): readonly ActorCounter[] {
  return listOf(value, "a context").map((actor) => {
    const [node, incarnation, counter] = listOf(actor, "an actor", 3);
    return {
      node: nameOf(node, "actor"),
      incarnation: nameOf(incarnation, "actor's incarnation"),
      counter: numberOf(counter, "actor's counter"),
    };
  });
}

/** Dots become contexts, and these go to clients in a header, which not every text can. */
function nameOf(value: unknown, what: string): string {
  const name = textOf(value, what);
  if (!/^[\w.-]{0,32}$/.test(name)) throw new WireError(`${what} is not a name`);
  return name;
}

function packActor({ node, incarnation, counter }: ActorCounter): unknown[] {
  return [node, incarnation, counter];
}

function packEntry({ version, value, deleted }: Entry): unknown[] {
  return [version.time, version.node, version.incarnation, version.sequence, value, deleted];
}

/** Entries begin with a number; lists of entries begin with a list, or are empty. */
function isEntry(list: readonly unknown[]): boolean {
  return typeof list[0] === "number";
}

function unpackEntry(packed: unknown): Entry {
  const fields = listOf(packed, "an entry", 6);
  const [value, deleted] = fields.slice(4);
  if (typeof deleted !== "boolean") throw new WireError("an entry says whether it is deleted");
  return {
    version: unpackVersion(fields.slice(0, 4)),
    value: value === null ? null : textOf(value, "value"),
    deleted,
  };
}

export function listOf(value: unknown, what: string, length?: number): readonly unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
    throw new WireError(`${what} is not a list${length === undefined ? "" : ` of ${length}`}`);
  }
  return value;
}

export function textOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw new WireError(`${what} is not text`);
  return value;
}

export function numberOf(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new WireError(`${what} is not a number`);
  return value;
}
