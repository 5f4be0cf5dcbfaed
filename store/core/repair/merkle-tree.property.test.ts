import assert from "node:assert/strict";
import fc from "fast-check";
import type { TreeHash } from "../messages.ts";
import type { State } from "../versions/version.ts";
import { noContext, only } from "../versions/version.ts";
import { MerkleTree } from "./merkle-tree.ts";
import { digitsOf, hashOf } from "./state-hash.ts";

const stateOf = (time: number, deleted = false): State =>
  only({
    version: { time, node: "n1", incarnation: "0001", sequence: 1 },
    value: deleted ? null : "v",
    deleted,
  });

/** What a tree must say: one time a key, or null where it was removed. */
type Change = readonly [key: string, time: number | null];

// Few keys, so that they are changed and removed again; enough of them for buckets to split and to shrink.
const change: fc.Arbitrary<Change> = fc.tuple(
  fc.integer({ min: 0, max: 199 }).map((key) => `key-${key}`),
  fc.option(fc.integer({ min: 1, max: 3 }), { freq: 2, nil: null }),
);
const changes = fc.array(change, { maxLength: 600, size: "max" });

function apply(tree: MerkleTree, [key, time]: Change): void {
  tree.set(key, time === null ? null : hashOf(key, stateOf(time)));
}

function contentsOf(given: readonly Change[]): ReadonlyMap<string, number> {
  const contents = new Map<string, number>();
  for (const [key, time] of given) {
    if (time === null) contents.delete(key);
    else contents.set(key, time);
  }
  return contents;
}

function treeOf(contents: Iterable<Change>): MerkleTree {
  const tree = new MerkleTree();
  for (const entry of contents) apply(tree, entry);
  return tree;
}

/** Everything that a tree says of paths of up to three digits. */
function saidBy(tree: MerkleTree): readonly TreeHash[] {
  const said: TreeHash[] = [];
  const visit = (path: string): void => {
    said.push(tree.at(path));
    if (path.length === 3) return;
    for (const child of tree.childrenOf(path)) if (child.count > 0) visit(child.path);
  };
  visit("");
  return said;
}

/** The paths at which two trees differ, found from the root on as the exchange finds them. */
function differing(a: MerkleTree, b: MerkleTree, path: string, depth: number): readonly string[] {
  const [left, right] = [a.at(path), b.at(path)];
  if (left.high === right.high && left.low === right.low && left.count === right.count) return [];
  if (path.length === depth) return [path];
  return a.childrenOf(path).flatMap((child) => differing(a, b, child.path, depth));
}

describe("a Merkle tree", () => {
  it("says what is in it, whatever was done in which order", () => {
    fc.assert(
      fc.property(changes, (given) => {
        const incremental = treeOf(given);
        const rebuilt = treeOf([...contentsOf(given)].reverse());
        assert.deepEqual(saidBy(incremental), saidBy(rebuilt));
        assert.deepEqual(incremental.keysUnder(""), [...contentsOf(given).keys()].sort());
      }),
      { numRuns: 60 },
    );
  });

  it("has equal roots for equal contents and for no others", () => {
    fc.assert(
      fc.property(changes, changes, (one, two) => {
        const [a, b] = [contentsOf(one), contentsOf(two)];
        const isSame = a.size === b.size && [...a].every(([key, time]) => b.get(key) === time);
        const [left, right] = [treeOf(one).at(""), treeOf(two).at("")];
        assert.equal(left.high === right.high && left.low === right.low, isSame);
      }),
      { numRuns: 100 },
    );
  });

  it("grows and shrinks back to the tree of nothing", () => {
    fc.assert(
      fc.property(changes, (given) => {
        const tree = treeOf(given);
        for (const key of tree.keysUnder("")) apply(tree, [key, null]);
        assert.deepEqual(saidBy(tree), saidBy(new MerkleTree()));
      }),
      { numRuns: 60 },
    );
  });

  it("leads from the root to the one key that differs", () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `key-${index}`);
    const [a, b] = [treeOf(keys.map((key) => [key, 1])), treeOf(keys.map((key) => [key, 1]))];
    assert.deepEqual(differing(a, b, "", 4), []);
    apply(b, ["key-777", 2]);
    const [path, ...others] = differing(a, b, "", 4);
    assert.deepEqual(others, []);
    assert.equal(path, (digitsOf("key-777") >>> 16).toString(16).padStart(4, "0"));
    assert.ok(a.keysUnder(path ?? "").includes("key-777"));
    assert.ok(a.keysUnder(path ?? "").length < 8);
  });

  it("spreads keys evenly, sequential ones too", () => {
    const tree = treeOf(Array.from({ length: 64_000 }, (_, index) => [`key-${index}`, 1]));
    for (const { count } of tree.childrenOf("")) assert.ok(count > 3_700 && count < 4_300, `${count}`);
  });
});

describe("the hash of a state", () => {
  const context = [{ node: "n1", incarnation: "0001", counter: 4 }];
  const different: readonly (readonly [string, State])[] = [
    ["x", stateOf(1)],
    ["y", stateOf(1)],
    ["x", stateOf(2)],
    ["x", stateOf(1, true)],
    ["x", { entries: [], context }],
    ["x", { ...stateOf(1), context }],
    ["x", { entries: [...stateOf(1).entries, ...stateOf(2).entries], context: noContext }],
    ["x", stateOf(1 + 4_294_967_296)],
  ];

  it("tells keys, versions, tombstones, siblings and contexts apart", () => {
    const hashes = different.map(([key, state]) => JSON.stringify(hashOf(key, state)));
    assert.equal(new Set(hashes).size, different.length);
  });

  it("does not look at values, for a version names one", () => {
    const [entry] = stateOf(1).entries;
    assert.ok(entry !== undefined);
    assert.deepEqual(hashOf("x", only({ ...entry, value: "another" })), hashOf("x", stateOf(1)));
  });

  it("has two halves that fit signed 32-bit integers", () => {
    for (let index = 0; index < 1_000; index += 1) {
      const { high, low } = hashOf(`key-${index}`, stateOf(index));
      assert.equal(high | 0, high);
      assert.equal(low | 0, low);
    }
  });
});
