import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { HttpNode } from "./http-node.test-support.ts";
import { HttpNodes } from "./http-node.test-support.ts";
import { testSecret } from "./local-cluster.test-support.ts";

const authorised = { authorization: `Bearer ${testSecret}` };
const put = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: "PUT",
  body,
  headers,
});
const keyspaces = [
  { name: "shop", n: 1 },
  { name: "notes", n: 1, versions: "siblings" },
  { name: "count", n: 1, versions: "pn-counter" },
  { name: "tags", n: 1, versions: "or-set" },
  { name: "cart", n: 1, versions: "or-cart" },
  { name: "stamped", n: 1, stamp: "client" },
  { name: "agreed", n: 1, protocol: "caspaxos" },
];

describe("HTTP side of a node", () => {
  let nodes: HttpNodes;
  let node: HttpNode;

  before(async () => {
    nodes = await HttpNodes.prepare(keyspaces);
    const [only] = await nodes.start(1);
    assert.ok(only !== undefined);
    node = only;
  });
  after(() => nodes.close());

  it("says so in the same words when bytes are no request at all", async () => {
    const socket = connect({ host: "127.0.0.1", port: node.httpPort });
    let answer = "";
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.write("PUT /v1/shop/k HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n");
    await once(socket, "close");
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.deepEqual(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))), {
      error: "BadRequest",
      message: "this is no HTTP request: Parse Error: Invalid character in Content-Length",
      needed: 0,
      got: 0,
      indeterminate: false,
    });
  });

  it("is alive and ready", async () => {
    for (const path of ["/healthz", "/readyz"]) assert.equal((await fetch(node.origin + path)).status, 200);
  });

  it("keeps values as they are, whatever the content type says", async () => {
    const value = { list: [1.5, "ünïcode \u0000 \ud83d\ude00", false, null], nested: { "": -0.25 } };
    const body = JSON.stringify({ value });
    for (const type of ["application/x-www-form-urlencoded", "no type at all"]) {
      const key = encodeURIComponent(type);
      await fetch(`${node.origin}/v1/shop/${key}`, put(body, { "content-type": type }));
      const got = (await (await fetch(`${node.origin}/v1/shop/${key}`)).json()) as { value: unknown };
      assert.deepEqual(got.value, value);
    }
  });

  it("keeps siblings until a write comes with the context of both", async () => {
    await node.client.put("notes", "k", "milk");
    await node.client.put("notes", "k", "eggs");
    const both = await node.client.get("notes", "k");
    assert.deepEqual([...both.values].sort(), ["eggs", "milk"]);
    assert.ok(both.context !== null);
    await node.client.put("notes", "k", "both", { context: both.context });
    const one = await node.client.get("notes", "k");
    assert.deepEqual(one.values, ["both"]);
    assert.ok(one.context !== null);
    await node.client.delete("notes", "k", { context: one.context });
    assert.deepEqual((await node.client.get("notes", "k")).values, []);
  });

  it("counts, adds and removes", async () => {
    await node.client.increment("count", "k", 5);
    await node.client.increment("count", "k", -7);
    assert.deepEqual((await node.client.get("count", "k")).values, [-2]);
    await node.client.add("tags", "k", "red");
    await node.client.add("tags", "k", { rgb: [0, 0, 255] });
    const { context } = await node.client.get("tags", "k");
    assert.ok(context !== null);
    await node.client.remove("tags", "k", "red", { context });
    assert.deepEqual((await node.client.get("tags", "k")).values, [[{ rgb: [0, 0, 255] }]]);
    await node.client.add("cart", "k", "milk", { quantity: 2 });
    await node.client.add("cart", "k", "milk");
    assert.deepEqual((await node.client.get("cart", "k")).values, [{ milk: 3 }]);
  });

  it("takes versions from clients where the keyspace says so", async () => {
    await node.client.put("stamped", "k", "late", { clientStampUs: 2_000, clientId: "c1" });
    await node.client.put("stamped", "k", "early", { clientStampUs: 1_000, clientId: "c1" });
    assert.deepEqual((await node.client.get("stamped", "k")).values, ["late"]);
  });

  it("says that a compare-and-set found something else", async () => {
    await node.client.cas("agreed", "k", { expected: null, value: 1 });
    await node.client.cas("agreed", "k", { expected: 1, value: 2 });
    await assert.rejects(() => node.client.cas("agreed", "k", { expected: 1, value: 3 }), {
      code: "CasMismatch",
      status: 412,
      indeterminate: false,
    });
    assert.deepEqual((await node.client.get("agreed", "k")).values, [2]);
  });

  it("says who belongs to the cluster", async () => {
    const response = await fetch(`${node.origin}/v1/admin/membership`, { headers: authorised });
    assert.deepEqual(await response.json(), {
      epoch: 1,
      phase: "steady",
      members: [{ id: "n1", dc: "dc1", address: node.member.address }],
      next: null,
      leader: null,
      dead: [],
    });
  });
});
