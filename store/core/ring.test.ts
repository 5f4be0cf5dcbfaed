import assert from "node:assert/strict";
import type { NodeMember } from "./ring.ts";
import { Ring, ringOf } from "./ring.ts";

const nodes = (count: number, dcOf: (place: number) => string = () => "dc1"): NodeMember[] =>
  Array.from({ length: count }, (_, place) => ({ id: `n${place + 1}`, dc: dcOf(place) }));
const keys = Array.from({ length: 20_000 }, (_, place) => `key-${place}`);

function sharesOf(ring: Ring, n: number): number[] {
  const counts = new Map<string, number>();
  for (const key of keys) {
    for (const id of ring.replicas(key, n)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return ring.members.map(({ id }) => (counts.get(id) ?? 0) / ((keys.length * n) / ring.members.length));
}

describe("ring", () => {
  it("gives five nodes shares within 10% of one another's mean, first replicas and all", () => {
    const ring = new Ring(nodes(5), 128);
    for (const n of [1, 3]) {
      for (const share of sharesOf(ring, n)) assert.ok(Math.abs(share - 1) < 0.1, `n = ${n}: ${share}`);
    }
  });

  it("stays as balanced under other names", () => {
    for (const prefix of ["alpha", "10.0.0.", "node-"]) {
      const members = Array.from({ length: 5 }, (_, place) => ({ id: `${prefix}${place}`, dc: "dc1" }));
      for (const share of sharesOf(new Ring(members, 128), 1)) assert.ok(Math.abs(share - 1) < 0.1, prefix);
    }
  });

  it("gives every key n distinct nodes, always the same", () => {
    const ring = new Ring(nodes(5), 128);
    const other = new Ring(nodes(5).reverse(), 128);
    for (const key of keys.slice(0, 500)) {
      const replicas = ring.replicas(key, 3);
      assert.equal(new Set(replicas).size, 3);
      assert.deepEqual(other.replicas(key, 3), replicas);
    }
  });

  it("moves keys to a node that joins and between no others", () => {
    const before = new Ring(nodes(5), 128);
    const after = new Ring(nodes(6), 128);
    let moved = 0;
    for (const key of keys) {
      const left = before.replicas(key, 3);
      const right = after.replicas(key, 3);
      const stayed = right.filter((id) => id !== "n6");
      assert.deepEqual(stayed, left.slice(0, stayed.length), key);
      if (right.includes("n6")) moved += 1;
    }
    // Three of six replicas of a key are on the new node with a chance of one half.
    assert.ok(Math.abs(moved / keys.length - 0.5) < 0.05, `${moved}`);
  });

  it("spreads replicas over data centres before it takes two of one", () => {
    const ring = new Ring(
      nodes(6, (place) => (place < 4 ? "dc1" : "dc2")),
      128,
    );
    const dcOf = new Map(ring.members.map(({ id, dc }) => [id, dc]));
    for (const key of keys.slice(0, 500)) {
      const inSecond = (n: number): number =>
        ring.replicas(key, n).filter((id) => dcOf.get(id) === "dc2").length;
      assert.equal(inSecond(2), 1);
      assert.ok(inSecond(3) === 1 || inSecond(3) === 2);
      assert.equal(inSecond(4), 2);
      assert.equal(inSecond(6), 2);
    }
  });

  it("takes from each data centre as many as are asked for, nearest first, and tells where each stands", () => {
    const ring = new Ring(
      nodes(7, (place) => (place < 4 ? "dc1" : "dc2")),
      128,
    );
    const counts = { dc1: 2, dc2: 3 };
    for (const key of keys.slice(0, 500)) {
      const placement = ring.place(key, 5, counts);
      assert.deepEqual([...placement.dcs].sort(), ["dc1", "dc1", "dc2", "dc2", "dc2"]);
      const walk = ring.walk(key);
      const nearest = (dc: string, count: number): readonly string[] =>
        walk.filter((member) => member.dc === dc).flatMap(({ id }, place) => (place < count ? [id] : []));
      const wanted = [...nearest("dc1", 2), ...nearest("dc2", 3)];
      assert.deepEqual(
        placement.nodes,
        walk.map(({ id }) => id).filter((id) => wanted.includes(id)),
      );
      assert.equal(ring.place(key, 5, counts), placement);
    }
    assert.deepEqual(ring.place("x", 3, { dc2: 3 }).dcs, ["dc2", "dc2", "dc2"]);
  });

  it("moves no key between old nodes when one joins a data centre", () => {
    const counts = { dc1: 2, dc2: 1 };
    const dcOf = (place: number): string => (place % 2 === 0 ? "dc1" : "dc2");
    const before = new Ring(nodes(6, dcOf), 128);
    const after = new Ring(nodes(7, dcOf), 128);
    for (const key of keys.slice(0, 2_000)) {
      const left = before.place(key, 3, counts).nodes;
      const right = after.place(key, 3, counts).nodes;
      assert.ok(
        right.filter((id) => id !== "n7").every((id) => left.includes(id)),
        key,
      );
    }
  });

  it("walks on over all nodes, beginning with the replicas", () => {
    const ring = new Ring(nodes(5), 128);
    const walk = ring.walk("x").map(({ id }) => id);
    assert.deepEqual([...walk].sort(), ["n1", "n2", "n3", "n4", "n5"]);
    assert.deepEqual(walk.slice(0, 3), ring.replicas("x", 3));
  });

  it("is made once for a membership", () => {
    assert.equal(ringOf(nodes(5)), ringOf(nodes(5)));
    assert.notEqual(ringOf(nodes(5)), ringOf(nodes(4)));
  });
});
