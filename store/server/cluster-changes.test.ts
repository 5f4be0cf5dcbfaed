import assert from "node:assert/strict";
import type { ClusterMember } from "../client/http-client.ts";
import type { HttpNode } from "./http-node.test-support.ts";
import { HttpNodes, until } from "./http-node.test-support.ts";

const keys = Array.from({ length: 60 }, (_, index) => `key-${index}`);

function asMember({ member: { id, dc, address } }: HttpNode): ClusterMember {
  return { id, dc, address };
}

/** Whether a node knows that these, and only these, belong to the cluster. */
async function knows({ client }: HttpNode, ids: readonly string[]): Promise<boolean> {
  const { phase, members } = await client.membership();
  return phase === "steady" && members.map(({ id }) => id).join() === ids.join();
}

describe("changes of membership over HTTP", function () {
  this.timeout(30_000);
  let nodes: HttpNodes;
  let three: readonly HttpNode[];
  let joiner: HttpNode;

  before(async () => {
    nodes = await HttpNodes.prepare([{ name: "shop", n: 3, w: 2, r: 2 }]);
    three = await nodes.start(3);
    joiner = await nodes.startJoining(
      "n4",
      three.map(({ member }) => member),
    );
    for (const key of keys) await leader().client.put("shop", key, key);
  });
  after(() => nodes.close());

  function leader(): HttpNode {
    const [first] = three;
    assert.ok(first !== undefined);
    return first;
  }

  it("says that a node which has not joined takes no requests", async () => {
    await assert.rejects(() => joiner.client.put("shop", "k", 1), { code: "NotReady", indeterminate: false });
  });

  it("dials a node that joins, and gives it its share", async () => {
    await leader().client.changeMembership([...three, joiner].map(asMember));
    for (const node of [...three, joiner]) await until(() => knows(node, ["n1", "n2", "n3", "n4"]));
    for (const key of keys) assert.deepEqual((await joiner.client.get("shop", key)).values, [key]);
    assert.ok((await joiner.client.dump("shop")).length > 0);
  });

  it("says what stands in the way of a change", async () => {
    await assert.rejects(() => leader().client.changeMembership([asMember(leader())]), {
      code: "Conflict",
      status: 409,
      indeterminate: false,
    });
  });

  it("takes the data of a node that leaves to the others", async () => {
    const stay = [...three.slice(0, 2), joiner];
    await leader().client.changeMembership(stay.map(asMember));
    for (const node of stay) await until(() => knows(node, ["n1", "n2", "n4"]));
    for (const key of keys) assert.deepEqual((await joiner.client.get("shop", key, { r: 3 })).values, [key]);
  });

  it("fetches again what a node may have lost", async () => {
    await joiner.client.resync();
    await until(() => joiner.client.isReady(500));
    const text = await (await fetch(`${joiner.origin}/metrics`)).text();
    assert.match(text, /^store_resyncs_total 1$/m);
  });
});
