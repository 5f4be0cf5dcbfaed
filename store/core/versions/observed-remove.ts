import { contextText, parseContext } from "./context-text.ts";
import { coversDotted, mergeDotted } from "./dotted.ts";
import type { Entry, State, Version, Versioning, VersionVector } from "./version.ts";
import { isNothing, noContext } from "./version.ts";
import { hasEvent, includesAll } from "./version-vector.ts";

/**
 * Sets and carts from which a remove takes exactly what it has observed (Shapiro et al., 2011). An add is an
 * entry with a dot of its own. A remove whose context covers dots that the coordinator was never sent leaves
 * an entry that is deleted, a pending remove, which takes those dots away where they are met, and goes itself
 * once the context covers all that it waits for (as the deferred operations of Riak's orswot).
 */
interface ObservedRemove extends Versioning {
  /** The entry's text of an item, given as JSON, that was added so many times. */
  entryOf(item: string, quantity: number): string;
  /** The item of such a text. */
  itemOf(text: string): string;
}

/** A set: shown as one list of its items. */
export const orSet: ObservedRemove = {
  name: "or-set",
  merge: (held, arriving) => mergeObserved(orSet, held, arriving),
  covers: coversDotted,
  show: (state) => (isNothing(state) ? [] : [`[${itemsOf(state).join(",")}]`]),
  entryOf: (item) => item,
  itemOf: (text) => text,
};

/** A map from items to quantities: shown as one object. */
export const orCart: ObservedRemove = {
  name: "or-cart",
  merge: (held, arriving) => mergeObserved(orCart, held, arriving),
  covers: coversDotted,
  show: (state) => (isNothing(state) ? [] : [`{${quantitiesOf(state).join(",")}}`]),
  entryOf: (item, quantity) => `[${item},${quantity}]`,
  itemOf: (text) => text.slice(1, text.lastIndexOf(",")),
};

/** A remove that waits for the dots of its context. */
export function pendingRemove(version: Version, item: string, context: VersionVector): Entry {
  return { version, value: `[${item},"${contextText(context) ?? ""}"]`, deleted: true };
}

/** The live entries of an item. */
export function entriesOf(kind: ObservedRemove, { entries }: State, item: string): readonly Entry[] {
  return entries.filter(({ value, deleted }) => !deleted && value !== null && kind.itemOf(value) === item);
}

/** Neither values nor pending removes matter to `covers`: whoever has the dots has made the same of them. */
function mergeObserved(kind: ObservedRemove, held: State, arriving: State): State {
  const merged = mergeDotted(held, arriving);
  if (merged === held) return held;
  const pending = merged.entries.filter(({ deleted }) => deleted).map(removeOf);
  return pending.length === 0 ? merged : applied(kind, merged, pending);
}

interface Remove {
  readonly item: string;
  readonly context: VersionVector;
}

function applied(kind: ObservedRemove, { entries, context }: State, pending: readonly Remove[]): State {
  const isWanted = ({ version, value, deleted }: Entry): boolean => {
    if (deleted) return !includesAll(context, removeOf({ value }).context);
    const item = value === null ? "" : kind.itemOf(value);
    return !pending.some((remove) => remove.item === item && hasEvent(remove.context, version));
  };
  return { entries: entries.filter(isWanted), context };
}

function removeOf({ value }: Pick<Entry, "value">): Remove {
  const text = value ?? "";
  const comma = text.lastIndexOf(',"');
  return { item: text.slice(1, comma), context: parseContext(text.slice(comma + 2, -2)) ?? noContext };
}

function itemsOf({ entries }: State): readonly string[] {
  const items = new Set<string>();
  for (const { value, deleted } of entries) if (!deleted && value !== null) items.add(value);
  return [...items].sort();
}

function quantitiesOf({ entries }: State): readonly string[] {
  const quantities = new Map<string, number>();
  for (const { value, deleted } of entries) {
    if (deleted || value === null) continue;
    const comma = value.lastIndexOf(",");
    const field = fieldOf(value.slice(1, comma));
    quantities.set(field, (quantities.get(field) ?? 0) + Number(value.slice(comma + 1, -1)));
  }
  return [...quantities.keys()].sort().map((field) => `${field}:${quantities.get(field) ?? 0}`);
}

/** An item as the name of a field: a JSON text is that, anything else becomes one. */
function fieldOf(item: string): string {
  return item.startsWith('"') ? item : JSON.stringify(item);
}
