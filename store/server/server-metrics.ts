import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { MetricRow, MetricSources, Sample } from "./metric-table.ts";
import { batchHistogram, metricRows, requestHistogram, syncHistogram } from "./metric-table.ts";

/** Upper bounds in seconds. Chosen: from a request on loopback to the longest default deadline. */
const requestBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** Upper bounds in seconds. Chosen: from a disk with a cache of its own to one that is stuck. */
const syncBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
/** Upper bounds in records: powers of four, up to the most writes that may wait. */
const batchBuckets = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384];

/** The metrics of one server, in a registry of their own: a process may have several servers. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #read: () => Promise<MetricSources>;
  /** As they were when somebody asked last. */
  #sources: MetricSources | null = null;
  readonly #requests: Histogram;
  readonly #syncs: Histogram;
  readonly #batches: Histogram;

  constructor(read: () => Promise<MetricSources>) {
    this.#read = read;
    const registers = [this.#registry];
    for (const row of metricRows) register(row, this.#registry, () => this.#sources);
    const { name, help, labels } = requestHistogram;
    this.#requests = new Histogram({
      name,
      help,
      labelNames: [...labels],
      buckets: requestBuckets,
      registers,
    });
    this.#syncs = new Histogram({ ...namesOf(syncHistogram), buckets: syncBuckets, registers });
    this.#batches = new Histogram({ ...namesOf(batchHistogram), buckets: batchBuckets, registers });
  }

  /** A client was answered. */
  answered(f: string, outcome: string, durationMs: number): void {
    this.#requests.labels(f, outcome).observe(durationMs / 1_000);
  }

  /** The disk has synced a batch. */
  synced(durationMs: number, records: number): void {
    this.#syncs.observe(durationMs / 1_000);
    this.#batches.observe(records);
  }

  /** What Prometheus reads. */
  async text(): Promise<{ readonly type: string; readonly text: string }> {
    this.#sources = await this.#read();
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}

function namesOf({ name, help }: { readonly name: string; readonly help: string }): {
  readonly name: string;
  readonly help: string;
} {
  return { name, help };
}

function register(row: MetricRow, registry: Registry, sources: () => MetricSources | null): void {
  const { name, help, labels } = row;
  const plan = { name, help, labelNames: [...labels], registers: [registry] };
  const samples = (): readonly Sample[] => {
    const read = sources();
    return read === null ? [] : row.read(read);
  };
  if (row.type === "gauge") {
    new Gauge({
      collect(): void {
        this.reset();
        for (const sample of samples()) this.set({ ...sample.labels }, sample.value);
      },
      ...plan,
    });
    return;
  }
  new Counter({
    collect(): void {
      this.reset();
      for (const sample of samples()) this.inc({ ...sample.labels }, sample.value);
    },
    ...plan,
  });
}
