import type { TreeHash } from "../messages.ts";
import type { MerkleTree } from "./merkle-tree.ts";
import { deepestPath } from "./merkle-tree.ts";

/** Keys that one message of digests is about. Chosen: some 20 KiB on the wire. */
export const keysPerMessage = 256;

/** A path under which two replicas differ. */
export interface Piece {
  readonly own: TreeHash;
  /** Keys that the peer said to have under it. */
  readonly theirCount: number;
}

/** Whether two replicas hold the same under a path. */
export function sameHash(a: TreeHash, b: TreeHash): boolean {
  return a.high === b.high && a.low === b.low && a.count === b.count;
}

/** How many keys there are to be compared under some paths. */
export function keysOf(pieces: readonly Piece[]): number {
  let keys = 0;
  for (const { own, theirCount } of pieces) keys += Math.max(own.count, theirCount);
  return keys;
}

/** The paths that go into each message: parts of them where one alone has more keys than a message. */
export function messagesOf(tree: MerkleTree, pieces: readonly Piece[]): readonly (readonly TreeHash[])[] {
  const messages: TreeHash[][] = [];
  let message: TreeHash[] = [];
  let room = 0;
  for (const piece of pieces.flatMap((whole) => partsOf(tree, whole))) {
    // A path costs room even without keys, so that a message has at most as many paths as keys.
    const keys = Math.max(1, piece.own.count, piece.theirCount);
    if (keys > room) {
      message = [];
      messages.push(message);
      room = keysPerMessage;
    }
    message.push(piece.own);
    room -= keys;
  }
  return messages;
}

function partsOf(tree: MerkleTree, piece: Piece): readonly Piece[] {
  const { count, path } = piece.own;
  if (count <= keysPerMessage || path.length >= deepestPath) return [piece];
  return tree.childrenOf(path).flatMap((own) => partsOf(tree, { own, theirCount: 0 }));
}
