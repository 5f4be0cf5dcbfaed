import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoreClient } from "../client/http-client.ts";
import { freePorts, testSecret } from "./local-cluster.test-support.ts";
import type { AddressedMember } from "./node-options.ts";
import type { StoreServer } from "./store-server.ts";
import { startStoreServer } from "./store-server.ts";

/** A node alone in its cluster, in this process. */
export interface HttpNode {
  readonly origin: string;
  readonly httpPort: number;
  readonly peerPort: number;
  readonly client: StoreClient;
  readonly member: AddressedMember;
  readonly server: StoreServer;
  readonly data: string;
  close(): Promise<void>;
}

/** Starts it, on free ports, with data in a new directory that is removed at the end. */
export async function startHttpNode(keyspaces: unknown): Promise<HttpNode> {
  const directory = await mkdtemp(join(tmpdir(), "recount-store-"));
  const file = join(directory, "keyspaces.json");
  await writeFile(file, JSON.stringify(keyspaces));
  const [httpPort = 0, peerPort = 0] = await freePorts(2);
  const peer = { host: "127.0.0.1", port: peerPort };
  const http = { host: "127.0.0.1", port: httpPort };
  const member = { id: "n1", dc: "dc1", address: `127.0.0.1:${peerPort}`, dial: peer };
  const data = join(directory, "n1");
  const server = await startStoreServer(
    {
      ...{ id: "n1", members: [member], join: false, dc: "dc1", http, peer },
      ...{ keyspaces: file, data, secret: testSecret, onDamage: "refuse", defect: null },
    },
    () => {},
  );
  const client = new StoreClient({ ...http, secret: testSecret });
  return {
    origin: `http://127.0.0.1:${httpPort}`,
    ...{ httpPort, peerPort, client, member, server, data },
    async close(): Promise<void> {
      client.close();
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}
