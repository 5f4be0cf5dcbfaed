import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { freshNonce, parseHello, prove } from "../client/handshake.ts";
import { maxQueuedBytes } from "../client/kept-connection.ts";
import { decodeBody, encodeFrame, FrameReader, frameKinds, maxHandshakeFrameBytes } from "../client/wire.ts";
import type { HttpNode } from "./http-node.test-support.ts";
import { HttpNodes, memberAt, until } from "./http-node.test-support.ts";
import { freePorts, testSecret } from "./local-cluster.test-support.ts";

/** Values that fill any buffer soon. */
const value = "x".repeat(512 * 1_024);
/** Two and a half times what may wait for a peer. */
const writes = 80;

/** A peer that shakes hands, and from then on reads nothing: a process that is stopped, or a black hole. */
async function blackHole(port: number): Promise<{ readonly sockets: Set<Socket>; readonly server: Server }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const challenge = freshNonce();
    const reader = new FrameReader(maxHandshakeFrameBytes);
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      reader.push(chunk);
      const frame = reader.next();
      if (frame === null) return;
      const { from, to, nonce } = parseHello(decodeBody(frame));
      const proof = prove(testSecret, "answers", { from, to, challenge, nonce });
      socket.write(encodeFrame(frameKinds.welcome, { proof }));
      socket.pause();
    });
    socket.write(encodeFrame(frameKinds.challenge, { challenge }));
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return { sockets, server };
}

describe("a peer that accepts and never reads", function () {
  this.timeout(60_000);
  let nodes: HttpNodes;
  let first: HttpNode;
  let second: HttpNode;
  let hole: Awaited<ReturnType<typeof blackHole>>;

  before(async () => {
    nodes = await HttpNodes.prepare([{ name: "shop", n: 3, w: 2, r: 2 }]);
    const ports = await freePorts(3);
    const members = ports.map((port, index) => memberAt(`n${index + 1}`, port));
    hole = await blackHole(ports[2] ?? 0);
    const [one, two] = await nodes.startAmong(members, ["n1", "n2"]);
    assert.ok(one !== undefined && two !== undefined);
    first = one;
    second = two;
    await until(async () => (await first.client.reachedPeers()).join() === "n2,n3");
  });
  after(async () => {
    for (const socket of hole.sockets) socket.destroy();
    hole.server.close();
    await nodes.close();
  });

  it("costs a bounded queue, and nobody else notices", async () => {
    let mostQueued = 0;
    for (let index = 0; index < writes; index += 1) {
      await first.client.put("shop", `k${index % 20}`, value, { deadlineMs: 10_000, timeoutMs: 12_000 });
      const link = (await first.client.links()).find(({ peer }) => peer === "n3");
      mostQueued = Math.max(mostQueued, link?.queuedBytes ?? 0);
    }
    const link = (await first.client.links()).find(({ peer }) => peer === "n3");
    assert.ok(mostQueued > maxQueuedBytes / 2, `only ${mostQueued} bytes ever waited`);
    assert.ok(mostQueued <= maxQueuedBytes, `${mostQueued} bytes waited`);
    assert.ok((link?.droppedFrames ?? 0) > writes / 4, `only ${link?.droppedFrames} messages were dropped`);
    assert.deepEqual((await second.client.get("shop", "k0")).values, [value]);
  });

  it("is given up after a while of silence, and its queue with it", async () => {
    await until(async () => {
      const link = (await first.client.links()).find(({ peer }) => peer === "n3");
      return (link?.lastError ?? "").startsWith("nothing heard for") || (link?.dials ?? 0) > 1;
    }, 20_000);
    const { version } = await first.client.put("shop", "after", 1);
    assert.ok(version !== null);
  });

  it("is let go although it sends a byte now and then, until it has shown that it knows the secret", async () => {
    const socket = connect({ host: "127.0.0.1", port: first.peerPort });
    socket.on("error", () => {});
    socket.resume();
    // A hello of 1,000 bytes is promised, and never whole.
    socket.write(Buffer.from([0, 0, 3, 232, 1, 2]));
    const drip = setInterval(() => socket.write(Buffer.from([0])), 400);
    const startedMs = Date.now();
    await once(socket, "close");
    clearInterval(drip);
    assert.ok(Date.now() - startedMs < 8_000);
  });
});
