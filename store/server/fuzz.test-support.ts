import { Agent } from "node:http";
import { fuzzedKeyspaces, fuzzHttp, fuzzRawHttp } from "./fuzz-http.test-support.ts";
import { fuzzPeer, fuzzStranger, messagePool } from "./fuzz-peer.test-support.ts";
import { FuzzRandom } from "./fuzz-random.test-support.ts";
import type { LocalCluster } from "./local-cluster.test-support.ts";

/** Seven keyspaces that anything may happen to, and one that nothing may. */
export const fuzzKeyspaces: readonly unknown[] = [
  { name: "kept", w: 3, r: 1 },
  { name: "f-lww", read: "repair-async", antiEntropyMs: 1_000 },
  { name: "f-sib", versions: "siblings" },
  { name: "f-count", versions: "pn-counter" },
  { name: "f-set", versions: "or-set" },
  { name: "f-cart", versions: "or-cart" },
  { name: "f-cas", protocol: "caspaxos" },
  { name: "f-stamp", stamp: "client" },
];

const keptKeys = 200;
const nodes = 3;
/** Connections under way at once. Chosen: enough to meet one another, few enough for any machine's limits. */
const lanes = 24;
/** Problems that are told; more of them say nothing new. */
const mostProblems = 20;

/** What was sent, what came back, and what was wrong with that. */
export interface FuzzCounts {
  requests: number;
  rawRequests: number;
  strangers: number;
  frames: number;
  readonly statuses: Map<number, number>;
  readonly problems: string[];
}

/** Writes what must be there at the end. */
export async function writeKept(cluster: LocalCluster): Promise<void> {
  for (let index = 0; index < keptKeys; index += 1) {
    await cluster.client(index % nodes).put("kept", `kept-${index}`, { value: index });
  }
}

/** How often nodes have dialled one another: where that stays the same, no link between them has broken. */
export async function dialsOf(cluster: LocalCluster): Promise<number> {
  const links = await Promise.all(cluster.clients.map((client) => client.links()));
  return links.flat().reduce((sum, { dials }) => sum + dials, 0);
}

/** What is not as it was written, on any node's own replica and through any node; and whether puts still work. */
export async function damageOf(cluster: LocalCluster): Promise<readonly string[]> {
  const damage: string[] = [];
  for (const [node, client] of cluster.clients.entries()) {
    const dumped = new Map((await client.dump("kept")).map(({ key, entries }) => [key, entries]));
    for (let index = 0; index < keptKeys; index += 1) {
      const key = `kept-${index}`;
      const wanted = JSON.stringify([{ value: index }]);
      const held = JSON.stringify(dumped.get(key)?.map(({ value }) => value));
      const read = JSON.stringify((await client.get("kept", key, { r: nodes })).values);
      if (held !== wanted || read !== wanted)
        damage.push(`n${node} holds ${held} and reads ${read} of ${key}`);
    }
    if (dumped.size !== keptKeys) damage.push(`n${node} holds ${dumped.size} keys instead of ${keptKeys}`);
    for (const keyspace of fuzzedKeyspaces.filter((name) => name === "f-lww" || name === "f-sib")) {
      await client.put(keyspace, `after-${node}`, 1);
    }
  }
  return damage;
}

/** Sends that many random requests and frames to the three nodes. The draws are those of the seed. */
export async function fuzz(cluster: LocalCluster, count: number, seed: number): Promise<FuzzCounts> {
  const counts: FuzzCounts = {
    requests: 0,
    rawRequests: 0,
    strangers: 0,
    frames: 0,
    statuses: new Map(),
    problems: [],
  };
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const pool = messagePool(seed);
  const work = Array.from({ length: lanes }, async (_, lane) => {
    const random = new FuzzRandom(seed * 1_000 + lane);
    const share = Math.ceil(count / lanes);
    for (let done = 0; done < share && counts.problems.length < mostProblems; ) {
      done += await fuzzOnce(random, cluster, { agent, pool, counts });
    }
  });
  await Promise.all(work);
  agent.destroy();
  return counts;
}

interface Surroundings {
  readonly agent: Agent;
  readonly pool: readonly [Buffer, ...Buffer[]];
  readonly counts: FuzzCounts;
}

/** Sends one thing, or one connection's worth of frames. Says how many they were. */
async function fuzzOnce(
  random: FuzzRandom,
  cluster: LocalCluster,
  { agent, pool, counts }: Surroundings,
): Promise<number> {
  const node = random.below(nodes);
  const as = `n${(node + 1 + random.below(nodes - 1)) % nodes}`;
  const peer = { port: cluster.peerPorts[node] ?? 0, node: `n${node}`, as };
  const kind = random.below(100);
  try {
    if (kind >= 94) {
      const frames = await fuzzPeer(random, peer, pool);
      counts.frames += frames;
      return frames;
    }
    if (kind >= 84) {
      await fuzzStranger(random, peer);
      counts.strangers += 1;
    } else await fuzzServer(random, cluster.httpPorts[node] ?? 0, kind >= 70 ? null : agent, counts);
  } catch (error) {
    counts.problems.push(`n${node}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return 1;
}

/** A request over an agent, or raw bytes where there is none. */
async function fuzzServer(
  random: FuzzRandom,
  port: number,
  agent: Agent | null,
  counts: FuzzCounts,
): Promise<void> {
  const { status, problem } = await (agent === null
    ? fuzzRawHttp(random, port)
    : fuzzHttp(random, port, agent));
  if (agent === null) counts.rawRequests += 1;
  else counts.requests += 1;
  if (status !== null) counts.statuses.set(status, (counts.statuses.get(status) ?? 0) + 1);
  if (problem !== null) counts.problems.push(problem);
}

/** One line for people. */
export function fuzzLine({ requests, rawRequests, strangers, frames, statuses }: FuzzCounts): string {
  const answers = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  return (
    `${requests} requests, ${rawRequests} requests as raw bytes, ${strangers} connections of strangers, ` +
    `${frames} frames of peers; answers ${answers.join(", ")}`
  );
}
