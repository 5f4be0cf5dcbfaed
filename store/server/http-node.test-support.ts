import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoreClient } from "../client/http-client.ts";
import { freePorts, testSecret } from "./local-cluster.test-support.ts";
import type { AddressedMember, NodeOptions } from "./node-options.ts";
import type { StoreServer } from "./store-server.ts";
import { startStoreServer } from "./store-server.ts";

/** A node in this process. */
export interface HttpNode {
  readonly origin: string;
  readonly httpPort: number;
  readonly peerPort: number;
  readonly client: StoreClient;
  readonly member: AddressedMember;
  readonly server: StoreServer;
  readonly data: string;
  readonly lines: readonly string[];
}

/** Nodes in this process, on free ports, with data in one new directory. */
export class HttpNodes {
  readonly #directory: string;
  readonly #keyspaces: string;
  readonly #nodes: HttpNode[] = [];

  private constructor(directory: string) {
    this.#directory = directory;
    this.#keyspaces = join(directory, "keyspaces.json");
  }

  /** Prepares; nothing runs yet. */
  static async prepare(keyspaces: unknown): Promise<HttpNodes> {
    const nodes = new HttpNodes(await mkdtemp(join(tmpdir(), "recount-store-")));
    await writeFile(nodes.#keyspaces, JSON.stringify(keyspaces));
    return nodes;
  }

  /** Starts a cluster of nodes n1, n2, … Each has its own idea of nobody but these. */
  async start(count: number): Promise<readonly HttpNode[]> {
    const ports = await freePorts(2 * count);
    const members = ports.slice(0, count).map((port, index) => memberAt(`n${index + 1}`, port));
    return await Promise.all(
      members.map((member, index) => this.#run(member, members, ports[count + index] ?? 0)),
    );
  }

  /** Starts some of the nodes of a cluster; the others are somebody else's affair. */
  async startAmong(
    members: readonly AddressedMember[],
    ids: readonly string[],
  ): Promise<readonly HttpNode[]> {
    const own = members.filter(({ id }) => ids.includes(id));
    const ports = await freePorts(own.length);
    return await Promise.all(own.map((member, index) => this.#run(member, members, ports[index] ?? 0)));
  }

  /** Starts a node that is no member yet. */
  async startJoining(id: string, members: readonly AddressedMember[]): Promise<HttpNode> {
    const [peer = 0, http = 0] = await freePorts(2);
    return await this.#run(memberAt(id, peer), members, http, { join: true });
  }

  /** Stops all nodes and removes their data. */
  async close(): Promise<void> {
    for (const { client } of this.#nodes) client.close();
    await Promise.all(this.#nodes.map(({ server }) => server.close()));
    await rm(this.#directory, { recursive: true });
  }

  async #run(
    member: AddressedMember,
    members: readonly AddressedMember[],
    httpPort: number,
    more: Partial<NodeOptions> = {},
  ): Promise<HttpNode> {
    const { id, dc, dial } = member;
    const http = { host: "127.0.0.1", port: httpPort };
    const data = join(this.#directory, id);
    const lines: string[] = [];
    const options: NodeOptions = {
      ...{ id, members, join: false, dc, http, peer: dial, keyspaces: this.#keyspaces, data },
      ...{ secret: testSecret, onDamage: "refuse", defect: null },
      ...more,
    };
    const server = await startStoreServer(options, (line) => lines.push(line));
    const client = new StoreClient({ ...http, secret: testSecret });
    const origin = `http://127.0.0.1:${httpPort}`;
    const node = { origin, httpPort, peerPort: dial.port, client, member, server, data, lines };
    this.#nodes.push(node);
    return node;
  }
}

/** A member of a cluster on loopback. */
export function memberAt(id: string, port: number): AddressedMember {
  return { id, dc: "dc1", address: `127.0.0.1:${port}`, dial: { host: "127.0.0.1", port } };
}

/** Asks again and again until it is so. */
export async function until(isSo: () => Promise<boolean> | boolean, withinMs = 10_000): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadlineMs) throw new Error(`not so within ${withinMs} ms: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
