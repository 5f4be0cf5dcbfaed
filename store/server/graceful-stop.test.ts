import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { StoreError } from "../client/http-client.ts";
import { freePorts, LocalCluster } from "./local-cluster.test-support.ts";

/** A peer that takes connections and says nothing: no write on both replicas ever ends. */
async function silentPeer(): Promise<{ readonly port: number; close(): void }> {
  const [port = 0] = await freePorts(1);
  const server = createServer((socket) => socket.on("error", () => {})).listen(port, "127.0.0.1");
  await once(server, "listening");
  return { port, close: () => server.close() };
}

describe("a node that is told to stop", function () {
  this.timeout(30_000);
  let cluster: LocalCluster;
  let peer: { readonly port: number; close(): void };

  beforeEach(async () => {
    peer = await silentPeer();
    cluster = await LocalCluster.prepare(1, [{ name: "both", n: 2, w: 2 }]);
  });
  afterEach(async () => {
    peer.close();
    await cluster.close();
  });

  /** The node with a write under way that only its deadline ends. */
  async function busyNode(deadlineMs: number): Promise<{
    readonly ended: Promise<{ readonly status: number | null; readonly stdout: string }>;
    readonly answer: Promise<string>;
    signal(name: NodeJS.Signals): void;
  }> {
    const members = `n0=127.0.0.1:${cluster.peerPorts[0]},n1=127.0.0.1:${peer.port}`;
    const node = await cluster.run(0, ["--members", members]);
    const answer = cluster
      .client(0)
      .put("both", "k", 1, { deadlineMs, timeoutMs: 20_000 })
      .then(
        () => "ok",
        (error: unknown) => (error instanceof StoreError ? error.code : String(error)),
      );
    // The request has arrived once it is counted; one more is open then, that of the scrape is not.
    for (let open = 0; open === 0; ) {
      const text = await (await fetch(`http://127.0.0.1:${cluster.httpPorts[0]}/metrics`)).text();
      open = Number(/^store_open_http_requests (\d+)$/m.exec(text)?.[1]);
    }
    return { answer, ...node };
  }

  it("lets open requests end, takes no new ones, and exits 0", async () => {
    const node = await busyNode(1_200);
    node.signal("SIGTERM");
    for (let isReady = true; isReady; ) isReady = await cluster.client(0).isReady(500);
    await assert.rejects(() => cluster.client(0).put("both", "k", 2), {
      code: "NotReady",
      message: "the node is stopping",
      indeterminate: false,
    });
    assert.equal(await node.answer, "Timeout");
    const { status, stdout } = await node.ended;
    assert.equal(status, 0);
    assert.match(stdout, /n0: SIGTERM: waiting for open requests; once more ends at once/);
  });

  it("does not wait for ever", async () => {
    const node = await busyNode(15_000);
    const startedMs = Date.now();
    node.signal("SIGINT");
    assert.equal(await node.answer, "ConnectionLost");
    const { status, stdout } = await node.ended;
    assert.equal(status, 0);
    assert.match(stdout, /n0: 1 requests were still open after 3000 ms/);
    assert.ok(Date.now() - startedMs < 12_000);
  });

  it("ends at once at the second signal", async () => {
    const node = await busyNode(15_000);
    node.signal("SIGTERM");
    for (let isReady = true; isReady; ) isReady = await cluster.client(0).isReady(500);
    node.signal("SIGINT");
    assert.equal((await node.ended).status, 130);
    assert.equal(await node.answer, "ConnectionLost");
  });
});
