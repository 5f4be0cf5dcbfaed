import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import { hashText, mixHash } from "../hash.ts";
import type { Message, TreeHash } from "../messages.ts";
import { backgroundMessage, MessageKind } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { TimerTarget } from "../runtime.ts";
import type { OwnedSpace, ReplicaGroup } from "./group-trees.ts";
import { GroupTrees } from "./group-trees.ts";
import { KeyExchange } from "./key-exchange.ts";
import { deepestPath } from "./merkle-tree.ts";
import type { Piece } from "./pieces.ts";
import { keysOf, keysPerMessage, sameHash } from "./pieces.ts";

/** Keys of a group up to which their versions are sent at once. Chosen: about half a KiB. */
const keysSentAtOnce = 8;
/**
 * Keys under a path, on average, from which on hashes are compared before versions are. Chosen: sixteen
 * hashes are about as many bytes as the versions of sixteen keys.
 */
const keysWorthHashing = 16;
/** Keys that are not worth another message there and back, whatever their paths. Chosen: two KiB. */
const fewKeys = 32;
/** Hashes in one message: what the wire takes. */
const mostHashes = 4_096;
const childrenOfNode = 16;

/**
 * Finds and repairs what replicas do not share, at rest as under load. Each period, to every peer, for each
 * group of keys that both own: (1) I send the hash of all my keys; (2) whoever gets hashes answers where its
 * own differ: with the hashes one level below where there are many keys, with their versions where there
 * are few, with the keys themselves where the other has none. Equal trees end it. What then follows about
 * single keys is told by `KeyExchange`.
 */
export class AntiEntropy implements TimerTarget {
  readonly #context: NodeContext;
  readonly #space: OwnedSpace;
  readonly #causeSeed: number;
  readonly #periodUs: number;
  readonly #trees: GroupTrees;
  readonly #keys: KeyExchange;
  #period = 0;

  constructor(context: NodeContext, space: OwnedSpace, periodMs: number) {
    this.#context = context;
    this.#space = space;
    this.#causeSeed = taskSeed(context, BackgroundTask.antiEntropy, space.keyspace.name);
    this.#periodUs = periodMs * 1_000;
    this.#trees = new GroupTrees(context, space);
    this.#keys = new KeyExchange(context, space, this.#trees);
  }

  /** Begins the rounds. */
  start(): void {
    this.#trees.start();
    this.#schedule();
  }

  onTimer(): void {
    this.#context.metrics.antiEntropyRounds += 1;
    for (const member of this.#context.membership.members) {
      if (member.id === this.#context.id) continue;
      for (const group of this.#trees.sharedWith(member.id)) this.#begin(member.id, group);
    }
    this.#schedule();
  }

  /** Takes a message of an exchange. */
  receive(from: string, message: Message): void {
    if (message.kind === MessageKind.treeHashes || this.#isOfFarLess(message))
      this.#onTreeHashes(from, message);
    else if (message.kind === MessageKind.digests) this.#keys.onDigests(from, message);
    else if (message.kind === MessageKind.differences) this.#keys.onDifferences(from, message);
    else this.#keys.onEntries(message);
  }

  #schedule(): void {
    this.#period += 1;
    this.#context.runtime.after(this.#periodUs, this, 0, causeOf(this.#causeSeed, this.#period));
  }

  #begin(peer: string, { name, tree }: ReplicaGroup): void {
    // Rounds of two groups may have messages of one kind and attempt, so each has a cause of its own.
    const cause = causeOf(mixHash(this.#causeSeed, hashText(name)), this.#period);
    const root = tree.at("");
    if (root.count > keysSentAtOnce) this.#sendHashes(peer, cause, 0, name, [root]);
    else this.#keys.sendDigests(peer, cause, name, [{ own: root, theirCount: 0 }]);
  }

  /** Whether somebody who has few keys sent their versions at once to this node, which has many. */
  #isOfFarLess({ kind, extra }: Message): boolean {
    if (kind !== MessageKind.digests || extra?.kind !== "hashes") return false;
    const isOfAll = extra.hashes[0]?.path === "";
    return isOfAll && this.#trees.treeOf(extra.group).at("").count > keysPerMessage;
  }

  #onTreeHashes(from: string, { cause, attempt, extra, ringEpoch }: Message): void {
    // While two nodes disagree about who owns what, their groups have different keys.
    if (extra?.kind !== "hashes" || ringEpoch !== this.#context.membership.epoch) return;
    const { group, hashes } = extra;
    const tree = this.#trees.treeOf(group);
    const level = hashes[0]?.path.length ?? 0;
    const lacking: string[] = [];
    const differing: Piece[] = [];
    for (const theirs of hashes) {
      const own = tree.at(theirs.path);
      if (sameHash(own, theirs)) continue;
      if (theirs.count === 0) lacking.push(theirs.path);
      else differing.push({ own, theirCount: theirs.count });
    }
    if (lacking.length > 0) {
      const keys = lacking.flatMap((path) => tree.keysUnder(path));
      this.#keys.sendUnasked(from, cause, Math.min(attempt >> 1, 7), keys);
    }
    if (differing.length > 0) this.#answer(from, cause, attempt + 1, group, level, differing);
  }

  #answer(
    to: string,
    cause: number,
    attempt: number,
    group: string,
    level: number,
    pieces: readonly Piece[],
  ): void {
    if (level >= deepestPath || keysOf(pieces) <= Math.max(fewKeys, keysWorthHashing * pieces.length)) {
      this.#keys.sendDigests(to, cause, group, pieces);
      return;
    }
    const tree = this.#trees.treeOf(group);
    // A path under which I have nothing goes back as it is, so that the peer sends what it has.
    const answer = pieces.filter(({ own }) => own.count === 0).map(({ own }) => own);
    const both = pieces.filter(({ own }) => own.count > 0);
    if (answer.length + both.length * childrenOfNode > mostHashes) {
      this.#keys.sendDigests(to, cause, group, both);
    } else answer.push(...both.flatMap(({ own }) => tree.childrenOf(own.path)));
    if (answer.length > 0) this.#sendHashes(to, cause, attempt, group, answer);
  }

  #sendHashes(to: string, cause: number, attempt: number, group: string, hashes: readonly TreeHash[]): void {
    const { membership, metrics, runtime } = this.#context;
    metrics.antiEntropyHashes += hashes.length;
    const { name } = this.#space.keyspace;
    const { incarnation } = runtime;
    const extra = { kind: "hashes", group, hashes } as const;
    const kind = MessageKind.treeHashes;
    runtime.send(
      to,
      backgroundMessage(kind, cause, attempt, incarnation, name, membership.epoch, [], [], extra),
    );
  }
}
