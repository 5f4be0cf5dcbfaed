import assert from "node:assert/strict";
import { once } from "node:events";
import { open, readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { StoreClient, StoreError } from "../client/http-client.ts";
import type { RawFrame } from "../client/wire.ts";
import { encodeFrame, FrameReader, frameKinds } from "../client/wire.ts";
import { freePorts, LocalCluster, runStore } from "./local-cluster.test-support.ts";

const keyspaces = [{ name: "shop" }, { name: "every", w: 3, r: 1 }, { name: "linear", protocol: "abd" }];

/** Sends bytes to a port and collects what comes back until the other side closes. */
async function exchange(port: number, bytes: Buffer): Promise<RawFrame[]> {
  const socket = connect({ host: "127.0.0.1", port });
  const reader = new FrameReader(64 * 1024);
  socket.on("data", (chunk) => reader.push(chunk));
  socket.on("error", () => {});
  socket.write(bytes);
  await once(socket, "close");
  const frames: RawFrame[] = [];
  for (let frame = reader.next(); frame !== null; frame = reader.next()) frames.push(frame);
  return frames;
}

describe("store server", function () {
  this.timeout(30_000);
  let cluster: LocalCluster;

  before(async () => {
    cluster = await LocalCluster.prepare(3, keyspaces);
    await cluster.start(0, 1, 2);
  });
  after(() => cluster.close());

  for (const keyspace of ["shop", "every", "linear"]) {
    it(`puts, gets and deletes through any node in ${keyspace}`, async () => {
      const key = "a key/with ünusual?&characters";
      const put = await cluster.client(0).put(keyspace, key, { list: [1, "two", null] });
      for (const client of cluster.clients) {
        const { values, version } = await client.get(keyspace, key);
        assert.deepEqual(values, [{ list: [1, "two", null] }]);
        assert.equal(version, put.version);
      }
      await cluster.client(2).delete(keyspace, key);
      for (const client of cluster.clients) assert.deepEqual((await client.get(keyspace, key)).values, []);
    });
  }

  it("answers a repeated request without applying it again", async () => {
    const twice = { idempotencyKey: "put-1" };
    const first = await cluster.client(0).put("shop", "repeated", 1, twice);
    await cluster.client(0).put("shop", "repeated", 2);
    const again = await cluster.client(0).put("shop", "repeated", 1, twice);
    assert.equal(again.version, first.version);
    assert.deepEqual((await cluster.client(1).get("shop", "repeated")).values, [2]);
  });

  it("takes a value of one mebibyte and passes it between nodes", async () => {
    const text = "x".repeat(1_024 * 1_024 - 2);
    await cluster.client(0).put("every", "large", text);
    assert.deepEqual((await cluster.client(1).get("every", "large", { r: 3 })).values, [text]);
  });

  it("dumps what each replica holds, tombstones too", async () => {
    await cluster.client(0).put("every", "dumped", 1);
    await cluster.client(0).delete("every", "dumped");
    for (const client of cluster.clients) {
      const found = (await client.dump("every")).find(({ key }) => key === "dumped");
      assert.deepEqual(
        found?.entries.map(({ value, deleted }) => [value, deleted]),
        [[null, true]],
      );
    }
  });

  it("keeps every acknowledged write through kill -9, and drops a torn record", async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `kept-${index}`);
    await Promise.all(keys.map((key) => cluster.client(1).put("every", key, key)));
    const before = await cluster.client(2).clock();
    await cluster.kill(2);
    const log = await open(join(cluster.dataOf(2), "log.1"), "a");
    await log.write(Buffer.from([0x5e, 0xc0, 1, 1, 0, 0]));
    await log.close();
    await assert.rejects(
      () => cluster.client(1).put("every", "unheard", 1, { deadlineMs: 300 }),
      (error) => error instanceof StoreError && error.indeterminate && error.needed === 3 && error.got === 2,
    );
    await cluster.start(2);
    assert.notEqual((await cluster.client(2).clock()).incarnation, before.incarnation);
    const held = new Map((await cluster.client(2).dump("every")).map(({ key, entries }) => [key, entries]));
    for (const key of keys) assert.equal(held.get(key)?.[0]?.value, key);
    await cluster.client(1).put("every", "heard", 1);
  });

  it("refuses to start on a log that is damaged before its end, and says where", async () => {
    await cluster.kill(2);
    const path = join(cluster.dataOf(2), "log.1");
    const intact = await readFile(path);
    const damaged = Buffer.from(intact);
    damaged[40] = (damaged[40] ?? 0) ^ 0xff;
    await writeFile(path, damaged);
    const ended = await runStore(cluster.argumentsOf(2)).ended;
    await writeFile(path, intact);
    await cluster.start(2);
    assert.equal(ended.status, 65);
    assert.match(ended.stderr, /n2\/log\.1 is damaged at byte 0 and goes on behind it; restore the file/);
  });

  it("closes a connection that brings garbage, and goes on serving", async () => {
    const port = cluster.peerPorts[0] ?? 0;
    const strange = [
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
      Buffer.alloc(2_000, 0xff),
      Buffer.from([0, 0, 0, 3, 1, 7, 0xc1]),
      encodeFrame(frameKinds.message, []),
      encodeFrame(frameKinds.hello, { from: "n1" }),
    ];
    for (const bytes of strange) {
      const frames = await exchange(port, bytes);
      assert.equal(frames[0]?.kind, frameKinds.challenge);
      assert.notEqual(frames[1]?.kind, frameKinds.welcome);
    }
    const { version } = await cluster.client(0).put("every", "after garbage", 1);
    assert.ok(version !== null);
  });

  it("takes no node that does not know the secret", async () => {
    const stranger = await LocalCluster.prepare(1, keyspaces);
    await cluster.kill(1);
    const http = `127.0.0.1:${stranger.httpPorts[0]}`;
    const other = ["--secret", "another secret", "--data", stranger.dataOf(0), "--http", http];
    const process = runStore([...cluster.argumentsOf(1), ...other]);
    try {
      const deadlineMs = Date.now() + 5_000;
      while (!(await stranger.client(0).isReady(200)) && Date.now() < deadlineMs) await pause(25);
      await assert.rejects(
        () => stranger.client(0).put("every", "stolen", 1, { deadlineMs: 300 }),
        (error) => error instanceof StoreError && error.got === 1 && error.indeterminate,
      );
      await assert.rejects(() => stranger.client(0).clock(), { code: "Unauthorized", indeterminate: false });
    } finally {
      process.stop();
      await stranger.close();
      await cluster.start(1);
    }
    const { status, stdout } = await process.ended;
    assert.equal(status, 0);
    assert.match(stdout, /link to n0 is down: n0 refuses: wrong secret/);
  });

  it("tells a refused connection, which carried nothing, from one that broke", async () => {
    const [port = 0] = await freePorts(1);
    const nobody = new StoreClient({ host: "127.0.0.1", port });
    await assert.rejects(() => nobody.put("shop", "k", 1), {
      code: "ConnectionRefused",
      indeterminate: false,
    });
    const rude = createServer((socket) => socket.once("data", () => socket.destroy())).listen(
      port,
      "127.0.0.1",
    );
    await assert.rejects(() => nobody.put("shop", "k", 1), { code: "ConnectionLost", indeterminate: true });
    rude.close();
    nobody.close();
  });
});

describe("store command", function () {
  this.timeout(30_000);
  let cluster: LocalCluster;

  before(async () => {
    cluster = await LocalCluster.prepare(1, [{ name: "shop", n: 1 }]);
    await writeFile(join(cluster.directory, "too-many.json"), '[{"name": "shop", "n": 3, "w": 5}]');
    await writeFile(join(cluster.directory, "three.json"), '[{"name": "shop", "n": 3}]');
    await writeFile(join(cluster.directory, "broken.json"), "[{");
  });
  after(() => cluster.close());

  const wrong: readonly (readonly [string[], number, RegExp])[] = [
    [["--defect", "no-such"], 64, /there is no defect "no-such"; the defects are /],
    [["--keyspaces", "DIR/absent.json"], 64, /absent\.json: ENOENT/],
    [["--keyspaces", "DIR/broken.json"], 64, /broken\.json: .*JSON/],
    [["--keyspaces", "DIR/too-many.json"], 64, /too-many\.json: keyspaces\[0\]\.w: 5 is out of range/],
    [
      ["--keyspaces", "DIR/three.json"],
      64,
      /three\.json: keyspaces\[0\]\.n: 3 replicas do not fit on 1 node/,
    ],
    [["--data", "DIR/broken.json/data"], 73, /the data directory .* can't be used: ENOTDIR/],
  ];
  for (const [flags, status, says] of wrong) {
    it(`ends with ${status} and one line for ${flags.join(" ")}`, async () => {
      const given = flags.map((flag) => flag.replace("DIR", cluster.directory));
      const ended = await runStore([...cluster.argumentsOf(0), ...given]).ended;
      assert.match(ended.stderr, says);
      assert.equal(ended.stderr.trimEnd().split("\n").length, 1, ended.stderr);
      assert.equal(ended.status, status);
    });
  }

  it("explains itself", async () => {
    const { status, stdout } = await runStore(["--help"]).ended;
    assert.equal(status, 0);
    assert.match(stdout, /--keyspaces FILE/);
  });

  it("says that a port is in use, and exits 69", async () => {
    const taken = createServer().listen(cluster.httpPorts[0] ?? 0, "127.0.0.1");
    await once(taken, "listening");
    const ended = await runStore(cluster.argumentsOf(0)).ended;
    taken.close();
    assert.match(ended.stderr, /^can't listen for clients on 127\.0\.0\.1:\d+: it is in use\n$/);
    assert.equal(ended.status, 69);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
