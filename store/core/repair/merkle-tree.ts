import type { TreeHash } from "../messages.ts";
import type { Hash64 } from "./state-hash.ts";
import { digitsOf } from "./state-hash.ts";

/** Children of a node: one for each hexadecimal digit. */
const fanOut = 16;
const bitsPerLevel = 4;
/** Digits of a key's hash. Keys that share all of them stay in one bucket. */
export const deepestPath = 8;
/** Keys above which a bucket is split. Chosen: looking through as many costs less than one more level. */
const mostInBucket = 32;
/** Keys below which a node becomes one bucket again; half, so that it does not flap. */
const leastInNode = 16;

/** One key and the hash of what is held of it. */
interface Leaf {
  readonly key: string;
  readonly digits: number;
  readonly high: number;
  readonly low: number;
}

/** What is held under one path: a bucket of keys, or sixteen nodes. */
interface TreeNode {
  high: number;
  low: number;
  count: number;
  children: readonly TreeNode[] | null;
  leaves: Leaf[];
}

/**
 * A hash tree over keys, kept incrementally. The hash of a node is the XOR of the hashes of the entries
 * below it, so that it says what is below and nothing of how the tree came to be: two trees with the same
 * entries answer the same for every path, however each is split.
 */
export class MerkleTree {
  #root: TreeNode = bucketOf([]);

  /** Says what is held of a key; null for nothing. */
  set(key: string, hash: Hash64 | null): void {
    const digits = digitsOf(key);
    const path = this.#pathTo(digits);
    const bucket = path[path.length - 1];
    if (bucket === undefined) return;
    const at = bucket.leaves.findIndex((leaf) => leaf.key === key);
    if (at >= 0) for (const old of bucket.leaves.splice(at, 1)) add(path, old, -1);
    if (hash !== null) {
      const leaf = { key, digits, high: hash.high, low: hash.low };
      bucket.leaves.push(leaf);
      add(path, leaf, 1);
    }
    if (bucket.leaves.length > mostInBucket) split(bucket, path.length - 1);
    else if (at >= 0 && hash === null) collapse(path);
  }

  /** The combined hash of all keys under a path of hexadecimal digits; empty for all keys. */
  at(path: string): TreeHash {
    const { node, depth } = this.#nearest(path);
    if (depth === path.length) return { path, high: node.high, low: node.low, count: node.count };
    const below = leavesUnder(node, path);
    let high = 0;
    let low = 0;
    for (const leaf of below) {
      high ^= leaf.high;
      low ^= leaf.low;
    }
    return { path, high, low, count: below.length };
  }

  /** The sixteen paths below a path, those without keys too. */
  childrenOf(path: string): readonly TreeHash[] {
    const children: TreeHash[] = [];
    for (let digit = 0; digit < fanOut; digit += 1) children.push(this.at(path + digit.toString(16)));
    return children;
  }

  /** The keys under a path, sorted. */
  keysUnder(path: string): readonly string[] {
    const keys: string[] = [];
    const { node, depth } = this.#nearest(path);
    if (depth === path.length) collect(node, keys);
    else for (const { key } of leavesUnder(node, path)) keys.push(key);
    return keys.sort();
  }

  /** The nodes from the root to the bucket of those digits. */
  #pathTo(digits: number): TreeNode[] {
    let node: TreeNode | undefined = this.#root;
    const path: TreeNode[] = [];
    while (node !== undefined) {
      path.push(node);
      node = node.children?.[digitAt(digits, path.length - 1)];
    }
    return path;
  }

  /** The node of a path, or the bucket that its keys are in among others. */
  #nearest(path: string): { readonly node: TreeNode; readonly depth: number } {
    let node = this.#root;
    let depth = 0;
    while (depth < path.length) {
      const child: TreeNode | undefined = node.children?.[Number.parseInt(path.charAt(depth), 16)];
      if (child === undefined) break;
      node = child;
      depth += 1;
    }
    return { node, depth };
  }
}

/** The digit of a key's hash that decides at that depth. */
function digitAt(digits: number, depth: number): number {
  return (digits >>> (32 - bitsPerLevel * (depth + 1))) & (fanOut - 1);
}

/** Counts an entry in, or out, at all nodes above it. XOR does both. */
function add(path: readonly TreeNode[], { high, low }: Leaf, count: 1 | -1): void {
  for (const node of path) {
    node.high ^= high;
    node.low ^= low;
    node.count += count;
  }
}

function bucketOf(leaves: Leaf[]): TreeNode {
  let high = 0;
  let low = 0;
  for (const leaf of leaves) {
    high ^= leaf.high;
    low ^= leaf.low;
  }
  return { high, low, count: leaves.length, children: null, leaves };
}

/** Makes sixteen nodes of a bucket that has become too large, and of those of them that still are. */
function split(bucket: TreeNode, depth: number): void {
  if (depth >= deepestPath) return;
  const parts: Leaf[][] = Array.from({ length: fanOut }, () => []);
  for (const leaf of bucket.leaves) parts[digitAt(leaf.digits, depth)]?.push(leaf);
  const children = parts.map(bucketOf);
  for (const child of children) if (child.count > mostInBucket) split(child, depth + 1);
  bucket.children = children;
  bucket.leaves = [];
}

/** Makes one bucket of the highest node of a path that has become small enough. */
function collapse(path: readonly TreeNode[]): void {
  const small = path.find((node) => node.children !== null && node.count < leastInNode);
  if (small === undefined) return;
  small.leaves = [];
  gather(small, small.leaves);
  small.children = null;
}

function gather(node: TreeNode, leaves: Leaf[]): void {
  for (const child of node.children ?? []) {
    leaves.push(...child.leaves);
    gather(child, leaves);
  }
}

function collect(node: TreeNode, keys: string[]): void {
  for (const { key } of node.leaves) keys.push(key);
  for (const child of node.children ?? []) collect(child, keys);
}

/** The keys of a bucket that begin with a path, which has a digit at least. */
function leavesUnder(node: TreeNode, path: string): readonly Leaf[] {
  const unused = 32 - bitsPerLevel * path.length;
  const prefix = Number.parseInt(path, 16);
  return node.leaves.filter((leaf) => leaf.digits >>> unused === prefix);
}
