import assert from "node:assert/strict";
import { StoreError } from "../../store/client/http-client.ts";
import { OperatingError } from "../base/errors.ts";
import { ClockProbe } from "./docker-clock-probe.ts";
import type { LinkPlaces, LinkSurgery } from "./docker-link-faults.ts";
import { LinkFaults } from "./docker-link-faults.ts";
import type { NodeSurgery } from "./docker-node-faults.ts";
import { NodeFaults } from "./docker-node-faults.ts";
import type { AdminClient } from "./docker-places.ts";

/** A node that nothing can be done to: it runs, answers and keeps its clock, whatever is asked of it. */
const unmoved: AdminClient = {
  isReady: async () => true,
  clock: async () => ({
    wallClockUs: Date.now() * 1_000,
    monotonicUs: Math.round(performance.now() * 1_000),
    incarnation: "0123456789abcdef",
  }),
  probe: async () => 0.4,
  reachedPeers: async () => ["n2"],
  dump: async () => [],
  close: () => undefined,
};

const places = { nodes: ["n1", "n2"], admin: () => unmoved };
const done = async (): Promise<void> => undefined;
const deafEngine: NodeSurgery = {
  container: () => ({ id: "c1", publishedPort: () => 0, write: done }),
  state: async () => ({ isRunning: true, isPaused: false }),
  kill: done,
  start: done,
  pause: done,
  resume: done,
  lastWords: async () => "nothing",
};

const linkPlaces: LinkPlaces = {
  link: ({ from, to }) => ({ from, to, proxy: "p", way: "upstream", site: null, nodes: [from, to] }),
  admin: () => unmoved,
  freshClient: () => unmoved,
};
const everybodyAnswers = { answers: () => true };

/** Proxies that say of themselves what is claimed here, and let everything through. */
function deafProxies(toxics: readonly string[], isEnabled = true): LinkSurgery {
  return {
    disturb: done,
    release: done,
    state: async () => ({ isEnabled, toxics }),
    isDisturbed: () => false,
    isCut: () => false,
  };
}

const links = [{ from: "n1", to: "n2" }];
const notProven = (says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof OperatingError);
  assert.equal(error.code, "fault-not-proven");
  assert.match(error.message, says);
  return true;
};

describe("clocks of containers", () => {
  it("are known to half a round trip of each look and a millisecond, and not where a node is silent", async () => {
    let aheadUs = 0;
    const moving: AdminClient = {
      ...unmoved,
      clock: async () => {
        const clock = await unmoved.clock();
        return { ...clock, wallClockUs: clock.wallClockUs + aheadUs };
      },
    };
    let isGone = false;
    const leaving: AdminClient = {
      ...unmoved,
      clock: async () => {
        if (isGone) throw new StoreError("ConnectionRefused", "gone");
        return unmoved.clock();
      },
    };
    const probe = new ClockProbe({
      nodes: ["n1", "n2"],
      admin: (node) => (node === "n1" ? moving : leaving),
    });
    await probe.begin();
    aheadUs = 7_000_000;
    isGone = true;
    const { ahead, withinNs } = await probe.readAll(["n1", "n2"]);
    const [{ node, ns } = { node: "", ns: 0 }] = ahead;
    assert.deepEqual([ahead.length, node], [1, "n1"]);
    assert.ok(withinNs > 1e6 && Math.abs(ns - 7e9) <= withinNs, `${ns} ns, within ${withinNs}`);
    assert.deepEqual(await probe.readAll([]), { ahead: [], withinNs: 0 });
  });

  it("are not read past a bug", async () => {
    const broken: AdminClient = { ...unmoved };
    const probe = new ClockProbe({ nodes: ["n1"], admin: () => broken });
    await probe.begin();
    broken.clock = async () => {
      throw new TypeError("a bug");
    };
    await assert.rejects(() => probe.readAll(["n1"]), TypeError);
  });
});

describe("proofs of the docker target", () => {
  async function nodeFaults(): Promise<NodeFaults> {
    const clocks = new ClockProbe(places);
    await clocks.begin();
    return new NodeFaults(deafEngine, places, clocks, { startMs: 100, stateMs: 100, clockMs: 100 });
  }

  it("do not believe a kill after which the process runs", async () => {
    const faults = await nodeFaults();
    await assert.rejects(
      () => faults.act({ fault: 1, kind: "kill", node: "n1" }),
      notProven(/n1 still runs/),
    );
    assert.equal(faults.deadSince("n1"), null);
  });

  it("do not believe a pause that the engine does not show", async () => {
    const faults = await nodeFaults();
    await assert.rejects(
      () => faults.act({ fault: 1, kind: "pause", node: "n1" }),
      notProven(/is not paused/),
    );
  });

  it("do not believe a clock that does not move", async () => {
    const faults = await nodeFaults();
    const act = { fault: 1, kind: "set-clock", node: "n1", offsetUs: 60_000_000 } as const;
    await assert.rejects(() => faults.act(act), notProven(/is -?0\.0\d\d s ahead and should be 60\.000 s/));
  });

  it("do not believe a cut through which a probe gets", async () => {
    const faults = new LinkFaults(linkPlaces, deafProxies([], false), everybodyAnswers);
    const act = { fault: 1, kind: "cut", links, mode: "refuse" } as const;
    await assert.rejects(() => faults.act(act), notProven(/n1→n2 still lets a probe through in 0\.4 ms/));
  });

  it("do not believe a cut of which Toxiproxy knows nothing", async () => {
    const faults = new LinkFaults(linkPlaces, deafProxies([]), everybodyAnswers);
    const act = { fault: 1, kind: "cut", links, mode: "black-hole" } as const;
    await assert.rejects(() => faults.act(act), notProven(/Toxiproxy says open \[\]/));
  });

  it("do not believe a delay that no round trip shows", async () => {
    const faults = new LinkFaults(linkPlaces, deafProxies(["delay-upstream-1"]), everybodyAnswers);
    const act = { fault: 1, kind: "delay", links, addUs: 50_000, jitterUs: 0 } as const;
    await assert.rejects(() => faults.act(act), notProven(/took 0\.4 ms and takes 0\.4 ms/));
  });

  it("do not believe a restored link that does not answer", async () => {
    const dead = { ...linkPlaces, admin: () => ({ ...unmoved, reachedPeers: async () => [] }) };
    const faults = new LinkFaults(dead, deafProxies([]), everybodyAnswers, 100);
    const act = { fault: 1, kind: "restore", links } as const;
    await assert.rejects(() => faults.act(act), notProven(/does not answer as before within 100 ms/));
  });
});
