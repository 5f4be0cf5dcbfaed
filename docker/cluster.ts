import { randomBytes } from "node:crypto";
import { present } from "../harness/base/invariant.ts";
import { removeBelongings } from "./clean.ts";
import type { ClusterPlan } from "./cluster-plan.ts";
import { nodeEnvironment, proxiesOf, publishedPorts, toxiproxyPort } from "./cluster-plan.ts";
import type { Engine } from "./engine.ts";
import { within } from "./engine.ts";
import type { RunGuard } from "./guard.ts";
import { guardRun, loadUnheard } from "./guard.ts";
import { hasImage } from "./image-builder.ts";
import type { Images } from "./images.ts";
import { Links } from "./links.ts";
import type { ContainerPlan, StartedContainer } from "./loopback-container.ts";
import type { RunLabels } from "./run-label.ts";
import { newRun } from "./run-label.ts";

/** Longest start. Chosen: 3 s were measured; a busy machine may take ten times as long. */
const openTimeoutMs = 40_000;
/** Chosen: the engine answers in tenths of a second. */
const callTimeoutMs = 15_000;
/** The reaper of testcontainers 11.14, which removes containers if this process dies. */
const reaperImage = "testcontainers/ryuk:0.14.0";

/** The part of a container's state that faults change. */
export interface ContainerState {
  readonly isRunning: boolean;
  readonly isPaused: boolean;
}

/** Nodes of the store in containers, each connection through a proxy. */
export class DockerCluster {
  readonly plan: ClusterPlan;
  readonly secret: string;
  readonly links: Links;
  readonly #engine: Engine;
  readonly #run: RunGuard;
  readonly #proxy: StartedContainer;
  readonly #nodes: ReadonlyMap<string, StartedContainer>;

  private constructor(
    engine: Engine,
    plan: ClusterPlan,
    secret: string,
    run: RunGuard,
    links: Links,
    proxy: StartedContainer,
    nodes: ReadonlyMap<string, StartedContainer>,
  ) {
    this.#engine = engine;
    this.plan = plan;
    this.secret = secret;
    this.#run = run;
    this.links = links;
    this.#proxy = proxy;
    this.#nodes = nodes;
  }

  /** Starts everything at once; leaves nothing behind when that fails. */
  static async open(engine: Engine, images: Images, plan: ClusterPlan): Promise<DockerCluster> {
    await removeBelongings(engine.docker, "the dead");
    const { id, labels } = newRun();
    const run = guardRun(engine.docker, id);
    try {
      const secret = randomBytes(16).toString("hex");
      const network = engine.docker.createNetwork({
        Name: run.name,
        Driver: "bridge",
        Labels: { ...labels },
      });
      run.track(network);
      await network;
      const start = starter(engine, images.way).then((startContainer) => (one: ContainerPlan) => {
        const starting = startContainer(one);
        run.track(starting);
        return starting;
      });
      const opening = startContainers(await start, images, plan, { network: run.name, labels, secret });
      const { proxies, links, nodes } = await within(openTimeoutMs, "starting the cluster", opening);
      return new DockerCluster(engine, plan, secret, run, links, proxies, nodes);
    } catch (error) {
      await run.end();
      throw error;
    }
  }

  /** The port of this machine's loopback address behind which a port of the proxies is. */
  publishedPort(port: number): number {
    return this.#proxy.publishedPort(port);
  }

  /** The container of a node. */
  container(node: string): StartedContainer {
    return present(this.#nodes.get(node), `the container of ${node}`);
  }

  async state(node: string): Promise<ContainerState> {
    const { State } = await within(callTimeoutMs, `inspecting ${node}`, this.#docker(node).inspect());
    return { isRunning: State.Running, isPaused: State.Paused };
  }

  /** Ends the process at once, with all its memory. */
  async kill(node: string): Promise<void> {
    await within(callTimeoutMs, `killing ${node}`, this.#docker(node).kill({ signal: "SIGKILL" }));
  }

  /** Starts a killed node again, with the disk that it had. */
  async start(node: string): Promise<void> {
    await within(callTimeoutMs, `starting ${node}`, this.#docker(node).start());
  }

  async pause(node: string): Promise<void> {
    await within(callTimeoutMs, `pausing ${node}`, this.#docker(node).pause());
  }

  async resume(node: string): Promise<void> {
    await within(callTimeoutMs, `resuming ${node}`, this.#docker(node).unpause());
  }

  /** The last lines that a node printed: why it does not start, for example. */
  async lastWords(node: string): Promise<string> {
    const logs = await within(
      callTimeoutMs,
      `the log of ${node}`,
      this.#docker(node).logs({ stdout: true, stderr: true, tail: 5 }),
    );
    return linesOf(logs).join("; ");
  }

  /** Removes everything. Repeating it is harmless. */
  close(): Promise<void> {
    return this.#run.end();
  }

  #docker(node: string): ReturnType<Engine["docker"]["getContainer"]> {
    return this.#engine.docker.getContainer(this.container(node).id);
  }
}

interface Surroundings {
  readonly network: string;
  readonly labels: RunLabels;
  readonly secret: string;
}

interface StartedContainers {
  readonly proxies: StartedContainer;
  readonly links: Links;
  readonly nodes: ReadonlyMap<string, StartedContainer>;
}

/**
 * Starts the proxies, then the nodes in the same network namespace, on ports of their own: a killed process
 * then refuses connections at once. With a namespace of its own, a dead node's address would swallow them,
 * and Toxiproxy's one dial at a time on that link would hang for up to two minutes (measured: over 10 s).
 */
async function startContainers(
  start: (plan: ContainerPlan) => Promise<StartedContainer>,
  images: Images,
  plan: ClusterPlan,
  { network, labels, secret }: Surroundings,
): Promise<StartedContainers> {
  const base = { labels, timeoutMs: openTimeoutMs, command: [] };
  const proxies = await start({
    ...base,
    title: "Toxiproxy",
    image: images.toxiproxy,
    network,
    environment: {},
    contents: {},
    ports: publishedPorts(plan),
    upWhen: /Starting Toxiproxy HTTP server/,
  });
  const links = new Links(`http://127.0.0.1:${proxies.publishedPort(toxiproxyPort)}`);
  const nodes = plan.nodes.map(async ({ id }): Promise<[string, StartedContainer]> => {
    const node = await start({
      ...base,
      title: id,
      image: images.store,
      network: `container:${proxies.id}`,
      environment: nodeEnvironment(plan, id, secret),
      contents: { "/app/keyspaces.json": JSON.stringify(plan.keyspaces) },
      ports: [],
      upWhen: /: ready/,
    });
    return [id, node];
  });
  const [started] = await Promise.all([Promise.all(nodes), links.create(proxiesOf(plan), callTimeoutMs)]);
  return { proxies, links, nodes: new Map(started) };
}

/** The engine puts eight bytes before each piece of a log: where it came from, and its length. */
function linesOf(logs: Buffer): string[] {
  let text = "";
  for (let at = 0; at + 8 <= logs.length; ) {
    const end = at + 8 + logs.readUInt32BE(at + 4);
    text += logs.toString("utf8", at + 8, end);
    at = end;
  }
  return text.split("\n").filter((line) => line !== "");
}

/** testcontainers reads in its environment whether to use its reaper, whose image must be had from somewhere. */
async function starter(
  { docker }: Engine,
  way: Images["way"],
): Promise<(plan: ContainerPlan) => Promise<StartedContainer>> {
  if (process.env["TESTCONTAINERS_RYUK_DISABLED"] === undefined) {
    const hasReaper = way === "registry" || (await hasImage(docker, reaperImage));
    if (!hasReaper) process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  }
  return (await loadUnheard(() => import("./loopback-container.ts"))).startContainer;
}
