import type { DockerCluster } from "../../docker/cluster.ts";
import type { ClusterPlan } from "../../docker/cluster-plan.ts";
import { adminProxy, peerProxy, siteProxy } from "../../docker/cluster-plan.ts";
import type { Way } from "../../docker/links.ts";
import { StoreClient } from "../../store/client/http-client.ts";
import { OperatingError } from "../base/errors.ts";
import { present } from "../base/invariant.ts";
import type { Link, Scenario } from "../contracts/scenario.ts";

/** A directed link of the scenario as the proxy that it goes through. */
export interface PlacedLink {
  readonly from: string;
  readonly to: string;
  readonly proxy: string;
  readonly way: Way;
  /** The site whose clients use it; null between nodes. */
  readonly site: string | null;
  /** The nodes at its ends. */
  readonly nodes: readonly string[];
}

/** What is asked of a node behind the back of all faults. */
export type AdminClient = Pick<
  StoreClient,
  "isReady" | "clock" | "probe" | "reachedPeers" | "dump" | "close"
>;

/** The cluster that a scenario asks for. */
export function clusterPlanOf(scenario: Scenario): ClusterPlan {
  const { nodes, sites, keyspaces, defect } = scenario;
  return { nodes, sites: sites.map((site) => site.id), keyspaces, defect: defect ?? null };
}

/** Where everything of an open cluster is: its nodes' never faulted side doors, its sites, its links. */
export class Places {
  readonly plan: ClusterPlan;
  readonly #cluster: DockerCluster;
  readonly #admins: ReadonlyMap<string, StoreClient>;
  /** By site, then node. */
  readonly #clients = new Map<string, StoreClient>();

  constructor(cluster: DockerCluster) {
    this.#cluster = cluster;
    this.plan = cluster.plan;
    this.#admins = new Map(
      this.plan.nodes.map(({ id }) => [id, this.#dial(adminProxy(this.plan, id).port, true)]),
    );
    for (const site of this.plan.sites) {
      for (const { id } of this.plan.nodes) {
        this.#clients.set(`${site}\n${id}`, this.#dial(siteProxy(this.plan, site, id).port, false));
      }
    }
  }

  get nodes(): readonly string[] {
    return this.plan.nodes.map((node) => node.id);
  }

  /** Talks to a node behind the back of all faults. */
  admin(node: string): AdminClient {
    return present(this.#admins.get(node), `the admin side of ${node}`);
  }

  /** Talks to a node as the clients of a site do. */
  client(site: string, node: string): StoreClient {
    return present(this.#clients.get(`${site}\n${node}`), `the way from ${site} to ${node}`);
  }

  /** A connection of its own from a site to a node, to see what a new connection meets. */
  freshClient(site: string, node: string): Pick<StoreClient, "isReady" | "close"> {
    return this.#dial(siteProxy(this.plan, site, node).port, false);
  }

  /** The proxy of a link. @throws OperatingError when an end is neither node nor site */
  link({ from, to }: Link): PlacedLink {
    const isNode = (id: string): boolean => this.nodes.includes(id);
    const isSite = (id: string): boolean => this.plan.sites.includes(id);
    if (isNode(from) && isNode(to) && from !== to) {
      const { name: proxy } = peerProxy(this.plan, from, to);
      return { from, to, proxy, way: "upstream", site: null, nodes: [from, to] };
    }
    if (isSite(from) && isNode(to)) {
      const { name: proxy } = siteProxy(this.plan, from, to);
      return { from, to, proxy, way: "upstream", site: from, nodes: [to] };
    }
    if (isNode(from) && isSite(to)) {
      const { name: proxy } = siteProxy(this.plan, to, from);
      return { from, to, proxy, way: "downstream", site: to, nodes: [from] };
    }
    throw new OperatingError("bad-scenario", `there is no link ${from}→${to}`);
  }

  close(): void {
    for (const client of [...this.#admins.values(), ...this.#clients.values()]) client.close();
  }

  #dial(port: number, isAdmin: boolean): StoreClient {
    const plan = { host: "127.0.0.1", port: this.#cluster.publishedPort(port) };
    return new StoreClient(isAdmin ? { ...plan, secret: this.#cluster.secret } : plan);
  }
}
