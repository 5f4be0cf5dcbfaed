import assert from "node:assert/strict";
import { policiesOf } from "../defects.ts";
import { Membership } from "../membership/membership.ts";
import { steady } from "../membership/membership-state.ts";
import { Metrics } from "../metrics.ts";
import { NodeContext } from "../node-context.ts";
import { parseKeyspaces } from "../options/parse-keyspaces.ts";
import { ringOf } from "../ring.ts";
import type { Disk, Runtime, TimerTarget } from "../runtime.ts";
import { Log } from "../storage/log.ts";
import { stateRecord } from "../storage/record.ts";
import { Replica } from "../storage/replica.ts";
import type { State } from "../versions/version.ts";
import { only } from "../versions/version.ts";
import { versioningOf } from "../versions/versioning-of.ts";
import type { OwnedSpace } from "./group-trees.ts";
import { GroupTrees } from "./group-trees.ts";
import { TombstoneCollector } from "./tombstone-collector.ts";

const membersOf = (count: number) =>
  Array.from({ length: count }, (_, place) => ({ id: `n${place + 1}`, dc: "dc1" }));
const keys = Array.from({ length: 200 }, (_, index) => `key-${index}`);

const stateOf = (time: number, deleted = false): State =>
  only({
    version: { time, node: "n1", incarnation: "", sequence: 1 },
    value: deleted ? null : "v",
    deleted,
  });

const disk: Disk = {
  append: (_record, target, tag) => target?.onDurable(tag),
  sync: (target, tag) => target.onDurable(tag),
  rotate: () => {},
  snapshot: () => {},
  install: (target, tag) => target.onDurable(tag),
  isFull: false,
  backlog: 0,
};

/** One replica on n1 of four nodes, with a clock and timers that are moved by hand. */
class Bench {
  nowUs = 1_000_000;
  readonly timers: (() => void)[] = [];
  readonly context: NodeContext;
  readonly space: OwnedSpace;

  constructor(settings: object = {}) {
    const runtime: Runtime = {
      wallClockUs: () => this.nowUs,
      monotonicUs: () => this.nowUs,
      incarnation: "0001",
      draw: () => 0,
      send: () => {},
      after: (_delayUs: number, target: TimerTarget, tag: number) =>
        this.timers.push(() => target.onTimer(tag)),
      cancel: () => {},
      disk,
      notes: null,
    };
    const policies = policiesOf(undefined);
    const membership = new Membership(steady(membersOf(4)));
    this.context = new NodeContext({ id: "n1", dc: "dc1", keyspaces: [] }, runtime, policies, membership);
    const [keyspace] = parseKeyspaces([{ name: "k", n: 3, antiEntropyMs: 100, ...settings }]);
    assert.ok(keyspace !== undefined);
    const versioning = versioningOf(keyspace);
    const home = { runtime, policies, metrics: new Metrics(), log: new Log(disk), epoch: () => 1 };
    this.space = { keyspace, versioning, replica: new Replica(keyspace, versioning, home), acceptor: null };
  }

  put(key: string, state: State): void {
    this.space.replica.store(key, state, "write", 1, null, 0);
  }
}

describe("the trees of replica groups", () => {
  it("have each key where both owners look for it, and none that the node does not own", () => {
    const bench = new Bench();
    const trees = new GroupTrees(bench.context, bench.space);
    trees.start();
    for (const key of keys) bench.put(key, stateOf(1));
    const ring = ringOf(membersOf(4));
    for (const peer of ["n2", "n3", "n4"]) {
      const shared = trees.sharedWith(peer);
      assert.deepEqual(
        shared.map(({ name }) => name),
        ["n1,n2,n3", "n1,n2,n4", "n1,n3,n4"].filter((name) => name.includes(peer)),
      );
      const found = shared.flatMap(({ tree }) => tree.keysUnder("")).sort();
      const owned = keys.filter((key) => {
        const owners = ring.replicas(key, 3);
        return owners.includes("n1") && owners.includes(peer);
      });
      assert.deepEqual(found, owned.sort());
    }
  });

  it("say the same when they are kept as when they are made anew", () => {
    const bench = new Bench();
    const kept = new GroupTrees(bench.context, bench.space);
    kept.start();
    for (const key of keys) bench.put(key, stateOf(1));
    for (const key of keys.slice(50)) bench.put(key, stateOf(2, true));
    for (const key of keys.slice(0, 40)) bench.space.replica.forget(key, 1);
    const made = new GroupTrees(bench.context, bench.space);
    for (const { name, tree } of kept.sharedWith("n2")) {
      assert.deepEqual(tree.at(""), made.treeOf(name).at(""), name);
    }
    assert.equal(kept.sharedWith("n2").length, made.sharedWith("n2").length);
  });

  it("are made of what the log had", () => {
    const bench = new Bench();
    const trees = new GroupTrees(bench.context, bench.space);
    for (const key of keys) bench.space.replica.recover(stateRecord("k", 1, key, stateOf(1)));
    trees.start();
    const count = [...new Set(["n2", "n3", "n4"].flatMap((peer) => trees.sharedWith(peer)))]
      .map(({ tree }) => tree.at("").count)
      .reduce((sum, size) => sum + size, 0);
    assert.equal(count, keys.filter((key) => ringOf(membersOf(4)).replicas(key, 3).includes("n1")).length);
  });

  it("follow the owners when these change", () => {
    const bench = new Bench();
    const trees = new GroupTrees(bench.context, bench.space);
    trees.start();
    for (const key of keys) bench.put(key, stateOf(1));
    assert.deepEqual(trees.sharedWith("n5"), []);
    bench.context.membership.adopt({ ...steady(membersOf(5)), epoch: 2 });
    bench.put("key-0", stateOf(2));
    const ring = ringOf(membersOf(5));
    const found = trees.sharedWith("n5").flatMap(({ tree }) => tree.keysUnder(""));
    const owned = keys.filter((key) => {
      const owners = ring.replicas(key, 3);
      return owners.includes("n1") && owners.includes("n5");
    });
    assert.deepEqual([...found].sort(), owned.sort());
    assert.ok(owned.length > 0);
  });
});

describe("the collection of tombstones", () => {
  it("has a timer only while there are any", () => {
    const bench = new Bench({ deletes: { kind: "grace", graceMs: 100 } });
    const collector = new TombstoneCollector(bench.context, bench.space, 100);
    const tick = (): void => {
      bench.nowUs += 200_000;
      for (const fire of bench.timers.splice(0)) fire();
    };
    bench.put("x", stateOf(bench.nowUs, true));
    assert.equal(bench.timers.length, 0, "before the start");
    collector.start();
    assert.equal(bench.timers.length, 1);
    bench.put("y", stateOf(bench.nowUs, true));
    assert.equal(bench.timers.length, 1, "one for all");
    tick();
    assert.deepEqual(bench.space.replica.keys(), []);
    assert.equal(bench.timers.length, 0, "with none left");
    bench.put("x", stateOf(bench.nowUs));
    assert.equal(bench.timers.length, 0, "with a value");
    bench.put("x", stateOf(bench.nowUs + 1, true));
    assert.equal(bench.timers.length, 1);
  });
});
