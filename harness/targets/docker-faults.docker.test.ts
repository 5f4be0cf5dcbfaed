import assert from "node:assert/strict";
import { findEngine } from "../../docker/engine.ts";
import { OperatingError } from "../base/errors.ts";
import type { Action, Cluster, Completion, Invocation, Proof } from "../contracts/target.ts";
import { dockerTarget } from "./docker-target.ts";
import { quietScenario } from "./open-docker.test-support.ts";

const engine = await findEngine();

/** A busy machine may look at a clock late, so the proof's own tolerance holds here too, and a round trip. */
function assertAhead(says: string, node: string, expectedS: number): void {
  const shown = new RegExp(`clock of ${node} is (-?[\\d.]+) s ahead`).exec(says)?.[1];
  assert.ok(
    shown !== undefined && Math.abs(Number(shown) - expectedS) < 0.5,
    `${says}; expected ${expectedS} s`,
  );
}

if (typeof engine === "string") {
  describe("docker faults", () => {
    it.skip(`are not tried: ${engine}`);
  });
} else {
  describe("docker faults", function () {
    this.timeout(60_000);
    let cluster: Cluster;
    let op = 0;

    before((done) => {
      dockerTarget().open(quietScenario, null, (opened) => {
        if (opened instanceof OperatingError) {
          done(opened);
          return;
        }
        cluster = opened;
        done();
      });
    });
    after((done) => cluster.close(done));

    const act = (action: Action): Promise<Proof | OperatingError> =>
      new Promise((resolve) => cluster.act(action, resolve));
    const proof = async (action: Action): Promise<string> => {
      const result = await act(action);
      if (result instanceof OperatingError) throw result;
      return result.says;
    };
    const submit = (what: Pick<Invocation, "node" | "key" | "f" | "value">): Promise<Completion> => {
      op += 1;
      const common = { op, attempt: 0, client: "c", site: "s1", keyspace: "k", timeoutUs: 1_000_000 };
      return new Promise((resolve) => cluster.submit({ ...common, ...what }, resolve));
    };

    it("delay the clients' links each way by itself", async () => {
      const toSite = [{ from: "n1", to: "s1" }];
      const says = await proof({ fault: 1, kind: "delay", links: toSite, addUs: 80_000, jitterUs: 0 });
      const took = /^n1→s1 a round trip took [\d.]+ ms and takes ([\d.]+) ms$/.exec(says)?.[1];
      assert.ok(Number(took) >= 80, says);
      assert.match(await proof({ fault: 1, kind: "restore", links: toSite }), /answers a probe/);
    });

    it("refuse a delay that Toxiproxy can't count", async () => {
      const links = [{ from: "n1", to: "n2" }];
      const result = await act({ fault: 2, kind: "delay", links, addUs: 300, jitterUs: 0 });
      assert.ok(result instanceof OperatingError);
      assert.equal(result.code, "not-expressible");
    });

    it("swallow an answer and let its request through", async () => {
      const links = [{ from: "n1", to: "s1" }];
      await proof({ fault: 3, kind: "cut", links, mode: "refuse" });
      const written = await submit({ node: "n1", key: "unheard", f: "write", value: 5 });
      assert.equal(written.type, "info");
      assert.deepEqual((await submit({ node: "n2", key: "unheard", f: "read", value: null })).value, 5);
      await proof({ fault: 3, kind: "restore", links });
      assert.equal((await submit({ node: "n1", key: "unheard", f: "read", value: null })).type, "ok");
    });

    it("fail what is asked of a node that is surely down", async () => {
      await proof({ fault: 4, kind: "kill", node: "n3" });
      const written = await submit({ node: "n3", key: "dead", f: "write", value: 1 });
      assert.deepEqual([written.type, written.error], ["fail", "ConnectionRefused"]);
      assert.match(await proof({ fault: 5, kind: "kill", node: "n3" }), /was down already/);
      assert.match(await proof({ fault: 4, kind: "start", node: "n3" }), /still held down by fault 5/);
    });

    it("are read off Toxiproxy where nobody is alive to try them", async () => {
      const links = [{ from: "n1", to: "n3" }];
      const cut = await proof({ fault: 6, kind: "cut", links, mode: "refuse" });
      assert.equal(cut, "n1→n3 is cut, says Toxiproxy; not tried, n3 being down or paused");
      assert.match(await proof({ fault: 6, kind: "restore", links }), /is free, says Toxiproxy/);
    });

    it("set a clock while its node is down, and show it once it is up", async () => {
      const skew = { fault: 7, kind: "set-clock", node: "n3", offsetUs: -45_500_000 } as const;
      assert.match(await proof(skew), /it shows when the node answers again/);
      assertAhead(await proof({ fault: 5, kind: "start", node: "n3" }), "n3", -45.5);
      assertAhead(await proof({ ...skew, offsetUs: 0 }), "n3", 0);
    });

    it("add up on one clock, small ones too", async () => {
      const skew = { fault: 8, kind: "set-clock", node: "n2", offsetUs: 20_000 } as const;
      assertAhead(await proof(skew), "n2", 0.02);
      assertAhead(await proof({ ...skew, fault: 9, offsetUs: 3_000_000 }), "n2", 3.02);
      assertAhead(await proof({ ...skew, offsetUs: 0 }), "n2", 3);
      await proof({ ...skew, fault: 9, offsetUs: 0 });
    });

    it("kill a node that is paused", async () => {
      await proof({ fault: 10, kind: "pause", node: "n2" });
      assert.match(await proof({ fault: 11, kind: "kill", node: "n2" }), /is gone/);
      assert.match(await proof({ fault: 10, kind: "resume", node: "n2" }), /was not paused by fault 10/);
      assert.match(await proof({ fault: 11, kind: "start", node: "n2" }), /answers after \d+ ms with life/);
    });

    it("set the clock of a node that is paused, and show it when it goes on", async () => {
      await proof({ fault: 12, kind: "pause", node: "n2" });
      await proof({ fault: 13, kind: "set-clock", node: "n2", offsetUs: 7_000_000 });
      assertAhead(await proof({ fault: 12, kind: "resume", node: "n2" }), "n2", 7);
      await proof({ fault: 13, kind: "set-clock", node: "n2", offsetUs: 0 });
    });

    it("leave a cluster behind that works", async () => {
      assert.equal((await submit({ node: "n1", key: "last", f: "write", value: 1 })).type, "ok");
      for (const node of ["n1", "n2", "n3"]) {
        assert.deepEqual((await submit({ node, key: "last", f: "read", value: null })).value, 1);
      }
    });
  });
}
