import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import { RecordKind } from "../storage/record.ts";
import {
  atHome,
  cutWorld,
  holds,
  kept,
  only,
  put,
  restUs,
  sound,
  suspicionUs,
  writtenElsewhere,
} from "../testing/cut-world.test-support.ts";
import type { FakeWorld } from "../testing/fake-world.test-support.ts";
import { valuesOf } from "../testing/replies.test-support.ts";

/** Keys of records of a kind on a disk. */
function recordsOf(world: FakeWorld, id: string, kind: number): readonly string[] {
  const { records } = world.disk(id).open();
  return records.flatMap((record) => (record.kind === kind ? record.key : []));
}

describe("hinted handoff", () => {
  it("brings every write home after the cut, and deletes the hints", () => {
    const cut = writtenElsewhere({});
    const { world, others } = cut;
    // The coordinator keeps its own as who stands in, and one for the owner for which nobody could.
    assert.deepEqual(kept(cut), [0, 0, 0, 2, 1]);
    world.route = sound;
    world.run(suspicionUs);
    assert.deepEqual(atHome(cut), ["a", "a", "a"]);
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
    for (const id of others) {
      const { hintsDelivered, hintsWritten, oldestHintUs } = world.node(id).metrics;
      assert.equal(hintsDelivered, hintsWritten);
      assert.equal(oldestHintUs, 0);
      assert.ok(recordsOf(world, id, RecordKind.hintDone).includes("x"));
    }
  });

  it("brings also what was written before anybody was suspected", () => {
    const cut = cutWorld({});
    const { world, others } = cut;
    world.route = only(...others);
    const put = world.ask(others[0] ?? "", { f: "put", value: "a" });
    world.run();
    assert.deepEqual(valuesOf(put), []);
    assert.deepEqual(kept(cut), [0, 0, 0, 2, 1]);
    world.route = sound;
    world.run(restUs);
    assert.deepEqual(atHome(cut), ["a", "a", "a"]);
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
  });

  it("survives the death of the holder in between", () => {
    const cut = writtenElsewhere({});
    const { world, others } = cut;
    for (const id of others) world.cutPower(id);
    world.run(10_000);
    world.route = sound;
    for (const id of others) world.start(id);
    assert.deepEqual(kept(cut), [0, 0, 0, 2, 1]);
    world.run(restUs);
    assert.deepEqual(atHome(cut), ["a", "a", "a"]);
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
    // A start after that finds nothing to bring.
    for (const id of others) {
      world.cutPower(id);
      world.start(id);
    }
    world.run(restUs);
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
  });

  it("keeps a hint through a power loss only if it was synced, and has acknowledged nothing else", () => {
    for (const defect of [undefined, "hint-not-synced"]) {
      const cut = cutWorld({}, defect);
      const { world, others } = cut;
      world.route = only(...others);
      world.run(suspicionUs);
      world.syncUs = 20_000;
      const put = world.ask(others[0] ?? "", { f: "put", value: "a" });
      world.run(10_000);
      assert.equal(put.length, defect === undefined ? 0 : 1);
      for (const id of others) world.cutPower(id);
      world.route = sound;
      for (const id of others) world.start(id);
      world.run(restUs);
      assert.deepEqual(atHome(cut), [undefined, undefined, undefined]);
    }
  });

  it("has in the hints the only copies of what was written elsewhere", () => {
    const cut = writtenElsewhere({ w: 1 });
    const { world, others } = cut;
    for (const id of others) {
      world.cutPower(id);
      world.disk(id).erase();
      world.start(id);
    }
    world.route = sound;
    world.run(restUs);
    assert.deepEqual(atHome(cut), [undefined, undefined, undefined]);
  });

  it("deletes a hint only once its home has acknowledged that it is synced there", () => {
    const cut = writtenElsewhere({});
    const { world } = cut;
    world.route = (_from, _to, { kind }) => (kind === MessageKind.hintAck ? null : 1_000);
    world.run(suspicionUs);
    assert.deepEqual(atHome(cut), ["a", "a", "a"]);
    assert.deepEqual(kept(cut).slice(3), [2, 1]);
    world.route = sound;
    world.run(restUs);
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
  });

  it("tries again with growing waits where the home does not answer", () => {
    const cut = writtenElsewhere({});
    const { world } = cut;
    const sentAtUs: number[] = [];
    const isOurs = (from: string, to: string): boolean => from === cut.others[0] && to === cut.owners[0];
    world.route = (from, to, { kind }) => {
      if (kind !== MessageKind.hint) return 1_000;
      if (isOurs(from, to)) sentAtUs.push(world.nowUs);
      return null;
    };
    world.run(20_000_000);
    const waitsUs = sentAtUs.slice(1).map((atUs, index) => atUs - (sentAtUs[index] ?? 0));
    assert.ok(waitsUs.length >= 3);
    // A second for the acknowledgement, and then between half of the wait and all of it.
    waitsUs.forEach((waitUs, tries) => {
      const longest = 250_000 * (1 << tries);
      assert.ok(waitUs >= 1_000_000 + longest / 2 && waitUs <= 1_000_000 + longest, `${tries}: ${waitUs}`);
    });
    const fates = world.sent.flatMap(({ from, to, message }) =>
      message.kind === MessageKind.hint && isOurs(from, to) ? `${message.cause} ${message.attempt}` : [],
    );
    assert.equal(new Set(fates).size, fates.length);
    world.route = sound;
    world.run(30_000_000);
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
  });

  it("leaves what came to a hint while it was delivered", () => {
    const cut = writtenElsewhere({});
    const { world, owners, others } = cut;
    const [holder = ""] = others;
    // The owners are heard again and get their hints, but not the writes; acknowledgements of hints are slow.
    world.route = (_from, to, { kind }) => {
      if (kind === MessageKind.writeRequest && owners.includes(to)) return null;
      return kind === MessageKind.hintAck ? 100_000 : 1_000;
    };
    world.run(15_000);
    const second = put(world, holder, "b");
    world.run(60_000);
    assert.deepEqual(valuesOf(second), []);
    assert.deepEqual(atHome(cut), ["a", "a", "a"]);
    const before = world.node(holder).metrics.hintsDelivered;
    world.run(40_000);
    assert.ok(world.node(holder).metrics.hintsDelivered > before);
    assert.ok(world.node(holder).metrics.hintsKept > 0);
    world.run(restUs);
    assert.deepEqual(atHome(cut), ["b", "b", "b"]);
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
  });

  it("brings many hints in few messages, in order of the keys", () => {
    const cut = cutWorld({ n: 3, w: 1 });
    const { world, owners, others } = cut;
    const [home = "", ...rest] = owners;
    world.route = only(...rest, ...others);
    world.run(suspicionUs);
    const keys = Array.from({ length: 300 }, (_, place) => `key-${String(place).padStart(3, "0")}`);
    for (const key of keys) world.ask(rest[0] ?? "", { f: "put", key, value: key });
    world.run();
    world.route = sound;
    world.run(suspicionUs);
    const brought = world.sent.filter(({ to, message }) => to === home && message.kind === MessageKind.hint);
    const total = brought.reduce((sum, { message }) => sum + message.entries.length, 0);
    assert.equal(total, world.node(home).dump("k").length);
    assert.ok(total > 100 && brought.length < 12, `${total} in ${brought.length}`);
    for (const { message } of brought) {
      const names = message.entries.map(({ key }) => key);
      assert.deepEqual(names, [...names].sort());
      assert.ok(names.length <= 64);
    }
    assert.deepEqual(kept(cut), [0, 0, 0, 0, 0]);
  });

  it("brings what was kept for a node that has left to those who own the key now", () => {
    const { world, owners, others } = cutWorld({ w: 1 });
    const [dead = "", ...left] = owners;
    const [heir = "", holder = ""] = others;
    world.route = only(holder);
    world.run(suspicionUs);
    assert.deepEqual(valuesOf(put(world, holder, "a")), []);
    world.cutPower(dead);
    // No owner has it, so that whoever owns the key from now on gets it from the holder alone.
    world.route = (_from, to, { kind }) => (kind === MessageKind.hint && left.includes(to) ? null : 1_000);
    const members = [...left, ...others].sort().map((id) => ({ id, dc: "dc1" }));
    const results: unknown[] = [];
    world.node(holder).changeMembership(members, (result) => results.push(result), { dead: [dead] });
    world.run(restUs);
    assert.deepEqual(results, [{ ok: true }]);
    world.run(10_000_000);
    assert.equal(holds(world, heir), "a");
    world.route = sound;
    world.run(60_000_000);
    assert.deepEqual(
      [...left, ...others].map((id) => world.node(id).metrics.hintsKept),
      [0, 0, 0, 0],
    );
    assert.deepEqual(
      left.map((id) => holds(world, id)),
      ["a", "a"],
    );
  });
});
