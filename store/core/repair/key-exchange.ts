import type { KeyDigest, KeyState, Message, MessageExtra } from "../messages.ts";
import { backgroundMessage, MessageKind } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { State } from "../versions/version.ts";
import { compareVersions, isNothing, nothing } from "../versions/version.ts";
import type { GroupTrees, OwnedSpace } from "./group-trees.ts";
import { exchangedPart } from "./group-trees.ts";
import type { Piece } from "./pieces.ts";
import { messagesOf, sameHash } from "./pieces.ts";
import { isExpired, isTooOld } from "./refusal.ts";

/** Characters in one message of entries, unless a single one has more. Chosen as a quarter of the largest value. */
const charactersPerMessage = 256 * 1024;
/** Characters that an entry counts beside its key and its values. Chosen: about a version on the wire. */
const charactersPerEntry = 64;

/**
 * Attempts tell the messages of one round apart, by kind and direction. What does not find room in them
 * waits for the next period: so a round is bounded, too. Digests are numbered from 0; the answers to each
 * have sixteen numbers; what is sent without being asked has its own upper half, in parts by level.
 */
const mostDigestMessages = 128;
const mostAnswers = 16;
const firstUnasked = 2_048;
const mostUnasked = 256;

type Kind = typeof MessageKind.digests | typeof MessageKind.differences | typeof MessageKind.entries;

/** Numbers for the messages of one answer: from the first, so many. */
interface Room {
  readonly first: number;
  readonly most: number;
}

/**
 * What replicas say of single keys once they know where they differ: (1) one sends the versions that it
 * holds under some paths; (2) the other sends what it knows better, and the versions of what it lacks;
 * (3) the first sends that. No step remembers another: any message may be lost, doubled or late.
 */
export class KeyExchange {
  readonly #context: NodeContext;
  readonly #space: OwnedSpace;
  readonly #trees: GroupTrees;

  constructor(context: NodeContext, space: OwnedSpace, trees: GroupTrees) {
    this.#context = context;
    this.#space = space;
    this.#trees = trees;
  }

  /** Step 1. The paths go along, so that the peer sees what is missing under them. */
  sendDigests(to: string, cause: number, group: string, pieces: readonly Piece[]): void {
    const tree = this.#trees.treeOf(group);
    const messages = messagesOf(tree, pieces).slice(0, mostDigestMessages);
    messages.forEach((hashes, chunk) => {
      const keys = hashes.flatMap(({ path }) => tree.keysUnder(path));
      const digests = keys
        .map((key) => ({ key, state: this.#held(key) }))
        .filter(({ state }) => !isNothing(state))
        .map(({ key, state }) => digestOf(key, state));
      this.#context.metrics.antiEntropyHashes += hashes.length;
      this.#send(to, MessageKind.digests, cause, chunk, digests, [], { kind: "hashes", group, hashes });
    });
  }

  /** Step 2, at the peer. Says nothing where both hold the same. */
  onDigests(from: string, message: Message): void {
    const ownOnly = this.#ownOnly(message);
    if (ownOnly === null) return;
    this.#context.metrics.antiEntropyKeysCompared += message.digests.length + ownOnly.length;
    const better: KeyState[] = [...ownOnly];
    const wanted: KeyDigest[] = [];
    for (const digest of message.digests) {
      const held = this.#held(digest.key);
      if (isSame(digest, held)) continue;
      const theirs = stateOfDigest(digest);
      if (this.#isBetter(held, theirs)) better.push({ key: digest.key, state: held, promised: null });
      if (this.#isBetter(theirs, held)) wanted.push(digestOf(digest.key, held));
    }
    const room = { first: (message.attempt % mostDigestMessages) * mostAnswers, most: mostAnswers };
    this.#sendEntries(from, message.cause, MessageKind.differences, wanted, better, room);
  }

  /** Step 3, at the one who began. */
  onDifferences(from: string, message: Message): void {
    this.onEntries(message);
    const states = message.digests
      .map((digest) => ({ key: digest.key, state: this.#held(digest.key), theirs: stateOfDigest(digest) }))
      .filter(({ state, theirs }) => this.#isBetter(state, theirs))
      .map(({ key, state }) => ({ key, state, promised: null }));
    const room = { first: message.attempt, most: mostAnswers };
    this.#sendEntries(from, message.cause, MessageKind.entries, [], states, room);
  }

  /** Takes what a peer knows better. */
  onEntries(message: Message): void {
    const { mint, policies } = this.#context;
    if (!policies.takesFromPeers()) return;
    for (const { key, state } of message.entries) {
      mint.heardState(message.keyspace, state);
      this.#space.replica.store(key, state, "repair", message.cause, null, 0);
    }
  }

  /** Sends keys to a peer that has none of them; `level` is below 8. */
  sendUnasked(to: string, cause: number, level: number, keys: readonly string[]): void {
    const states = this.#statesOf(keys).filter(({ state }) => this.#isBetter(state, nothing));
    const room = { first: firstUnasked + level * mostUnasked, most: mostUnasked };
    this.#sendEntries(to, cause, MessageKind.entries, [], states, room);
  }

  /** The keys under a message's paths that it does not tell of; null where both hold the same. */
  #ownOnly({ digests, extra, ringEpoch }: Message): readonly KeyState[] | null {
    if (extra?.kind !== "hashes" || ringEpoch !== this.#context.membership.epoch) return [];
    const tree = this.#trees.treeOf(extra.group);
    const differing = extra.hashes.filter((hash) => !sameHash(hash, tree.at(hash.path)));
    if (differing.length === 0) return null;
    const told = new Set(digests.map(({ key }) => key));
    const keys = differing.flatMap(({ path }) => tree.keysUnder(path)).filter((key) => !told.has(key));
    return this.#statesOf(keys).filter(({ state }) => this.#isBetter(state, nothing));
  }

  /** Whether a replica that holds `held` learns from a state, and would keep it. */
  #isBetter(state: State, held: State): boolean {
    if (this.#space.versioning.covers(held, state)) return false;
    if (!isNothing(held)) return true;
    const { policies, runtime } = this.#context;
    const { keyspace } = this.#space;
    // Without the latter, replicas that collect tombstones at different times would hand them round for ever.
    return !isTooOld(state, keyspace, policies, runtime) && !isExpired(state, keyspace, policies, runtime);
  }

  #held(key: string): State {
    return exchangedPart(this.#context.policies, this.#space.replica.read(key));
  }

  #statesOf(keys: readonly string[]): readonly KeyState[] {
    return keys
      .map((key) => ({ key, state: this.#held(key), promised: null }))
      .filter(({ state }) => !isNothing(state));
  }

  /** In as many messages as the values need and as there is room for; none when there is nothing to say. */
  #sendEntries(
    to: string,
    cause: number,
    kind: typeof MessageKind.differences | typeof MessageKind.entries,
    wanted: readonly KeyDigest[],
    states: readonly KeyState[],
    room: Room,
  ): void {
    const batches = batchesOf(states).slice(0, room.most);
    if (batches.length === 0 && wanted.length > 0) batches.push([]);
    batches.forEach((batch, index) => {
      this.#context.metrics.antiEntropyEntries += batch.length;
      this.#send(to, kind, cause, room.first + index, index === 0 ? wanted : [], batch, null);
    });
  }

  #send(
    to: string,
    kind: Kind,
    cause: number,
    attempt: number,
    digests: readonly KeyDigest[],
    entries: readonly KeyState[],
    extra: MessageExtra | null,
  ): void {
    const { membership, runtime } = this.#context;
    const { name } = this.#space.keyspace;
    const { incarnation } = runtime;
    const { epoch } = membership;
    runtime.send(
      to,
      backgroundMessage(kind, cause, attempt, incarnation, name, epoch, digests, entries, extra),
    );
  }
}

function batchesOf(states: readonly KeyState[]): KeyState[][] {
  const batches: KeyState[][] = [];
  let batch: KeyState[] = [];
  let characters = 0;
  for (const entry of states) {
    const size = charactersOf(entry);
    if (batch.length === 0 || characters + size > charactersPerMessage) {
      batch = [];
      batches.push(batch);
      characters = 0;
    }
    batch.push(entry);
    characters += size;
  }
  return batches;
}

function charactersOf({ key, state }: KeyState): number {
  let count = key.length;
  for (const entry of state.entries) count += charactersPerEntry + (entry.value?.length ?? 0);
  return count;
}

function digestOf(key: string, state: State): KeyDigest {
  return { key, versions: state.entries.map((entry) => entry.version), context: state.context };
}

/** Whether a digest names the only version of a state: the value, which it does not tell, is the same then. */
function isSame({ versions, context }: KeyDigest, state: State): boolean {
  const [version, ...others] = versions;
  const [entry, ...siblings] = state.entries;
  if (version === undefined || entry === undefined) return false;
  if (others.length + siblings.length + context.length + state.context.length > 0) return false;
  return compareVersions(version, entry.version) === 0;
}

/** A state with the digest's versions and no values: enough to compare with. */
function stateOfDigest(digest: KeyDigest): State {
  const entries = digest.versions.map((version) => ({ version, value: null, deleted: false }));
  return { entries, context: digest.context };
}
