import type { Keyspace } from "../options/keyspace.ts";
import type { SiblingPolicies } from "../policies/sibling-policies.ts";
import type { ClientRequest } from "../request.ts";
import { canonicalJson } from "./canonical-json.ts";
import { withEntry } from "./dotted.ts";
import { entriesOf, orCart, orSet, pendingRemove } from "./observed-remove.ts";
import type { Entry, State, Version, VersionVector } from "./version.ts";
import { noContext } from "./version.ts";
import { compareVectors, counterOf, hasEvent, joinVectors, withEvent } from "./version-vector.ts";

/** What a coordinator that is a replica makes of a request. */
export interface CausalChange {
  /** What it holds from now on. */
  readonly state: State;
  /** What it sends to the other replicas. */
  readonly sent: State;
  /** What the client hears of: what was made, and a context that covers nothing that the client has not seen. */
  readonly reply: State;
}

/** A request, and who carries it out. */
export interface CausalRequest {
  readonly keyspace: Keyspace;
  readonly request: Pick<ClientRequest, "f" | "value" | "quantity">;
  /** What the client has seen; null where it does not say. */
  readonly context: VersionVector | null;
  readonly policies: SiblingPolicies;
  /** Names the event, given what is known of the key. */
  dot(known: VersionVector): Version;
}

/** Carries a request out on what is held of its key. */
export function causalChange(asked: CausalRequest, held: State): CausalChange {
  switch (asked.request.f) {
    case "add":
      return add(asked, held);
    case "remove":
      return remove(asked, held);
    case "increment":
      return increment(asked, held);
    case "delete":
      return asked.keyspace.siblings === "vectors" ? putUnderVector(asked, held) : deleteSeen(asked, held);
    default:
      return asked.keyspace.siblings === "vectors" ? putUnderVector(asked, held) : put(asked, held);
  }
}

/** The new value replaces what the context covers, and stands beside everything else. */
function put(asked: CausalRequest, held: State): CausalChange {
  const seen = asked.context ?? noContext;
  const added = entryOf(asked, held, asked.request.value);
  const kept = held.entries.filter(({ version }) => !hasEvent(seen, version));
  return withAdded(asked, added, kept, joinVectors(held.context, seen), seen);
}

/** As `put`, but one vector decides: it cannot say what the new value's event has not seen. */
function putUnderVector(asked: CausalRequest, held: State): CausalChange {
  const { f, value } = asked.request;
  const isDelete = f === "delete";
  const added = entryOf(asked, held, isDelete ? null : value);
  const seen = asked.context ?? (isDelete ? held.context : noContext);
  const vector = withEvent(seen, added.version);
  const isNewer = compareVectors(held.context, vector) === "before";
  const kept = isNewer ? [] : held.entries;
  return withAdded(asked, added, kept, joinVectors(held.context, vector), vector);
}

/** Takes away what the context covers, or everything that the coordinator holds. */
function deleteSeen({ context, keyspace, policies }: CausalRequest, held: State): CausalChange {
  const seen = context ?? held.context;
  const kept = held.entries.filter(({ version }) => !hasEvent(seen, version));
  const joined = policies.remembersRemoved() ? joinVectors(held.context, seen) : held.context;
  const isSame = kept.length === held.entries.length && joined === held.context;
  const state = isSame ? held : { entries: kept, context: joined };
  const seenGone: State = { entries: [], context: seen };
  return { state, sent: keyspace.replicate === "merged" ? state : seenGone, reply: seenGone };
}

/** In a set the new entry stands for those of the same item that the coordinator holds; in a cart they add up. */
function add(asked: CausalRequest, held: State): CausalChange {
  const { keyspace, request } = asked;
  const kind = keyspace.versions === "or-cart" ? orCart : orSet;
  const item = itemOf(asked);
  const added = entryOf(asked, held, kind.entryOf(item, request.quantity ?? 1));
  const replaced = kind === orSet ? entriesOf(kind, held, item) : [];
  const kept = held.entries.filter((entry) => !replaced.includes(entry));
  return withAdded(asked, added, kept, held.context, noContext);
}

/** Takes away the entries of the item that the context covers, or all that the coordinator holds. */
function remove(asked: CausalRequest, held: State): CausalChange {
  const { keyspace, policies, context } = asked;
  const kind = keyspace.versions === "or-cart" ? orCart : orSet;
  const item = itemOf(asked);
  const seen = keyspace.removes === "own-view" ? held.context : (context ?? held.context);
  const gone = entriesOf(kind, held, item).filter((entry) => policies.isObserved(seen, entry));
  const kept = held.entries.filter((entry) => !gone.includes(entry));
  const unmet = seen.filter(({ node, incarnation, counter }) => {
    return counterOf(held.context, node, incarnation) < counter;
  });
  const reply: State = { entries: [], context: context ?? noContext };
  if (unmet.length === 0 || !policies.remembersRemoved()) {
    const state = gone.length === 0 ? held : { entries: kept, context: held.context };
    return { state, sent: state, reply };
  }
  const version = asked.dot(held.context);
  const entries = withEntry(kept, pendingRemove(version, item, unmet));
  const state: State = { entries, context: withEvent(held.context, version) };
  return { state, sent: state, reply };
}

/** The actor's sum so far, and the amount. */
function increment(asked: CausalRequest, held: State): CausalChange {
  const version = asked.dot(held.context);
  const isOwn = (entry: Entry): boolean =>
    entry.version.node === version.node && entry.version.incarnation === version.incarnation;
  const before = held.entries.filter(isOwn).reduce((sum, { value }) => sum + Number(value), 0);
  const value = `${before + Number(asked.request.value)}`;
  const added: Entry = { version, value, deleted: false };
  const kept = held.entries.filter((entry) => !isOwn(entry));
  // The sum stands for all earlier events of its actor, so their vector goes with it.
  return withAdded(asked, added, kept, held.context, withEvent(noContext, version));
}

/** One entry more. Where it is sent alone, the vector `alone` goes with it. */
function withAdded(
  { keyspace, context: seen }: CausalRequest,
  added: Entry,
  kept: readonly Entry[],
  known: VersionVector,
  alone: VersionVector,
): CausalChange {
  const state: State = { entries: withEntry(kept, added), context: withEvent(known, added.version) };
  const sent = keyspace.replicate === "merged" ? state : { entries: [added], context: alone };
  return { state, sent, reply: { entries: [added], context: contextOfWriter(state, added, seen) } };
}

/**
 * What the writer has seen: its context and its own event. Where a vector that has that event would also
 * cover entries of others that the writer was not shown, it stays at the context.
 */
function contextOfWriter(state: State, added: Entry, seen: VersionVector | null): VersionVector {
  const wanted = withEvent(seen ?? noContext, added.version);
  const coversUnseen = state.entries.some((entry) => entry !== added && hasEvent(wanted, entry.version));
  return coversUnseen ? (seen ?? noContext) : wanted;
}

function itemOf({ request }: CausalRequest): string {
  const text = request.value ?? "null";
  return canonicalJson(text) ?? JSON.stringify(text);
}

function entryOf(asked: CausalRequest, held: State, value: string | null): Entry {
  return { version: asked.dot(held.context), value, deleted: value === null };
}
