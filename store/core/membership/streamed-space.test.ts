import assert from "node:assert/strict";
import type { Keyspace } from "../options/keyspace.ts";
import { parseKeyspaces } from "../options/parse-keyspaces.ts";
import { backOffUs } from "./back-off.ts";
import { copiesOf, dispensablePeers } from "./streamed-space.ts";

function keyspaceOf(settings: object): Keyspace {
  const [keyspace] = parseKeyspaces([{ name: "k", ...settings }]);
  assert.ok(keyspace);
  return keyspace;
}

describe("copies that are sure to be there", () => {
  it("are w, or less where reads, ballots or data centres count for themselves", () => {
    const cases: readonly (readonly [object, number])[] = [
      [{}, 2],
      [{ n: 5, w: 4, r: 2 }, 4],
      [{ n: 5, w: 4, r: 3, read: "repair-blocking" }, 3],
      [{ n: 5, w: 4, r: 2, protocol: "caspaxos" }, 2],
      [{ replicas: { dc1: 3, dc2: 3 }, w: 5, r: 2 }, 2],
    ];
    for (const [settings, copies] of cases) {
      assert.equal(copiesOf(keyspaceOf(settings)), copies, JSON.stringify(settings));
    }
  });

  it("say how many peers a node can do without that gets back what it has lost", () => {
    const without = (peers: number, ...settings: readonly object[]): number =>
      dispensablePeers(settings.map(keyspaceOf), peers);
    assert.equal(without(2, {}), 0);
    assert.equal(without(4, { n: 5 }), 1);
    assert.equal(without(4, { n: 5 }, {}), 0);
    assert.equal(without(4, { n: 5 }, { n: 1, w: 1, r: 1 }), 1);
    assert.equal(without(4, { n: 1, w: 1, r: 1 }), 4);
    assert.equal(without(2, { w: 1, r: 3 }), 0);
  });
});

describe("back-off", () => {
  it("doubles up to a bound", () => {
    assert.deepEqual(
      [0, 1, 2, 5, 6, 4_000].map(backOffUs),
      [100_000, 200_000, 400_000, 3_200_000, 5_000_000, 5_000_000],
    );
  });
});
