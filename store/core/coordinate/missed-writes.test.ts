import assert from "node:assert/strict";
import type { CutWorld } from "../testing/cut-world.test-support.ts";
import {
  atHome,
  cutWorld,
  holds,
  kept,
  only,
  put,
  restUs,
  sound,
} from "../testing/cut-world.test-support.ts";
import { valuesOf } from "../testing/replies.test-support.ts";

describe("hinted handoff without sloppy quorums", () => {
  const strict = { sloppy: false, hints: {} };

  it("keeps a hint at the coordinator for every owner that did not answer by the deadline", () => {
    const cut = cutWorld(strict);
    const { world, owners, others } = cut;
    const [first = "", second = "", third = ""] = owners;
    world.route = only(first, second);
    const put = world.ask(first, { f: "put", value: "a" });
    world.run(10_000);
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
    world.run(60_000);
    assert.deepEqual(kept(cut), [1, 0, 0, 0, 0]);
    assert.ok(world.sent.every(({ message }) => message.home === ""));
    world.route = sound;
    world.run(restUs);
    assert.equal(holds(world, third), "a");
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
    assert.deepEqual(
      others.map((id) => holds(world, id)),
      [undefined, undefined],
    );
  });

  it("keeps it at once for owners that are suspected, and does not wait for them", () => {
    const cut = cutWorld(strict);
    const { world, owners } = cut;
    const [first = "", second = ""] = owners;
    world.route = only(first, second);
    world.run(1_500_000);
    const put = world.ask(first, { f: "put", value: "a", timeoutUs: 10_000_000 });
    world.run(10_000);
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(kept(cut), [1, 0, 0, 0, 0]);
    assert.equal(world.node(first).metrics.suspectedPeers, 3);
  });

  it("keeps hints although the quorum was not met", () => {
    const cut = cutWorld(strict);
    const { world, owners } = cut;
    const [first = ""] = owners;
    world.route = only(first);
    const put = world.ask(first, { f: "put", value: "a" });
    world.run();
    assert.equal(put[0]?.kind, "error");
    assert.deepEqual(kept(cut), [2, 0, 0, 0, 0]);
    world.route = sound;
    world.run(restUs);
    assert.deepEqual(atHome(cut), ["a", "a", "a"]);
  });

  it("keeps none where all owners answer, and no node has heartbeats where nobody needs them", () => {
    const cut = cutWorld(strict);
    const { world, owners } = cut;
    world.ask(owners[0] ?? "", { f: "put", value: "a" });
    world.run();
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
    const plain = cutWorld({ sloppy: false }).world;
    plain.run(restUs);
    assert.deepEqual(plain.sent, []);
  });

  it("leaves what an outage longer than the window has missed", () => {
    const outage = (windowMs: number): CutWorld => {
      const cut = cutWorld({ sloppy: false, hints: { windowMs } });
      const { world, owners } = cut;
      const [first = "", second = ""] = owners;
      world.route = only(first, second);
      for (const value of ["early", "late"]) {
        world.run(1_500_000);
        assert.deepEqual(valuesOf(put(world, first, value)), []);
      }
      world.run();
      world.route = sound;
      world.run(restUs);
      return cut;
    };
    assert.deepEqual(atHome(outage(10_000)), ["late", "late", "late"]);
    const short = outage(2_000);
    assert.deepEqual(atHome(short), ["late", "late", "early"]);
    assert.equal(short.world.node(short.owners[0] ?? "").metrics.hintsDropped > 0, true);
  });
});
