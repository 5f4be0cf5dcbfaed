import { coordinate } from "./coordinate/coordinate.ts";
import { Exchange } from "./coordinate/exchange.ts";
import { Membership } from "./membership/membership.ts";
import type { NodeMember } from "./membership/membership-state.ts";
import { steady } from "./membership/membership-state.ts";
import type { Message } from "./messages.ts";
import { MessageKind } from "./messages.ts";
import type { Metrics } from "./metrics.ts";
import type { Space } from "./node-context.ts";
import { NodeContext } from "./node-context.ts";
import { checkClient } from "./options/check-members.ts";
import { problemOf } from "./options/check-request.ts";
import type { Keyspace } from "./options/keyspace.ts";
import type { Policies } from "./policies.ts";
import type { Done } from "./remembered-requests.ts";
import { failed } from "./replies.ts";
import type { ClientRequest, ReplyError } from "./request.ts";
import type { Runtime } from "./runtime.ts";
import { versioningOf } from "./versions/versioning-of.ts";

/** Requests under way in one client; above it they are refused at once. Chosen, as on a node. */
const maxOpenRequests = 10_000;

/** Who a client is that coordinates its own requests, and what it knows of the cluster. */
export interface ClientConfig {
  /** Names the client in versions; no member of the cluster may have it. */
  readonly id: string;
  /** The data centre that it stands in, for levels that begin with LOCAL. */
  readonly dc: string;
  /** The nodes that it knows of at the start; from them it learns of others. */
  readonly members: readonly NodeMember[];
  readonly keyspaces: readonly Keyspace[];
  readonly policies: Policies;
  /** Hears who the members are, old and new, whenever that changes: whoever is new must be dialled. */
  readonly onMembers?: (members: readonly NodeMember[]) => void;
}

/**
 * A client that sends to all replicas by itself, picks the newest answer and repairs the others: the
 * coordinators of a node, without a replica. Keyspaces whose versions only a replica can make are forwarded.
 */
export class ClientNode {
  readonly #context: NodeContext;
  readonly #spaces: ReadonlyMap<string, Space>;

  /** @throws KeyspaceError where the cluster cannot hold a keyspace, or has a node of the client's name. */
  constructor(config: ClientConfig, runtime: Runtime) {
    const { id, dc, members, keyspaces, policies } = config;
    checkClient(id, keyspaces, members);
    const membership = new Membership(steady(members), policies);
    membership.observe(() => config.onMembers?.(membership.members));
    this.#context = new NodeContext({ id, dc, keyspaces }, runtime, policies, membership);
    this.#spaces = new Map(
      keyspaces.map((keyspace) => [
        keyspace.name,
        { keyspace, versioning: versioningOf(keyspace), replica: null, acceptor: null },
      ]),
    );
  }

  get metrics(): Metrics {
    return this.#context.metrics;
  }

  /** Carries a request out. `done` is called once, and inside this call where nothing needs to be asked. */
  request(request: ClientRequest, done: Done): void {
    const space = this.#spaces.get(request.keyspace);
    if (space === undefined) {
      this.#refuse(done, "UnknownKeyspace", `there is no keyspace "${request.keyspace}"`);
      return;
    }
    const problem = coordinatedElsewhere(space.keyspace) ?? problemOf(request, space.keyspace);
    if (problem !== null) {
      this.#refuse(done, "BadRequest", problem);
    } else if (this.#context.openRequests >= maxOpenRequests) {
      this.#refuse(done, "Overloaded", `${maxOpenRequests} requests are under way; try again later`);
    } else {
      coordinate(new Exchange(this.#context, space, request, done, null));
    }
  }

  /** Takes a node's answer, or its word that the members are others now: nobody waits for clients to know. */
  receive(from: string, message: Message): void {
    const { kind, extra } = message;
    if (kind !== MessageKind.membership) this.#context.deliver(from, message);
    else if (extra?.kind === "membership") this.#context.membership.adopt(extra.membership);
  }

  #refuse(done: Done, error: ReplyError, message: string): void {
    this.#context.metrics.refusedRequests += 1;
    done(failed(error, message, 0, 0, false));
  }
}

function coordinatedElsewhere({ name, coordinate: who }: Keyspace): string | null {
  if (who === "client") return null;
  return `keyspace "${name}" is coordinated by nodes; ask a node, or set coordinate to "client"`;
}
