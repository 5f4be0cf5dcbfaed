/**
 * How fast three real nodes on loopback ports are, fsync batched: `npm run bench:store`. Clients keep their
 * connections and wait for each answer, as the harness' do. All clients and nodes share the machine.
 */
import { performance } from "node:perf_hooks";
import { LeanConnection } from "./lean-connection.test-support.ts";
import { LocalCluster } from "./local-cluster.test-support.ts";

const clients = 96;
const operationsEach = 200;
/** The best of several rounds is told: on shared machines speed changes from one second to the next. */
const rounds = 6;
/** Operations a second that the design asks for. */
const mark = 10_000;

interface Kind {
  readonly name: string;
  readonly method: string;
  readonly body: string;
}

const kinds: readonly Kind[] = [
  { name: "puts of 100 bytes", method: "PUT", body: JSON.stringify({ value: "x".repeat(100) }) },
  { name: "gets", method: "GET", body: "" },
];

interface Round {
  readonly perSecond: number;
  /** Milliseconds, sorted. */
  readonly latencies: Float64Array;
}

async function measure(connections: readonly LeanConnection[], { method, body }: Kind): Promise<Round> {
  const latencies = new Float64Array(connections.length * operationsEach);
  let done = 0;
  const startedMs = performance.now();
  const all = connections.map(async (connection, index) => {
    for (let turn = 0; turn < operationsEach; turn += 1) {
      const askedMs = performance.now();
      const status = await connection.ask(method, `/v1/k/key${index}`, body);
      if (status !== 200) throw new Error(`status ${status}`);
      latencies[done] = performance.now() - askedMs;
      done += 1;
    }
  });
  await Promise.all(all);
  const perSecond = (1_000 * done) / (performance.now() - startedMs);
  return { perSecond, latencies: latencies.sort() };
}

function percentile({ latencies }: Round, share: number): string {
  const at = Math.min(latencies.length - 1, Math.floor(latencies.length * share));
  return (latencies[at] ?? 0).toFixed(1);
}

function line(name: string, round: Round): string {
  const { perSecond, latencies } = round;
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((share) => percentile(round, share));
  const max = (latencies.at(-1) ?? 0).toFixed(1);
  return (
    `store on loopback, 3/2/2, fsync batched: ${Math.round(perSecond)} ${name} a second (mark: ${mark}); ` +
    `p50 ${p50} ms, p90 ${p90} ms, p99 ${p99} ms, max ${max} ms\n`
  );
}

const cluster = await LocalCluster.prepare(3, [{ name: "k", n: 3, w: 2, r: 2 }]);
try {
  await cluster.start(0, 1, 2);
  const ports = Array.from({ length: clients }, (_, index) => cluster.httpPorts[index % 3] ?? 0);
  const connections = await Promise.all(ports.map((port) => LeanConnection.open(port)));
  for (const kind of kinds) {
    let best: Round | null = null;
    for (let turn = 0; turn < rounds; turn += 1) {
      const round = await measure(connections, kind);
      if (best === null || round.perSecond > best.perSecond) best = round;
    }
    if (best !== null) process.stdout.write(line(kind.name, best));
  }
  for (const connection of connections) connection.close();
} finally {
  await cluster.close();
}
