import assert from "node:assert/strict";
import fc from "fast-check";
import { mixHash } from "../hash.ts";
import { MessageKind } from "../messages.ts";
import type { ClientReply } from "../request.ts";
import { ringOf } from "../ring.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";

const five = ["n1", "n2", "n3", "n4", "n5"];
const ring = ringOf(five.map((id) => ({ id, dc: "dc1" })));

interface Outcome {
  /** Keys of writes that were acknowledged. */
  readonly acknowledged: readonly string[];
  /** Of those, the ones that fewer than w owners hold at rest. */
  readonly missed: readonly string[];
  readonly hintsLeft: number;
}

/** Draws of one run, one after the other. */
function drawsOf(seed: number): (bound: number) => number {
  let draws = 0;
  return (bound) => {
    draws += 1;
    return mixHash(mixHash(seed, 11), draws) % bound;
  };
}

/** Cuts, loss, slow disks and power losses for a while, with a write of each key; then all is well again. */
function run(seed: number, defect?: string): Outcome {
  const below = drawsOf(seed);
  const sloppy = { heartbeatMs: 25, suspectAfterMs: 80 };
  const world = new FakeWorld(five, [{ name: "k", n: 3, w: 2, r: 2, sloppy }], defect);
  let side: readonly string[] = five;
  let isOver = false;
  world.syncUs = 100 + below(60_000);
  world.route = (from, to, { kind }) => {
    if (isOver) return 1_000;
    const isLost = below(kind === MessageKind.hint ? 2 : 10) === 0;
    return isLost || side.includes(from) !== side.includes(to) ? null : 300 + below(2_000);
  };
  const cut = (): void => {
    side = below(4) === 0 ? five : five.filter(() => below(2) === 0);
    if (!isOver) world.later(20_000 + below(400_000), cut);
  };
  const strike = (): void => {
    const isTotal = below(2) === 0;
    const struck = five.filter((id) => world.isUp(id) && (isTotal || below(3) === 0));
    for (const id of struck) world.cutPower(id);
    world.later(5_000 + below(30_000), () => {
      for (const id of struck) world.start(id);
    });
    if (!isOver) world.later(50_000 + below(300_000), strike);
  };
  const acknowledged: string[] = [];
  const write = (left: number): void => {
    const id = five[below(five.length)] ?? "";
    const key = `key${left}`;
    const heard = ({ kind }: ClientReply): void => {
      if (kind === "ok") acknowledged.push(key);
    };
    if (world.isUp(id)) world.ask(id, { f: "put", key, value: "a", timeoutUs: 200_000 }, heard);
    if (left > 1) world.later(20_000 + below(100_000), () => write(left - 1));
  };
  world.later(10_000, cut);
  world.later(20_000, strike);
  world.later(30_000, () => write(12));
  world.run(3_000_000);
  isOver = true;
  world.run(8_000_000);
  return {
    acknowledged,
    missed: acknowledged.filter((key) => holders(world, key) < 2),
    hintsLeft: five.reduce((sum, id) => sum + world.node(id).metrics.hintsKept, 0),
  };
}

/** How many owners hold a key. */
function holders(world: FakeWorld, key: string): number {
  return ring.replicas(key, 3).filter((id) =>
    world
      .node(id)
      .dump("k")
      .some((held) => held.key === key),
  ).length;
}

describe("hinted handoff under faults", () => {
  it("has brought every acknowledged write to w of its owners when all is well, and keeps no hint then", () => {
    let answered = 0;
    const runs = 40;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const { acknowledged, missed, hintsLeft } = run(seed);
        answered += acknowledged.length;
        assert.deepEqual(missed, []);
        assert.equal(hintsLeft, 0);
      }),
      { numRuns: runs },
    );
    assert.ok(answered > runs * 4, `only ${answered} writes were acknowledged`);
  });

  for (const defect of [
    "hint-dropped-after-first-try",
    "hint-deleted-before-ack",
    "hint-not-synced",
    "stand-in-counts-for-two-homes",
  ]) {
    it(`is seen to fail with ${defect}`, () => {
      const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
      assert.ok(seeds.some((seed) => run(seed, defect).missed.length > 0));
    });
  }
});
