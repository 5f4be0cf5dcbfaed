import { performance } from "node:perf_hooks";
import { pause } from "../../docker/engine.ts";
import type { Disturbance, Links } from "../../docker/links.ts";
import { StoreError } from "../../store/client/http-client.ts";
import { OperatingError } from "../base/errors.ts";
import type { Action } from "../contracts/target.ts";
import type { NodeFaults } from "./docker-node-faults.ts";
import type { PlacedLink, Places } from "./docker-places.ts";

type Cut = Extract<Action, { kind: "cut" }>;
type Delay = Extract<Action, { kind: "delay" }>;
type Restore = Extract<Action, { kind: "restore" }>;

/** A probe of an undisturbed link takes some milliseconds; chosen: 100 times that, for a busy machine. */
const probeTimeoutMs = 400;
/** Longest until a mended link works: two back-offs of a peer link (store/server/peer-link.ts), and slack. */
const restoreTimeoutMs = 4_000;
/** How often a round trip is measured; the shortest counts, which a busy machine disturbs least. */
const samples = 3;

/** Where links are tried. */
export type LinkPlaces = Pick<Places, "link" | "admin" | "freshClient">;
/** What is done to proxies. */
export type LinkSurgery = Pick<Links, "disturb" | "release" | "state" | "isDisturbed" | "isCut">;

/** Cuts and slows links at their proxies, and tries each link afterwards. */
export class LinkFaults {
  readonly #places: LinkPlaces;
  readonly #links: LinkSurgery;
  readonly #nodes: Pick<NodeFaults, "answers">;
  readonly #restoreMs: number;
  /** Milliseconds that faults add, by proxy and fault: probes must be more patient there. */
  readonly #added = new Map<string, number>();

  constructor(
    places: LinkPlaces,
    links: LinkSurgery,
    nodes: Pick<NodeFaults, "answers">,
    restoreMs: number = restoreTimeoutMs,
  ) {
    this.#restoreMs = restoreMs;
    this.#places = places;
    this.#links = links;
    this.#nodes = nodes;
  }

  /** Does it to all links at once, and joins what was seen. */
  async act(action: Cut | Delay | Restore): Promise<string> {
    const placed = action.links.map((link) => this.#places.link(link));
    const seen = await Promise.all(placed.map((link) => this.#actOn(action, link)));
    return placed.map(({ from, to }, index) => `${from}→${to} ${seen[index]}`).join(", ");
  }

  #actOn(action: Cut | Delay | Restore, link: PlacedLink): Promise<string> {
    if (action.kind === "cut") return this.#cut(action, link);
    return action.kind === "delay" ? this.#delay(action, link) : this.#restore(action, link);
  }

  async #cut({ fault, mode }: Cut, link: PlacedLink): Promise<string> {
    const { proxy, way } = link;
    // Nobody can be refused on the way back of a connection that stands: what is sent there is swallowed.
    const isRefusal = mode === "refuse" && way === "upstream";
    const wanted: Disturbance = isRefusal ? { kind: "refuse", way: "upstream" } : { kind: "swallow", way };
    await this.#links.disturb(proxy, fault, wanted);
    await this.#seeOnProxy(link, fault, true);
    if (!this.#canTry(link)) return `is cut, says Toxiproxy; ${this.#whyNotTried(link)}`;
    const probed = await this.#probe(link);
    if (probed !== null) throw notProven(link, `still lets a probe through in ${probed.toFixed(1)} ms`);
    return isRefusal ? "refuses a probe" : "swallows a probe";
  }

  async #delay({ fault, addUs, jitterUs }: Delay, link: PlacedLink): Promise<string> {
    // Toxiproxy's jitter goes both ways; ours only makes it longer.
    const jitterMs = Math.round(jitterUs / 2_000);
    const addMs = Math.round(addUs / 1_000) + jitterMs;
    if (addMs < 1) {
      const says = `Toxiproxy counts in milliseconds; ${addUs} µs can't be added to ${link.from}→${link.to}`;
      throw new OperatingError("not-expressible", says);
    }
    const canTry = this.#canTry(link) && !this.#isCut(link);
    const before = canTry ? await this.#roundTrip(link) : null;
    await this.#links.disturb(link.proxy, fault, { kind: "delay", way: link.way, addMs, jitterMs });
    this.#added.set(`${link.proxy}/${fault}`, addMs + jitterMs);
    await this.#seeOnProxy(link, fault, true);
    if (before === null) return `is slowed by ${addMs} ms, says Toxiproxy; ${this.#whyNotTried(link)}`;
    const after = await this.#roundTrip(link);
    const shortestMs = Math.max(1, 0.9 * (addMs - jitterMs));
    const says = `a round trip took ${before.toFixed(1)} ms and takes ${after?.toFixed(1) ?? "for ever"} ms`;
    if (after === null || after < shortestMs) throw notProven(link, says);
    return says;
  }

  async #restore({ fault }: Restore, link: PlacedLink): Promise<string> {
    const { proxy, way } = link;
    await this.#links.release(proxy, fault, way);
    const addedMs = this.#added.get(`${proxy}/${fault}`) ?? 0;
    this.#added.delete(`${proxy}/${fault}`);
    await this.#seeOnProxy(link, fault, false);
    if (this.#links.isDisturbed(proxy)) return `is rid of fault ${fault}; another fault still holds it`;
    if (!this.#canTry(link)) return `is free, says Toxiproxy; ${this.#whyNotTried(link)}`;
    const deadlineMs = performance.now() + this.#restoreMs;
    while (performance.now() < deadlineMs) {
      const took = await this.#roundTrip(link);
      // Where a delay went, its going must show, too.
      const isQuick = took !== null && (addedMs === 0 || took < Math.max(20, addedMs / 2));
      if (isQuick && (await this.#isLinkUp(link))) return `answers a probe in ${took.toFixed(1)} ms`;
      await pause(20);
    }
    throw notProven(link, `does not answer as before within ${this.#restoreMs} ms`);
  }

  /** Compares with what Toxiproxy itself says of the link's proxy. */
  async #seeOnProxy(link: PlacedLink, fault: number, isHeld: boolean): Promise<void> {
    const { isEnabled, toxics } = await this.#links.state(link.proxy);
    const suffix = `-${link.way}-${fault}`;
    const isSeen = toxics.some((toxic) => toxic.endsWith(suffix)) || (isHeld && !isEnabled);
    if (isSeen !== isHeld)
      throw notProven(link, `Toxiproxy says ${isEnabled ? "open" : "shut"} [${toxics.join(" ")}]`);
  }

  /** A link can be tried only where its nodes answer. */
  #canTry({ nodes }: PlacedLink): boolean {
    return nodes.every((node) => this.#nodes.answers(node));
  }

  #isCut({ proxy }: PlacedLink): boolean {
    return this.#links.isCut(proxy);
  }

  #whyNotTried(link: PlacedLink): string {
    const silent = link.nodes.filter((node) => !this.#nodes.answers(node));
    return silent.length > 0
      ? `not tried, ${silent.join(" and ")} being down or paused`
      : "not tried, being cut, too";
  }

  /** The shortest of several round trips in milliseconds; null when none came back. */
  async #roundTrip(link: PlacedLink): Promise<number | null> {
    let shortest: number | null = null;
    for (let turn = 0; turn < samples; turn += 1) {
      const took = await this.#probe(link);
      if (took === null) return shortest;
      if (shortest === null || took < shortest) shortest = took;
    }
    return shortest;
  }

  /** One round trip on a new connection, by the way that the link's own messages take. */
  async #probe(link: PlacedLink): Promise<number | null> {
    const timeoutMs = this.#patienceMs(link);
    try {
      if (link.site === null) return await this.#places.admin(link.from).probe(link.to, timeoutMs);
      return await this.#probeFromSite(link.site, link.nodes[0] ?? "", timeoutMs);
    } catch (error) {
      if (error instanceof StoreError) return null;
      throw error;
    }
  }

  async #probeFromSite(site: string, node: string, timeoutMs: number): Promise<number | null> {
    const client = this.#places.freshClient(site, node);
    const startedMs = performance.now();
    try {
      return (await client.isReady(timeoutMs)) ? performance.now() - startedMs : null;
    } finally {
      client.close();
    }
  }

  #patienceMs({ proxy }: PlacedLink): number {
    let addedMs = 0;
    for (const [held, ms] of this.#added) if (held.startsWith(`${proxy}/`)) addedMs += ms;
    // A probe crosses the link twice: to shake hands, and to ask.
    return probeTimeoutMs + 3 * Math.ceil(addedMs);
  }

  /** Whether the peers' own connection stands again; clients dial when they need to. */
  async #isLinkUp(link: PlacedLink): Promise<boolean> {
    if (link.site !== null) return true;
    return (await this.#places.admin(link.from).reachedPeers()).includes(link.to);
  }
}

function notProven({ from, to }: PlacedLink, says: string): OperatingError {
  return new OperatingError("fault-not-proven", `${from}→${to} ${says}`);
}
