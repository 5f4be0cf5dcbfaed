import type { ProxyPlan } from "./links.ts";

/** What a cluster is made from. */
export interface ClusterPlan {
  readonly nodes: readonly { readonly id: string; readonly dc: string }[];
  /** Where clients stand. */
  readonly sites: readonly string[];
  /** The store's own settings, as they are. */
  readonly keyspaces: unknown;
  readonly defect: string | null;
}

/** Toxiproxy's own interface. */
export const toxiproxyPort = 8_474;

/**
 * First ports of each kind; the first two are the nodes' own, the others those of proxies. Chosen: a
 * thousand apart, so that 30 nodes with all their links have room.
 */
const firstPorts = { http: 8_500, peer: 9_500, link: 20_000, site: 21_000, admin: 22_000 } as const;

/** The proxy between a node and a peer that it dials. */
export function peerProxy(plan: ClusterPlan, from: string, to: string): ProxyPlan {
  const a = indexOf(plan, from);
  const b = indexOf(plan, to);
  const port = firstPorts.link + a * plan.nodes.length + b;
  return { name: `peer-${a}-${b}`, port, upstream: `127.0.0.1:${firstPorts.peer + b}` };
}

/** The proxy between the clients of a site and a node. */
export function siteProxy(plan: ClusterPlan, site: string, node: string): ProxyPlan {
  const a = plan.sites.indexOf(site);
  const b = indexOf(plan, node);
  const port = firstPorts.site + a * plan.nodes.length + b;
  return { name: `site-${a}-${b}`, port, upstream: `127.0.0.1:${firstPorts.http + b}` };
}

/** The proxy that no fault touches: for probes, dumps and clocks. */
export function adminProxy(plan: ClusterPlan, node: string): ProxyPlan {
  const index = indexOf(plan, node);
  const upstream = `127.0.0.1:${firstPorts.http + index}`;
  return { name: `admin-${index}`, port: firstPorts.admin + index, upstream };
}

/** All proxies of a cluster. */
export function proxiesOf(plan: ClusterPlan): readonly ProxyPlan[] {
  const ids = plan.nodes.map((node) => node.id);
  return [
    ...ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => peerProxy(plan, from, to))),
    ...plan.sites.flatMap((site) => ids.map((node) => siteProxy(plan, site, node))),
    ...ids.map((node) => adminProxy(plan, node)),
  ];
}

/** The ports that this machine must reach: those of clients and of the harness, not those between nodes. */
export function publishedPorts(plan: ClusterPlan): readonly number[] {
  const ids = plan.nodes.map((node) => node.id);
  const sites = plan.sites.flatMap((site) => ids.map((node) => siteProxy(plan, site, node).port));
  return [toxiproxyPort, ...sites, ...ids.map((node) => adminProxy(plan, node).port)];
}

/** What a node is told of itself and the others: it dials each peer through the proxy of that link. */
export function nodeEnvironment(
  plan: ClusterPlan,
  node: string,
  secret: string,
): Readonly<Record<string, string>> {
  const index = indexOf(plan, node);
  const own = firstPorts.peer + index;
  const members = plan.nodes.map(({ id, dc }) => {
    const port = id === node ? own : peerProxy(plan, node, id).port;
    return `${id}@${dc}=127.0.0.1:${port}`;
  });
  return {
    STORE_ID: node,
    STORE_MEMBERS: members.join(","),
    STORE_HTTP: `127.0.0.1:${firstPorts.http + index}`,
    STORE_SECRET: secret,
    ...(plan.defect === null ? {} : { STORE_DEFECT: plan.defect }),
  };
}

function indexOf(plan: ClusterPlan, node: string): number {
  return plan.nodes.findIndex(({ id }) => id === node);
}
