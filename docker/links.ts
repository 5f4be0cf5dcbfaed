import type { Proxy as ToxiProxy } from "toxiproxy-node-client";
import { Toxiproxy } from "toxiproxy-node-client";
import { present } from "../harness/base/invariant.ts";
import { pause, within } from "./engine.ts";

/** Chosen: Toxiproxy answers in milliseconds; after this long something is broken. */
const callTimeoutMs = 5_000;

/** Which way through a proxy: from the one that dials, or back. */
export type Way = "upstream" | "downstream";

/** A proxy that is to be made. */
export interface ProxyPlan {
  readonly name: string;
  /** Port of the proxy's own container. */
  readonly port: number;
  /** Host and port in the network. */
  readonly upstream: string;
}

/** What a fault does to one way through a proxy. Connections can only be refused to the one who dials. */
export type Disturbance =
  | { readonly kind: "refuse"; readonly way: "upstream" }
  | { readonly kind: "swallow"; readonly way: Way }
  | { readonly kind: "delay"; readonly way: Way; readonly addMs: number; readonly jitterMs: number };

/** What Toxiproxy itself says of a proxy. */
export interface ProxyState {
  readonly isEnabled: boolean;
  readonly toxics: readonly string[];
}

interface Link {
  readonly proxy: ToxiProxy;
  /** What faults hold it, for example `delay-upstream-3`. */
  readonly held: Set<string>;
  /** Counts the times that it was shut; null while it is open, or about to be. */
  shut: number | null;
  shutCount: number;
  /** The end of what is being done to it: one thing after the other. */
  last: Promise<void>;
}

/**
 * All connections of a cluster, each through a proxy of its own. Faults may overlap on a proxy: it works
 * again when none of them holds it any more.
 */
export class Links {
  readonly #server: Toxiproxy;
  readonly #links = new Map<string, Link>();

  /** `url` is where Toxiproxy's own interface is. */
  constructor(url: string) {
    this.#server = new Toxiproxy(url);
  }

  /** Makes all proxies, once the server answers. */
  async create(plans: readonly ProxyPlan[], timeoutMs: number): Promise<void> {
    const deadlineMs = Date.now() + timeoutMs;
    while (!(await this.#answers())) {
      if (Date.now() > deadlineMs) throw new Error(`Toxiproxy does not answer within ${timeoutMs} ms`);
      await pause(20);
    }
    const body = plans.map(({ name, port, upstream }) => ({ name, listen: `0.0.0.0:${port}`, upstream }));
    const made = await this.#server.populate(body.map((one) => ({ ...one, enabled: true })));
    for (const { name } of plans) {
      const proxy = present(made[name], `the proxy ${name}`);
      this.#links.set(name, { proxy, held: new Set(), shut: null, shutCount: 0, last: Promise.resolve() });
    }
  }

  /** Strikes a proxy because of a fault. Repeating it is harmless. */
  disturb(name: string, fault: number, wanted: Disturbance): Promise<void> {
    return this.#inTurn(name, async (link) => {
      const { proxy, held } = link;
      const toxic = `${wanted.kind}-${wanted.way}-${fault}`;
      if (held.has(toxic)) return;
      held.add(toxic);
      if (wanted.kind === "refuse") {
        await shut(link);
      } else if (wanted.kind === "swallow") {
        const attributes = { timeout: 0 };
        await proxy.addToxic({ name: toxic, type: "timeout", stream: wanted.way, toxicity: 1, attributes });
      } else {
        const attributes = { latency: wanted.addMs, jitter: wanted.jitterMs };
        await proxy.addToxic({ name: toxic, type: "latency", stream: wanted.way, toxicity: 1, attributes });
      }
    });
  }

  /** Takes a fault's hands off one way through a proxy. Repeating it is harmless. */
  release(name: string, fault: number, way: Way): Promise<void> {
    return this.#inTurn(name, async (link) => {
      const { proxy, held } = link;
      for (const toxic of [...held].filter((one) => one.endsWith(`-${way}-${fault}`))) {
        if (!isRefusal(toxic)) await (await proxy.getToxic(toxic)).remove();
        held.delete(toxic);
        if (isRefusal(toxic) && ![...held].some(isRefusal)) await reopen(link);
      }
    });
  }

  /** Whether some fault holds the proxy. */
  isDisturbed(name: string): boolean {
    return this.#link(name).held.size > 0;
  }

  /** Whether nothing gets through, one way or the other. */
  isCut(name: string): boolean {
    return [...this.#link(name).held].some((held) => !held.startsWith("delay-"));
  }

  /** Not null while nobody can connect; the same number later means that nobody could in between. */
  shutSince(name: string): number | null {
    return this.#link(name).shut;
  }

  /** The proof where nobody is alive to try the link. */
  async state(name: string): Promise<ProxyState> {
    const path = this.#link(name).proxy.getPath();
    const asked = this.#server.getApi().get<{ enabled: boolean; toxics: readonly { name: string }[] }>(path);
    const { data } = await within(callTimeoutMs, "Toxiproxy", asked);
    return { isEnabled: data.enabled, toxics: data.toxics.map((toxic) => toxic.name) };
  }

  #link(name: string): Link {
    return present(this.#links.get(name), `the proxy ${name}`);
  }

  #inTurn(name: string, work: (link: Link) => Promise<void>): Promise<void> {
    const link = this.#link(name);
    const done = link.last.then(() => within(callTimeoutMs, `changing ${name}`, work(link)));
    // The next in turn goes ahead whatever became of this one; who asked for this one hears of it.
    link.last = done.catch(() => {});
    return done;
  }

  async #answers(): Promise<boolean> {
    try {
      await within(callTimeoutMs, "Toxiproxy", this.#server.getVersion());
      return true;
    } catch {
      return false;
    }
  }
}

function isRefusal(held: string): boolean {
  return held.startsWith("refuse-");
}

/** Once Toxiproxy has answered, it has closed the port and every connection through it. */
async function shut(link: Link): Promise<void> {
  await enable(link.proxy, false);
  if (link.shut !== null) return;
  link.shutCount += 1;
  link.shut = link.shutCount;
}

async function reopen(link: Link): Promise<void> {
  link.shut = null;
  await enable(link.proxy, true);
}

async function enable(proxy: ToxiProxy, enabled: boolean): Promise<void> {
  await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream });
}
