import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { ringOf } from "../ring.ts";
import {
  atHome,
  cutWorld,
  kept,
  only,
  put,
  restUs,
  sound,
  suspicionUs,
  writtenElsewhere,
} from "../testing/cut-world.test-support.ts";
import { valuesOf } from "../testing/replies.test-support.ts";

/** Three keys that a node does not own. */
function keysOfOthers(node: string): readonly string[] {
  const ring = ringOf(["n1", "n2", "n3", "n4", "n5"].map((id) => ({ id, dc: "dc1" })));
  const keys = Array.from({ length: 40 }, (_, place) => `key${place}`);
  return keys.filter((key) => !ring.replicas(key, 3).includes(node)).slice(0, 3);
}

describe("hints", () => {
  it("are dropped, not delivered, when they are older than their keyspace allows", () => {
    for (const defect of [undefined, "hint-expiry-ignored"]) {
      const cut = writtenElsewhere({ hints: { expiryMs: 1_000 } }, defect);
      const { world, others } = cut;
      world.run(restUs);
      const gone = defect === undefined;
      assert.deepEqual(kept(cut).slice(3), gone ? [0, 0] : [2, 1]);
      assert.equal(world.node(others[0] ?? "").metrics.hintsExpired, gone ? 2 : 0);
      world.route = sound;
      world.run(restUs);
      assert.deepEqual(atHome(cut), gone ? [undefined, undefined, undefined] : ["a", "a", "a"]);
    }
  });

  it("are as old as the oldest write in them, and live on from a newer one that replaces it", () => {
    const cut = writtenElsewhere({ hints: { expiryMs: 1_000 } });
    const { world, others } = cut;
    world.run(800_000);
    put(world, others[0] ?? "", "b");
    world.run(800_000);
    assert.deepEqual(kept(cut).slice(3), [2, 1]);
    world.route = sound;
    world.run(restUs);
    assert.deepEqual(atHome(cut), ["b", "b", "b"]);
  });

  it("are refused beyond their number and beyond their size, and so is the write", () => {
    for (const bounds of [{ max: 2 }, { maxCharacters: 4 }]) {
      const { world, others } = cutWorld({ w: 1, hints: bounds });
      const [coordinator = ""] = others;
      world.route = only(coordinator);
      world.run(suspicionUs);
      const replies = keysOfOthers(coordinator).map((key) => {
        const reply = world.ask(coordinator, { f: "put", key, value: "ab" });
        world.run();
        return reply[0]?.kind === "ok" ? "ok" : reply[0]?.error;
      });
      const { hintsKept, hintsDropped } = world.node(coordinator).metrics;
      assert.equal(hintsKept, 2);
      assert.ok(hintsDropped > 0);
      assert.deepEqual(replies, ["ok", "Timeout", "Timeout"]);
    }
  });

  it("do not fill up with what replaces what they hold", () => {
    const { world, others } = cutWorld({ w: 1, hints: { max: 3, maxCharacters: 6 } });
    const [coordinator = ""] = others;
    world.route = only(coordinator);
    world.run(suspicionUs);
    for (let time = 0; time < 20; time += 1) {
      assert.deepEqual(valuesOf(put(world, coordinator, `${time % 10}`)), []);
      world.run();
    }
    assert.equal(world.node(coordinator).metrics.hintsKept, 3);
  });

  it("do not undo what was written since", () => {
    for (const defect of [undefined, "hint-delivered-as-overwrite"]) {
      const cut = writtenElsewhere({}, defect);
      const { world, owners } = cut;
      // Home again, but no hint is brought yet.
      world.route = (_from, _to, { kind }) => (kind === MessageKind.hint ? null : 1_000);
      world.run(10_000);
      assert.deepEqual(valuesOf(put(world, owners[0] ?? "", "b")), []);
      world.route = sound;
      world.run(4_000_000);
      const expected = defect === undefined ? ["b", "b", "b"] : ["a", "a", "a"];
      assert.deepEqual(atHome(cut), expected);
    }
  });

  it("are lost by the defects that delete them too early", () => {
    for (const defect of ["hint-deleted-before-ack", "hint-dropped-after-first-try"]) {
      const cut = writtenElsewhere({}, defect);
      const { world } = cut;
      world.route = (_from, _to, { kind }) => (kind === MessageKind.hint ? null : 1_000);
      world.run(restUs);
      world.route = sound;
      world.run(restUs);
      assert.deepEqual(atHome(cut), [undefined, undefined, undefined], defect);
      assert.deepEqual(kept(cut), [0, 0, 0, 0, 0], defect);
    }
  });

  it("that a failing disk refuses are not kept", () => {
    const { world, others } = cutWorld({ w: 1 });
    const [coordinator = ""] = others;
    world.route = only(coordinator);
    world.run(suspicionUs);
    world.disk(coordinator).isBroken = true;
    const refused = put(world, coordinator, "a");
    world.run();
    assert.equal(refused[0]?.kind, "error");
    assert.equal(world.node(coordinator).metrics.hintsKept, 0);
    world.disk(coordinator).isBroken = false;
    assert.deepEqual(valuesOf(put(world, coordinator, "b")), []);
    assert.equal(world.node(coordinator).metrics.hintsKept, 3);
  });
});
