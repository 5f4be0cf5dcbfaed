import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StoreClient } from "../client/http-client.ts";

export const testSecret = "only for this test";
const mainFile = fileURLToPath(new URL("./main.ts", import.meta.url));

/** Ports that nobody uses now. All are held until all are known, so that none comes twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

/** How a process of the store ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the store's own command. */
export interface StoreProcess {
  readonly ended: Promise<Ended>;
  stop(): void;
}

/** Runs the store's own command. */
export function runStore(args: readonly string[]): StoreProcess {
  const child = spawnStore(args);
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => (output.stdout += String(chunk)));
  child.stderr?.on("data", (chunk) => (output.stderr += String(chunk)));
  const ended = once(child, "close").then(([status]) => ({ status, ...output }));
  return { ended, stop: () => child.kill("SIGTERM") };
}

function spawnStore(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", mainFile, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Nodes of the store as processes of their own on loopback ports. */
export class LocalCluster {
  readonly directory: string;
  readonly clients: readonly StoreClient[];
  readonly peerPorts: readonly number[];
  readonly httpPorts: readonly number[];
  readonly #nodes = new Map<number, ChildProcess>();

  private constructor(directory: string, ports: readonly number[]) {
    this.directory = directory;
    this.peerPorts = ports.slice(0, ports.length / 2);
    this.httpPorts = ports.slice(ports.length / 2);
    this.clients = this.httpPorts.map(
      (port) => new StoreClient({ host: "127.0.0.1", port, secret: testSecret }),
    );
  }

  /** Prepares a cluster; no node runs yet. */
  static async prepare(nodes: number, keyspaces: unknown): Promise<LocalCluster> {
    const directory = await mkdtemp(join(tmpdir(), "recount-store-"));
    await writeFile(join(directory, "keyspaces.json"), JSON.stringify(keyspaces));
    return new LocalCluster(directory, await freePorts(2 * nodes));
  }

  client(node: number): StoreClient {
    const client = this.clients[node];
    if (client === undefined) throw new RangeError(`there is no node ${node}`);
    return client;
  }

  /** The arguments that node is started with; a later flag wins over an earlier one. */
  argumentsOf(node: number): string[] {
    const members = this.peerPorts.map((port, index) => `n${index}=127.0.0.1:${port}`).join(",");
    const http = `127.0.0.1:${this.httpPorts[node]}`;
    const keyspaces = join(this.directory, "keyspaces.json");
    const data = this.dataOf(node);
    const flags = { id: `n${node}`, members, http, keyspaces, data, secret: testSecret };
    return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  }

  dataOf(node: number): string {
    return join(this.directory, `n${node}`);
  }

  /** Starts nodes and waits until each reaches all others that run. */
  async start(...nodes: readonly number[]): Promise<void> {
    for (const node of nodes) this.#nodes.set(node, spawnStore(this.argumentsOf(node)));
    const running = [...this.#nodes.keys()];
    await Promise.all(running.map((node) => this.#settle(node, running.length - 1)));
  }

  /** Kills a node with no time to write anything. */
  async kill(node: number): Promise<void> {
    const child = this.#nodes.get(node);
    this.#nodes.delete(node);
    if (child === undefined) return;
    child.kill("SIGKILL");
    await once(child, "close");
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    await Promise.all([...this.#nodes.keys()].map((node) => this.kill(node)));
    await rm(this.directory, { recursive: true, force: true });
  }

  async #settle(node: number, peers: number): Promise<void> {
    const deadlineMs = Date.now() + 8_000;
    while (Date.now() < deadlineMs) {
      const reached = await this.client(node)
        .reachedPeers(500)
        .catch(() => []);
      if (reached.length === peers && (await this.client(node).isReady(500))) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`n${node} does not reach ${peers} peers`);
  }
}
