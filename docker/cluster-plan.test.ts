import assert from "node:assert/strict";
import type { ClusterPlan } from "./cluster-plan.ts";
import { nodeEnvironment, peerProxy, proxiesOf, publishedPorts } from "./cluster-plan.ts";

const plan: ClusterPlan = {
  nodes: ["a", "b", "c"].map((id, index) => ({ id, dc: index === 2 ? "west" : "east" })),
  sites: ["s1", "s2"],
  keyspaces: [],
  defect: null,
};

describe("cluster plan", () => {
  it("has a proxy for each directed link, for each site and node, and one that no fault touches", () => {
    const proxies = proxiesOf(plan);
    assert.equal(proxies.length, 6 + 6 + 3);
    assert.equal(new Set(proxies.map(({ name }) => name)).size, proxies.length);
    assert.equal(new Set(proxies.map(({ port }) => port)).size, proxies.length);
    assert.equal(new Set(proxies.map(({ upstream }) => upstream)).size, 3 + 3);
  });

  it("publishes nothing of the links between nodes", () => {
    const between = ["a", "b", "c"].flatMap((from) =>
      ["a", "b", "c"].filter((to) => to !== from).map((to) => peerProxy(plan, from, to).port),
    );
    const published = publishedPorts(plan);
    assert.equal(published.length, 1 + 6 + 3);
    assert.deepEqual(
      between.filter((port) => published.includes(port)),
      [],
    );
  });

  it("tells a node to dial each peer through the proxy of that link", () => {
    const { STORE_MEMBERS: members, STORE_DEFECT: defect } = nodeEnvironment(plan, "b", "secret");
    const port = (to: string): number => peerProxy(plan, "b", to).port;
    const expected = `a@east=127.0.0.1:${port("a")},b@east=127.0.0.1:9501,c@west=127.0.0.1:${port("c")}`;
    assert.equal(members, expected);
    assert.equal(defect, undefined);
    assert.equal(nodeEnvironment({ ...plan, defect: "d" }, "b", "secret")["STORE_DEFECT"], "d");
  });
});
