import type { NodeMember } from "../core/membership/membership-state.ts";
import type { Message } from "../core/messages.ts";
import { parseAddress } from "./address.ts";
import { handshakeTimeoutMs } from "./kept-connection.ts";
import { NodeConnection } from "./node-connection.ts";

/** A node, and where a client dials it: the port on which it takes peers. */
export interface DialledNode {
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

/** As whom a client dials, and who hears the answers. */
export interface ConnectionsPlan {
  readonly self: string;
  readonly secret: string;
  onMessage(from: string, message: Message): void;
  log(line: string): void;
}

/** A client's connections to the nodes of a cluster, which come and go with its members. */
export class NodeConnections {
  readonly #plan: ConnectionsPlan;
  readonly #connections = new Map<string, NodeConnection>();
  readonly #waiting = new Set<() => void>();

  constructor(plan: ConnectionsPlan, nodes: readonly DialledNode[]) {
    this.#plan = plan;
    for (const node of nodes) this.#dial(node);
  }

  /** The nodes that it is connected to now. */
  get reached(): readonly string[] {
    return [...this.#connections].filter(([, { isUp }]) => isUp).map(([id]) => id);
  }

  /** Sends, or loses. */
  send(to: string, message: Message): void {
    this.#connections.get(to)?.send(message);
  }

  /** Dials members that are new and leaves those that are gone; a node that it knows is dialled as before. */
  follow(members: readonly NodeMember[]): void {
    for (const [id, connection] of this.#connections) {
      if (members.some((member) => member.id === id)) continue;
      connection.close();
      this.#connections.delete(id);
    }
    for (const { id, address } of members) {
      const place = address === undefined ? null : parseAddress(address);
      if (this.#connections.has(id)) continue;
      if (place === null) this.#plan.log(`member ${id} has no address that could be dialled`);
      else this.#dial({ id, ...place });
    }
  }

  /** Waits until all nodes are reached, or for so long. True when they are. */
  async ready(timeoutMs: number): Promise<boolean> {
    if (this.#isComplete) return true;
    return await new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(this.#isComplete);
      };
      const look = (): void => {
        if (this.#isComplete) end();
      };
      const timer = setTimeout(end, timeoutMs);
      this.#waiting.add(look);
    });
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }

  get #isComplete(): boolean {
    return this.reached.length === this.#connections.size;
  }

  #dial({ id: peer, host, port }: DialledNode): void {
    const { self, secret, onMessage, log } = this.#plan;
    const plan = { self, role: "asks", peer, host, port, secret, timeoutMs: handshakeTimeoutMs } as const;
    const connection = new NodeConnection(plan, {
      onMessage,
      onUp: () => {
        for (const look of this.#waiting) look();
      },
      onDown: (node, because) => log(`${node} cannot be reached: ${because}`),
    });
    this.#connections.set(peer, connection);
    connection.dial();
  }
}
