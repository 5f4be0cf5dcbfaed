import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ProcessRuntime } from "../client/process-runtime.ts";
import { StoreNode } from "../core/node.ts";
import { parseKeyspaces } from "../core/options/parse-keyspaces.ts";
import { standardPolicies } from "../core/policies.ts";
import type { ClientReply, ClientRequest } from "../core/request.ts";
import type { DataDirectory } from "./data-directory.ts";
import { faultyDirectory, MortalDirectory, openIn, systemError } from "./file-disk.test-support.ts";
import type { FileDisk } from "./file-disk.ts";

const keyspaces = parseKeyspaces([{ name: "k", n: 1, w: 1, r: 1 }]);
const policies = { ...standardPolicies, recordsBetweenSnapshots: () => 20 };
const keys = ["a", "b", "c", "d"];

/** A node by itself on real files, that makes a snapshot for every twenty records. */
class LoneNode {
  readonly disk: FileDisk;
  readonly node: StoreNode;
  readonly #runtime: ProcessRuntime;
  #requests = 0;

  constructor(disk: FileDisk, recovered: ConstructorParameters<typeof StoreNode>[2]) {
    this.disk = disk;
    this.#runtime = new ProcessRuntime(disk, () => undefined);
    const members = [{ id: "n1", dc: "dc1", address: "" }];
    this.node = new StoreNode({ id: "n1", members, keyspaces, policies }, this.#runtime, recovered);
    this.node.start();
  }

  static async open(directory: DataDirectory | string): Promise<LoneNode> {
    const { disk, recovered } = await openIn(directory);
    return new LoneNode(disk, recovered);
  }

  ask(f: "get" | "put", key: string, value: string | null): Promise<ClientReply> {
    this.#requests += 1;
    const requestId = `${this.#requests}`;
    const request: ClientRequest = {
      requestId,
      keyspace: "k",
      f,
      key,
      value,
      timeoutUs: 5_000_000,
      cause: this.#requests,
    };
    return new Promise((resolve) => this.node.request(request, resolve));
  }

  async valueOf(key: string): Promise<number> {
    const reply = await this.ask("get", key, null);
    assert.equal(reply.kind, "ok");
    return reply.kind === "ok" ? Number(reply.values[0] ?? 0) : 0;
  }

  /** Counts up through the keys, four puts at once. */
  async count(from: number, to: number, acked: (key: string, value: number) => void): Promise<void> {
    for (let value = from; value <= to; value += 1) {
      const puts = keys.map(async (key) => {
        const reply = await this.ask("put", key, `${value}`);
        assert.equal(reply.kind, "ok");
        acked(key, value);
      });
      await Promise.all(puts);
    }
  }

  /** Ends the timers, as a process that dies does. */
  end(): void {
    this.#runtime.close();
  }

  async close(): Promise<void> {
    this.end();
    await this.disk.close();
  }
}

describe("node on a file disk", () => {
  const root = mkdtempSync(join(tmpdir(), "recount-node-"));
  let directories = 0;
  let at = "";
  beforeEach(() => {
    directories += 1;
    at = join(root, `${directories}`);
    mkdirSync(at);
  });
  after(() => rmSync(root, { recursive: true }));

  it("keeps few files of bounded size, however long it runs", async () => {
    const node = await LoneNode.open(at);
    let largest = 0;
    for (let turn = 0; turn < 20; turn += 1) {
      await node.count(turn * 50, turn * 50 + 49, () => undefined);
      const sizes = readdirSync(at).map(
        (name) => statSync(join(at, name), { throwIfNoEntry: false })?.size ?? 0,
      );
      largest = Math.max(
        largest,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      assert.ok(sizes.length <= 6, `${sizes.length} files`);
    }
    assert.ok(node.node.metrics.snapshots > 20, `${node.node.metrics.snapshots} snapshots`);
    // 4,000 records of some 130 bytes were appended.
    assert.ok(largest < 60_000, `${largest} bytes`);
    await node.close();
    const again = await LoneNode.open(at);
    for (const key of keys) assert.equal(await again.valueOf(key), 999);
    await again.close();
  });

  it("has every acknowledged write, wherever in appends and snapshots it is killed", async () => {
    const whole = new MortalDirectory(at, Number.POSITIVE_INFINITY);
    const node = await LoneNode.open(whole);
    await node.count(1, 30, () => undefined);
    assert.ok(node.node.metrics.snapshots > 1);
    await node.close();
    for (let lifetime = 3; lifetime < whole.steps; lifetime += 2) {
      const path = join(at, `killed-${lifetime}`);
      mkdirSync(path);
      const acked = await killedAt(path, lifetime);
      const again = await LoneNode.open(path);
      for (const key of keys) {
        const found = await again.valueOf(key);
        const least = acked.get(key) ?? 0;
        assert.ok(
          found >= least && found <= least + 1,
          `${key} is ${found} after ${least}, step ${lifetime}`,
        );
      }
      await again.close();
    }
  }).timeout(60_000);

  it("serves reads and refuses writes while there is no room, and takes them again once there is", async () => {
    let isFull = false;
    const directory = faultyDirectory(at, (step) =>
      isFull && step.startsWith("write") ? systemError("ENOSPC") : "done",
    );
    const node = await LoneNode.open(directory);
    await node.count(1, 1, () => undefined);
    isFull = true;
    const failed = await node.ask("put", "a", "2");
    assert.equal(failed.kind, "error");
    const refused = await node.ask("put", "a", "3");
    assert.equal(refused.kind === "error" && refused.error, "DiskFull");
    assert.equal(await node.valueOf("a"), 1);
    isFull = false;
    for (let tries = 0; node.disk.isFull && tries < 40; tries += 1) await sleep(25);
    await node.count(4, 4, () => undefined);
    await node.close();
    const again = await LoneNode.open(at);
    assert.equal(await again.valueOf("a"), 4);
    await again.close();
  });
});

/** Runs a node until it is killed before that step. What it had acknowledged by then. */
async function killedAt(path: string, lifetime: number): Promise<ReadonlyMap<string, number>> {
  const mortal = new MortalDirectory(path, lifetime);
  const acked = new Map<string, number>();
  let dying: LoneNode | null = null;
  const life = LoneNode.open(mortal).then((opened) => {
    dying = opened;
    return opened.count(1, 30, (key, value) => acked.set(key, value));
  });
  await Promise.race([life, mortal.death]);
  (dying as LoneNode | null)?.end();
  await mortal.bury();
  return acked;
}
