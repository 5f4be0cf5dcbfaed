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
  signal(name: NodeJS.Signals): void;
}

/** Runs the store's own command. */
export function runStore(args: readonly string[]): StoreProcess {
  return watched(spawnStore(args));
}

function watched(child: ChildProcess): StoreProcess {
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => (output.stdout += String(chunk)));
  child.stderr?.on("data", (chunk) => (output.stderr += String(chunk)));
  const ended = once(child, "close").then(([status]) => ({ status, ...output }));
  const signal = (name: NodeJS.Signals): void => void child.kill(name);
  return { ended, stop: () => signal("SIGTERM"), signal };
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

  readonly #flags: readonly string[];

  private constructor(directory: string, ports: readonly number[], flags: readonly string[]) {
    this.directory = directory;
    this.#flags = flags;
    this.peerPorts = ports.slice(0, ports.length / 2);
    this.httpPorts = ports.slice(ports.length / 2);
    this.clients = this.httpPorts.map(
      (port) => new StoreClient({ host: "127.0.0.1", port, secret: testSecret }),
    );
  }

  /** Prepares a cluster; no node runs yet. Further flags are given to each. */
  static async prepare(
    nodes: number,
    keyspaces: unknown,
    flags: readonly string[] = [],
  ): Promise<LocalCluster> {
    const directory = await mkdtemp(join(tmpdir(), "recount-store-"));
    await writeFile(join(directory, "keyspaces.json"), JSON.stringify(keyspaces));
    return new LocalCluster(directory, await freePorts(2 * nodes), flags);
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
    return [...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]), ...this.#flags];
  }

  dataOf(node: number): string {
    return join(this.directory, `n${node}`);
  }

  /** Starts nodes and waits until each reaches all others that run. */
  async start(...nodes: readonly number[]): Promise<void> {
    for (const node of nodes) {
      const child = spawnStore(this.argumentsOf(node));
      // What nobody reads would block the node once the pipe is full.
      child.stdout?.resume();
      child.stderr?.pipe(process.stderr);
      this.#nodes.set(node, child);
    }
    const running = [...this.#nodes.keys()];
    await Promise.all(running.map((node) => this.#settle(node, running.length - 1)));
  }

  /** Runs a node with more flags and waits until it takes requests, whomever it reaches. */
  async run(node: number, flags: readonly string[]): Promise<StoreProcess> {
    const child = spawnStore([...this.argumentsOf(node), ...flags]);
    this.#nodes.set(node, child);
    const process = watched(child);
    const deadlineMs = Date.now() + 15_000;
    while (!(await this.client(node).isReady(500))) {
      if (Date.now() > deadlineMs) throw new Error(`n${node} does not start`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return process;
  }

  /** Kills a node with no time to write anything. */
  async kill(node: number): Promise<void> {
    const child = this.#nodes.get(node);
    this.#nodes.delete(node);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "close");
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    await Promise.all([...this.#nodes.keys()].map((node) => this.kill(node)));
    await rm(this.directory, { recursive: true, force: true });
  }

  async #settle(node: number, peers: number): Promise<void> {
    const deadlineMs = Date.now() + 20_000;
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
