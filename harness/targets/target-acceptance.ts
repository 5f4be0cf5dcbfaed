import assert from "node:assert/strict";
import { OperatingError } from "../base/errors.ts";
import type { FaultKind, KeyspaceSettings, Link, Scenario } from "../contracts/scenario.ts";
import type { Target } from "../contracts/target.ts";
import { nsOfUs } from "../history/time.ts";
import type { Steps } from "./acceptance-script.ts";
import { script } from "./acceptance-script.ts";

/** What the suite must know of a target besides its interface. */
export interface AcceptanceOptions {
  /**
   * How long a request may take on this target when nothing is wrong, in microseconds. Delays and timeouts
   * of the suite are multiples of it.
   */
  readonly unitUs: number;
}

const nodes = ["n1", "n2", "n3"];
const site = "s1";

/** All replicas answer, so that one link or node less makes an operation fail. */
const all: KeyspaceSettings = { name: "all", n: 3, w: 3, r: 3 };
const quorum: KeyspaceSettings = { name: "quorum", n: 3, w: 2, r: 2 };

/**
 * What every target must do: one body, run on the simulator and on containers alike. Each kind of fault is
 * proven by what clients see while it is there, and by what they see once it is gone.
 */
export function targetAcceptance(target: Target, { unitUs }: AcceptanceOptions): void {
  const check = (what: string, steps: (s: Steps) => void): void => {
    it(what, (done) => {
      script(target, scenarioOf(unitUs), unitUs, steps, done);
    });
  };
  const checkFault = (kind: FaultKind, what: string, steps: (s: Steps) => void): void => {
    if (target.can.has(kind)) check(`${kind}: ${what}`, steps);
  };

  describe(`target ${target.name}`, () => {
    basics(target, unitUs, check);
    cuts(checkFault);
    delays(unitUs, checkFault);
    processes(checkFault);
    clocks(checkFault);
  });
}

type Check = (what: string, steps: (s: Steps) => void) => void;
type CheckFault = (kind: FaultKind, what: string, steps: (s: Steps) => void) => void;

function basics(target: Target, unitUs: number, check: Check): void {
  check("lets reads see the writes before them, through any node", (s) => {
    s.write("quorum", "n1", "x", 17, "ok");
    for (const node of nodes) s.read("quorum", node, "x", 17);
    s.write("quorum", "n2", "x", "two words", "ok");
    s.read("quorum", "n3", "x", "two words");
  });

  check("answers null for what was never written and for what was deleted", (s) => {
    s.read("quorum", "n1", "y", null);
    s.write("quorum", "n1", "y", 1, "ok");
    s.remove("quorum", "n2", "y", "ok");
    s.read("quorum", "n3", "y", null);
  });

  check("dumps what every replica holds, sorted by key", (s) => {
    s.write("all", "n1", "b", 2, "ok");
    s.write("all", "n1", "a", 1, "ok");
    s.dump((replicas) => {
      for (const node of nodes) {
        const replica = replicas.find((other) => other.node === node && other.keyspace === "all");
        const held = replica?.entries.map(({ key, values }) => [key, values.map(({ value }) => value)]);
        assert.deepEqual(held, [
          ["a", [1]],
          ["b", [2]],
        ]);
      }
    });
  });

  check(
    "wakes in the order of time, never early, at once where the time has passed, and not when cancelled",
    (s) => {
      const woken: string[] = [];
      s.call((cluster, next) => {
        const startNs = cluster.nowNs();
        const wakeAt = (name: string, units: number): (() => void) =>
          cluster.at(startNs + nsOfUs(units * unitUs), () => {
            assert.ok(cluster.nowNs() >= startNs + nsOfUs(units * unitUs), `${name} was woken early`);
            woken.push(name);
          });
        wakeAt("third", 3);
        wakeAt("first", 1);
        const cancel = wakeAt("cancelled", 2);
        wakeAt("past", -5);
        cancel();
        assert.deepEqual(woken, [], "nobody is woken inside the call");
        cluster.at(startNs + nsOfUs(4 * unitUs), next);
      });
      s.call((_, next) => {
        assert.deepEqual(woken, ["past", "first", "third"]);
        next();
      });
    },
  );

  check("refuses a fault on a link that is not there", (s) => {
    const links = [{ from: "n1", to: "nowhere" }];
    s.actInVain({ fault: 1, kind: "cut", links, mode: "refuse" });
  });

  it("says which keyspace cannot be, and opens nothing", (done) => {
    const impossible = { ...scenarioOf(unitUs), keyspaces: [{ name: "k", n: 3, w: 7, r: 1 }] };
    let opened: unknown = null;
    target.open(impossible, null, (result) => {
      opened = result;
    });
    target.drive(() => {
      assert.ok(opened instanceof OperatingError);
      assert.equal(opened.code, "bad-keyspace");
      assert.match(opened.message, /keyspaces\[0\]\.w/);
      done();
    });
  });
}

function cuts(checkFault: CheckFault): void {
  for (const mode of ["refuse", "black-hole"] as const) {
    checkFault("cut", `${mode} between nodes, undone by restore`, (s) => {
      const links = bothWays("n1", "n3");
      s.act({ fault: 1, kind: "cut", links, mode });
      s.writeInVain("all", "n1", "x", 1);
      s.write("all", "n2", "x", 2, "ok");
      s.write("quorum", "n1", "x", 3, "ok");
      s.act({ fault: 1, kind: "restore", links });
      s.write("all", "n1", "x", 4, "ok");
    });
  }

  checkFault("cut", "in one direction stops requests that way, and not the other", (s) => {
    const links = [{ from: "n1", to: "n3" }];
    s.act({ fault: 1, kind: "cut", links, mode: "black-hole" });
    s.writeInVain("all", "n1", "x", 1);
    s.act({ fault: 1, kind: "restore", links });
    s.write("all", "n1", "x", 2, "ok");
  });

  checkFault("cut", "that refuses a client's request fails it: surely no effect", (s) => {
    const links = bothWays(site, "n1");
    s.act({ fault: 1, kind: "cut", links, mode: "refuse" });
    s.write("quorum", "n1", "x", 1, "fail");
    s.read("quorum", "n2", "x", null);
    s.act({ fault: 1, kind: "restore", links });
    s.write("quorum", "n1", "x", 2, "ok");
  });

  checkFault("cut", "that swallows a client's request leaves it unknown", (s) => {
    const links = bothWays(site, "n1");
    s.act({ fault: 1, kind: "cut", links, mode: "black-hole" });
    s.write("quorum", "n1", "x", 1, "info");
    s.act({ fault: 1, kind: "restore", links });
    s.write("quorum", "n1", "x", 2, "ok");
  });

  checkFault("cut", "by two faults at once lasts until both are mended, and mends can be repeated", (s) => {
    const links = bothWays("n1", "n2");
    s.act({ fault: 1, kind: "cut", links, mode: "refuse" });
    s.act({ fault: 2, kind: "cut", links, mode: "refuse" });
    s.act({ fault: 1, kind: "restore", links });
    s.act({ fault: 1, kind: "restore", links });
    s.writeInVain("all", "n1", "x", 1);
    s.act({ fault: 2, kind: "restore", links });
    s.write("all", "n1", "x", 2, "ok");
  });
}

function delays(unitUs: number, checkFault: CheckFault): void {
  const links = bothWays("n1", "n3");
  const restore = { fault: 1, kind: "restore", links } as const;

  checkFault("latency", "makes both ways slower, and no longer once it is mended", (s) => {
    s.act({ fault: 1, kind: "delay", links, addUs: 2 * unitUs, jitterUs: 0 });
    s.timed("all", "n1", "x", { atLeastUs: 4 * unitUs });
    s.timed("quorum", "n1", "x", { lessThanUs: 2 * unitUs });
    s.act(restore);
    s.timed("all", "n1", "x", { lessThanUs: 2 * unitUs });
  });

  checkFault("reorder", "keeps messages back", (s) => {
    s.act({ fault: 1, kind: "reorder", links, percent: 100, byUs: 1_000 * unitUs });
    // Two draws up to a thousand units: that both are below one is a chance in a million, and the draws are fixed.
    s.timed("all", "n1", "x", { atLeastUs: unitUs, mayTimeOut: true });
    s.act(restore);
    s.timed("all", "n1", "y", { lessThanUs: 2 * unitUs });
  });

  checkFault("hold", "keeps one leg of one operation back, and no other operation", (s) => {
    const held = s.nextOp + 1;
    s.act({ fault: 1, kind: "hold", operation: held, links, leg: "writeRequest", byUs: 3 * unitUs });
    s.timed("all", "n1", "x", { lessThanUs: 2 * unitUs });
    s.timed("all", "n1", "x", { atLeastUs: 3 * unitUs });
    s.act(restore);
    s.timed("all", "n1", "x", { lessThanUs: 2 * unitUs });
  });

  checkFault("loss", "of everything stops messages", (s) => {
    s.act({ fault: 1, kind: "lose", links, percent: 100 });
    s.writeInVain("all", "n1", "x", 1);
    s.act(restore);
    s.write("all", "n1", "x", 2, "ok");
  });

  checkFault("duplicate", "delivers messages twice, and answers stay right", (s) => {
    s.act({ fault: 1, kind: "duplicate", links, percent: 100 });
    s.write("all", "n1", "x", 1, "ok");
    s.messages((lines) => {
      const requests = lines.filter(
        ({ from, to, message }) => `${from}→${to} ${message}` === "n1→n3 writeRequest",
      );
      assert.equal(requests.length, 2);
    });
    s.act(restore);
    s.write("all", "n1", "x", 2, "ok");
    s.messages((lines) => {
      const requests = lines.filter(
        ({ from, to, message }) => `${from}→${to} ${message}` === "n1→n3 writeRequest",
      );
      assert.equal(requests.length, 3);
    });
  });
}

function processes(checkFault: CheckFault): void {
  checkFault("kill", "ends a process, and its disk is there when it starts again", (s) => {
    s.write("all", "n1", "x", 1, "ok");
    s.act({ fault: 1, kind: "kill", node: "n3" });
    s.writeInVain("quorum", "n3", "x", 9);
    s.writeInVain("all", "n1", "y", 2);
    s.write("quorum", "n1", "y", 3, "ok");
    s.act({ fault: 1, kind: "start", node: "n3" });
    s.ready("n3");
    s.read("all", "n3", "x", 1);
    s.write("all", "n3", "y", 4, "ok");
  });

  checkFault("kill", "of all nodes loses nothing that was acknowledged", (s) => {
    s.write("all", "n1", "x", 1, "ok");
    for (const node of nodes) s.act({ fault: 1, kind: "kill", node });
    for (const node of nodes) s.act({ fault: 1, kind: "start", node });
    for (const node of nodes) s.ready(node);
    s.read("all", "n2", "x", 1);
  });

  checkFault("power-loss", "of all nodes loses nothing that was synced", (s) => {
    s.write("all", "n1", "x", 1, "ok");
    for (const node of nodes) s.act({ fault: 1, kind: "cut-power", node });
    s.writeInVain("quorum", "n1", "x", 2);
    for (const node of nodes) s.act({ fault: 1, kind: "start", node });
    for (const node of nodes) s.ready(node);
    s.read("all", "n2", "x", 1);
  });

  checkFault("pause", "leaves requests without an answer, and loses nothing", (s) => {
    s.act({ fault: 1, kind: "pause", node: "n2" });
    s.write("quorum", "n2", "x", 1, "info");
    s.writeInVain("all", "n1", "y", 2);
    s.act({ fault: 1, kind: "resume", node: "n2" });
    s.ready("n2");
    // What the paused node had been told it has done by now.
    s.read("all", "n1", "y", 2);
    s.write("all", "n2", "x", 3, "ok");
  });
}

function clocks(checkFault: CheckFault): void {
  checkFault("skew", "lets a write from a clock ahead win over a later one", (s) => {
    s.act({ fault: 1, kind: "set-clock", node: "n1", offsetUs: 60_000_000 });
    s.write("all", "n1", "x", 1, "ok");
    s.write("all", "n2", "x", 2, "ok");
    s.read("all", "n3", "x", 1);
    s.act({ fault: 1, kind: "set-clock", node: "n1", offsetUs: 0 });
    s.write("all", "n1", "y", 1, "ok");
    s.wait(10);
    s.write("all", "n2", "y", 2, "ok");
    s.read("all", "n3", "y", 2);
  });

  checkFault(
    "skew",
    "shows where clocks are read, to within what is said, and no longer once it is mended",
    (s) => {
      const seesN1Ahead = (byNs: number): void =>
        s.call((cluster, next) => {
          assert.ok(cluster.clocks !== undefined, "a target that moves clocks can read them");
          cluster.clocks((reading) => {
            assert.ok(!(reading instanceof OperatingError));
            const { ahead, withinNs } = reading;
            // A corrected clock of this machine moves all of them a little.
            assert.ok(withinNs < 250_000_000, `within ${withinNs} ns`);
            assert.deepEqual(
              ahead.map(({ node, ns }) => [
                node,
                Math.abs(ns - (node === "n1" ? byNs : 0)) <= withinNs + 1e6,
              ]),
              nodes.map((node) => [node, true]),
            );
            next();
          });
        });
      seesN1Ahead(0);
      s.act({ fault: 1, kind: "set-clock", node: "n1", offsetUs: -60_000_000 });
      seesN1Ahead(-60e9);
      s.act({ fault: 1, kind: "set-clock", node: "n1", offsetUs: 0 });
      seesN1Ahead(0);
    },
  );
}

function bothWays(from: string, to: string): readonly Link[] {
  return [
    { from, to },
    { from: to, to: from },
  ];
}

function scenarioOf(unitUs: number): Scenario {
  return {
    recount: "scenario",
    version: 1,
    seed: 7,
    nodes: nodes.map((id) => ({ id, dc: "dc1" })),
    sites: [{ id: site, dc: "dc1" }],
    keyspaces: [all, quorum],
    // At most a twentieth of the unit: a request takes a few messages.
    network: {
      latency: { kind: "uniform", minUs: 1, maxUs: Math.floor(unitUs / 20) },
      clientLatency: { kind: "constant", us: Math.floor(unitUs / 40) },
    },
    disk: { sync: { kind: "constant", us: Math.floor(unitUs / 40) } },
    operations: [],
    faults: [],
    restUs: 0,
    final: "none",
  };
}
