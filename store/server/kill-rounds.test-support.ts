import type { StoreClient } from "../client/http-client.ts";
import { StoreError } from "../client/http-client.ts";
import { FuzzRandom } from "./fuzz-random.test-support.ts";
import type { LocalCluster } from "./local-cluster.test-support.ts";

/** Plain quorums, and two kinds of which every single write can be looked for. */
export const killKeyspaces: readonly unknown[] = [
  { name: "registers", w: 2, r: 2 },
  { name: "sets", versions: "or-set", w: 2, r: 2 },
  { name: "counters", versions: "pn-counter", w: 2, r: 2 },
];

const nodes = 3;
const clients = 16;
const registers = 8;
const counters = 4;
/** How long a coordinator may take, and then how long a client waits for a node that was killed, in milliseconds. */
const deadlineMs = 1_000;
const timeoutMs = 3_000;

/** What clients know of one register. */
interface Register {
  /** The greatest version that was acknowledged. */
  acked: string | null;
  /** Every value that may have been written. */
  readonly tried: Set<unknown>;
}

/** What clients know of one set, or of one counter. */
interface Tally {
  readonly acked: Set<string>;
  readonly tried: Set<string>;
}

/** How many writes were asked for, and what became of them. */
export interface KillCounts {
  acknowledged: number;
  refused: number;
  unknown: number;
}

/** Clients that write unique values while nodes die under them, and remember what they were promised. */
export class KillRounds {
  readonly counts: KillCounts = { acknowledged: 0, refused: 0, unknown: 0 };
  readonly #cluster: LocalCluster;
  readonly #registers = new Map<string, Register>();
  readonly #sets = new Map<string, Tally>();
  readonly #counters = new Map<string, Tally>();
  #round = 0;
  #written = 0;

  constructor(cluster: LocalCluster) {
    this.#cluster = cluster;
  }

  /** Writes for that long, then kills all nodes at once in the middle of it, and starts them again. */
  async round(loadMs: number, seed: number): Promise<void> {
    this.#round += 1;
    let isOver = false;
    const load = Array.from({ length: clients }, async (_, index) => {
      const random = new FuzzRandom(seed * 100 + index);
      while (!isOver) await this.#write(random, index);
    });
    await new Promise((resolve) => setTimeout(resolve, loadMs));
    const all = Array.from({ length: nodes }, (_, node) => node);
    await Promise.all(all.map((node) => this.#cluster.kill(node)));
    isOver = true;
    await Promise.all(load);
    await this.#cluster.start(...all);
  }

  /** What was acknowledged and is not there; what is there and nobody wrote. */
  async losses(): Promise<readonly string[]> {
    const losses: string[] = [];
    for (const [node, client] of this.#cluster.clients.entries()) {
      for (const [key, known] of this.#registers) losses.push(...(await registerLosses(client, key, known)));
      // Sets and counters of earlier rounds are at rest: one node is asked for them, another one each time.
      if (node !== this.#round % nodes) continue;
      for (const [key, known] of this.#sets) losses.push(...(await setLosses(client, key, known)));
      for (const [key, known] of this.#counters) losses.push(...(await counterLosses(client, key, known)));
    }
    return losses;
  }

  async #write(random: FuzzRandom, client: number): Promise<void> {
    const at = this.#cluster.client(random.below(nodes));
    this.#written += 1;
    const value = `${this.#round}-${client}-${this.#written}`;
    const kind = random.below(3);
    if (kind === 0) await this.#put(at, `register-${random.below(registers)}`, value);
    else if (kind === 1) {
      const key = `set-${this.#round}-${client}`;
      await this.#count(this.#sets, key, value, () => at.add("sets", key, value, options));
    } else {
      const key = `counter-${random.below(counters)}`;
      await this.#count(this.#counters, key, value, () => at.increment("counters", key, 1, options));
    }
  }

  async #put(at: StoreClient, key: string, value: string): Promise<void> {
    const known = this.#registers.get(key) ?? { acked: null, tried: new Set() };
    this.#registers.set(key, known);
    known.tried.add(value);
    const result = await this.#outcome(() => at.put("registers", key, value, options));
    if (result === "refused") known.tried.delete(value);
    else if (result !== "unknown" && isLater(result, known.acked)) known.acked = result;
  }

  async #count(
    tallies: Map<string, Tally>,
    key: string,
    value: string,
    ask: () => Promise<{ readonly version: string | null }>,
  ): Promise<void> {
    const known = tallies.get(key) ?? { acked: new Set(), tried: new Set() };
    tallies.set(key, known);
    known.tried.add(value);
    const result = await this.#outcome(ask);
    if (result === "refused") known.tried.delete(value);
    else if (result !== "unknown") known.acked.add(value);
  }

  /** The version that was acknowledged, or what is known instead. */
  async #outcome(ask: () => Promise<{ readonly version: string | null }>): Promise<string> {
    try {
      const { version } = await ask();
      this.counts.acknowledged += 1;
      return version ?? "";
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      // A dead node refuses at once: not so fast that nothing else is done.
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (error.indeterminate) this.counts.unknown += 1;
      else this.counts.refused += 1;
      return error.indeterminate ? "unknown" : "refused";
    }
  }
}

const options = { deadlineMs, timeoutMs };

async function registerLosses(client: StoreClient, key: string, known: Register): Promise<readonly string[]> {
  const { values, version } = await client.get("registers", key, options);
  const [value] = values;
  if (value === undefined)
    return known.acked === null ? [] : [`${key} is not there; ${known.acked} was acknowledged`];
  if (!known.tried.has(value)) return [`${key} holds ${value}, which nobody wrote`];
  const isLost = known.acked !== null && isLater(known.acked, version);
  return isLost ? [`${key} is at ${version}; ${known.acked} was acknowledged`] : [];
}

async function setLosses(
  client: StoreClient,
  key: string,
  { acked, tried }: Tally,
): Promise<readonly string[]> {
  const { values } = await client.get("sets", key, options);
  const held = new Set((values[0] as readonly string[] | undefined) ?? []);
  const missing = [...acked].filter((item) => !held.has(item));
  const strange = [...held].filter((item) => !tried.has(item));
  return [
    ...missing.map((item) => `${key} lacks ${item}, which was acknowledged`),
    ...strange.map((item) => `${key} has ${item}, which nobody added`),
  ];
}

async function counterLosses(
  client: StoreClient,
  key: string,
  { acked, tried }: Tally,
): Promise<readonly string[]> {
  const { values } = await client.get("counters", key, options);
  const sum = Number(values[0] ?? 0);
  if (sum >= acked.size && sum <= tried.size) return [];
  return [`${key} is ${sum}; ${acked.size} increments were acknowledged, and ${tried.size} asked for`];
}

/** Whether a version, as text, is later than another one: time, then node and incarnation, then sequence. */
function isLater(version: string, than: string | null): boolean {
  if (than === null) return true;
  const [a, b] = [partsOf(version), partsOf(than)];
  if (a.time !== b.time) return a.time > b.time;
  if (a.maker !== b.maker) return a.maker > b.maker;
  return a.sequence > b.sequence;
}

function partsOf(version: string | null): { time: number; maker: string; sequence: number } {
  const parts = /^@(?<time>\d+) (?<maker>\S+)\.(?<sequence>\d+)$/.exec(version ?? "")?.groups;
  return {
    time: Number(parts?.["time"]),
    maker: parts?.["maker"] ?? "",
    sequence: Number(parts?.["sequence"]),
  };
}

/** One line for people. */
export function killLine({ acknowledged, refused, unknown }: KillCounts): string {
  return `${acknowledged} writes acknowledged, ${refused} refused, ${unknown} unknown`;
}
