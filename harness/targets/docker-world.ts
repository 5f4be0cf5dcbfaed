import type { DockerCluster } from "../../docker/cluster.ts";
import { pause } from "../../docker/engine.ts";
import { StoreError } from "../../store/client/http-client.ts";
import { OperatingError } from "../base/errors.ts";
import type { KeyspaceSettings } from "../contracts/scenario.ts";
import type {
  Action,
  Cancel,
  ClockReading,
  Cluster,
  Completion,
  Invocation,
  Proof,
  ReplicaDump,
} from "../contracts/target.ts";
import type { HistoryValue } from "../history/values.ts";
import { ClientStamps } from "./client-stamps.ts";
import { ClockProbe } from "./docker-clock-probe.ts";
import { messageOf, operatingError, settle } from "./docker-errors.ts";
import { LinkFaults } from "./docker-link-faults.ts";
import { NodeFaults } from "./docker-node-faults.ts";
import { Places } from "./docker-places.ts";
import { submitOverHttp } from "./docker-submit.ts";

/** Longest until all nodes reach each other after the proxies are there: back-offs, and slack. */
const meetTimeoutMs = 10_000;

/** Who hears of a world's end. */
export interface WorldEars {
  say(line: string): void;
  closed(): void;
}

/** An open cluster of containers, as scenarios see it. Time is this machine's monotonic clock. */
export class DockerWorld implements Cluster {
  readonly #cluster: DockerCluster;
  readonly #places: Places;
  readonly #nodes: NodeFaults;
  readonly #links: LinkFaults;
  readonly #clocks: ClockProbe;
  readonly #stamps: ClientStamps;
  readonly #ears: WorldEars;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #startedNs: bigint;
  #closing: Promise<void> | null = null;

  private constructor(
    cluster: DockerCluster,
    places: Places,
    clocks: ClockProbe,
    stamps: ClientStamps,
    ears: WorldEars,
  ) {
    this.#cluster = cluster;
    this.#places = places;
    this.#clocks = clocks;
    this.#nodes = new NodeFaults(cluster, places, clocks);
    this.#links = new LinkFaults(places, cluster.links, this.#nodes);
    this.#stamps = stamps;
    this.#ears = ears;
    this.#startedNs = process.hrtime.bigint();
  }

  /** Waits until every node answers and reaches all others, and looks at the clocks. */
  static async begin(
    cluster: DockerCluster,
    keyspaces: readonly KeyspaceSettings[],
    ears: WorldEars,
  ): Promise<DockerWorld> {
    const places = new Places(cluster);
    const clocks = new ClockProbe(places);
    try {
      await Promise.all(places.nodes.map((node) => meet(cluster, places, node)));
      await clocks.begin();
    } catch (error) {
      places.close();
      throw error;
    }
    return new DockerWorld(cluster, places, clocks, new ClientStamps(keyspaces), ears);
  }

  nowNs(): number {
    return Number(process.hrtime.bigint() - this.#startedNs);
  }

  at(timeNs: number, wake: () => void): Cancel {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      timer = setTimeout(due, Math.max(0, (timeNs - this.nowNs()) / 1_000_000));
      this.#timers.add(timer);
    };
    const due = (): void => {
      this.#timers.delete(timer);
      // Node's timers count whole milliseconds and may be a fraction of one early.
      if (this.nowNs() < timeNs) arm();
      else wake();
    };
    arm();
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  submit(invocation: Invocation, done: (completion: Completion) => void): void {
    settle(this.#carryOut(invocation), bug, (completion) => {
      if (!(completion instanceof OperatingError)) done(completion);
    });
  }

  act(action: Action, done: (result: Proof | OperatingError) => void): void {
    settle(this.#act(action), (cause) => actionError(action, cause), done);
  }

  dump(done: (replicas: readonly ReplicaDump[] | OperatingError) => void): void {
    settle(this.#dump(), (cause) => operatingError("target-failed", "no dump", cause), done);
  }

  clocks(done: (reading: ClockReading | OperatingError) => void): void {
    const nodes = this.#places.nodes.filter((node) => this.#nodes.answers(node));
    settle(this.#clocks.readAll(nodes), (cause) => operatingError("target-failed", "no clocks", cause), done);
  }

  close(done: () => void): void {
    this.#closing ??= this.#close();
    settle(this.#closing, bug, () => {
      done();
      this.#ears.closed();
    });
  }

  async #carryOut(invocation: Invocation): Promise<Completion> {
    const { site, node } = invocation;
    const link = this.#places.link({ from: site, to: node });
    const before = this.#whyUnreachable(link.proxy, node);
    const completion = await submitOverHttp(
      this.#places.client(site, node),
      invocation,
      this.#stamps.of(invocation),
    );
    // Where nothing could reach the node from before the request until after it, it surely had no effect.
    if (completion.type !== "info" || before === null) return completion;
    return before === this.#whyUnreachable(link.proxy, node)
      ? { ...completion, type: "fail", error: "ConnectionRefused" }
      : completion;
  }

  /** Names the cut or the death that keeps everything from a node; null when something may get through. */
  #whyUnreachable(proxy: string, node: string): string | null {
    const shut = this.#cluster.links.shutSince(proxy);
    if (shut !== null) return `shut ${shut}`;
    const death = this.#nodes.deadSince(node);
    return death === null ? null : `dead ${death}`;
  }

  async #act(action: Action): Promise<Proof> {
    switch (action.kind) {
      case "cut":
      case "delay":
      case "restore":
        return { says: await this.#links.act(action) };
      case "kill":
      case "start":
      case "pause":
      case "resume":
      case "set-clock":
        return { says: await this.#nodes.act(action) };
      case "lose":
      case "duplicate":
      case "reorder":
      case "hold":
      case "cut-power":
        throw new OperatingError("not-expressible", `containers can't ${action.kind}`);
    }
  }

  async #dump(): Promise<readonly ReplicaDump[]> {
    const names = keyspaceNames(this.#places.plan.keyspaces);
    const all = this.#places.nodes.map(async (node) => {
      const dumps: ReplicaDump[] = [];
      for (const keyspace of names) {
        const keys = await this.#places.admin(node).dump(keyspace);
        const entries = keys.map(({ key, entries: held }) => ({
          key,
          // The store keeps any JSON that was put.
          values: held.map(({ value, version, deleted }) => ({
            value: value as HistoryValue,
            version,
            deleted,
          })),
        }));
        dumps.push({ node, keyspace, entries });
      }
      return dumps;
    });
    return (await Promise.all(all)).flat();
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#places.close();
    try {
      await this.#cluster.close();
    } catch (error) {
      // Whatever is left is removed when this process ends, or else when the next cluster starts.
      this.#ears.say(`docker: not everything could be removed: ${messageOf(error)}`);
    }
  }
}

async function meet(cluster: DockerCluster, places: Places, node: string): Promise<void> {
  const deadlineMs = Date.now() + meetTimeoutMs;
  while (!(await reachesAll(places, node))) {
    if (Date.now() > deadlineMs) {
      const words = await cluster.lastWords(node);
      throw new OperatingError("target-failed", `${node} does not reach all others: ${words}`);
    }
    await pause(20);
  }
}

async function reachesAll(places: Places, node: string): Promise<boolean> {
  const admin = places.admin(node);
  try {
    return (await admin.isReady(1_000)) && (await admin.reachedPeers()).length === places.nodes.length - 1;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}

function keyspaceNames(keyspaces: unknown): readonly string[] {
  if (!Array.isArray(keyspaces)) return [];
  return keyspaces.map((keyspace: { readonly name: string }) => keyspace.name);
}

/** What is not seen to be mended has its own code; what can't be asked of containers keeps its. */
function actionError(action: Action, cause: unknown): OperatingError {
  const { kind } = action;
  const isMend =
    kind === "restore" ||
    kind === "start" ||
    kind === "resume" ||
    (kind === "set-clock" && action.offsetUs === 0);
  const error = operatingError(isMend ? "mend-failed" : "fault-not-proven", kind, cause);
  if (!isMend || error.code !== "fault-not-proven") return error;
  return new OperatingError("mend-failed", error.message, { cause: error });
}

/** What should never be: it ends the process. */
function bug(cause: unknown): never {
  throw cause;
}
