import type { NodeLink } from "../client/http-client.ts";
import type { Metrics } from "../core/metrics.ts";

/** What a keyspace holds on this node. */
export interface KeyspaceCounts {
  readonly name: string;
  readonly keys: number;
  readonly tombstones: number;
  readonly keysWithSiblings: number;
}

/** All that the table reads when Prometheus asks. */
export interface MetricSources {
  readonly counters: Metrics;
  readonly isReady: boolean;
  readonly isResynchronising: boolean;
  /** HTTP requests that were taken and not yet answered. */
  readonly openRequests: number;
  /** Requests and writes under way in the node's core. */
  readonly underWay: { readonly requests: number; readonly writes: number };
  readonly keyspaces: readonly KeyspaceCounts[];
  readonly links: readonly NodeLink[];
  readonly disk: { readonly isFull: boolean; readonly backlog: number; readonly bytes: number };
  readonly membershipEpoch: number;
  readonly wallClockUs: number;
  readonly residentBytes: number;
}

/** One value of a metric, with its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as it is registered and documented. */
export interface MetricRow {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly labels: readonly string[];
  readonly help: string;
  read(sources: MetricSources): readonly Sample[];
}

/** A metric that is told of events, in seconds. */
export interface HistogramRow {
  readonly name: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** What the core counts up. The rest of its numbers say how things are now. */
type Counted = Exclude<keyof Metrics, "hintsKept" | "oldestHintUs" | "suspectedPeers">;

/** A line for each counter of the core: one that is new there is missing here, and does not compile. */
const counted: { readonly [Name in Counted]: string } = {
  gets: "Reads that this node coordinated.",
  puts: "Puts that this node coordinated.",
  deletes: "Deletes that this node coordinated.",
  compareAndSets: "Compare-and-sets that this node coordinated.",
  casMismatches: "Compare-and-sets that found another value.",
  ballotRetries: "Rounds of consensus begun again because another request's ballot went first.",
  contentions: "Requests that failed because other requests' ballots went first.",
  refusedRequests: "Requests that were refused at once: wrong, or too many.",
  repeatedRequests: "Requests whose id was known: answered, not applied again.",
  quorumFailures: "Requests that failed because too few replicas could answer.",
  timeouts: "Requests that reached their deadline.",
  lateAnswers: "Answers of replicas to requests that had ended.",
  writesDropped: "Writes that a replica did not store, because it held a newer version.",
  readRepairs: "Stale replicas that reads wrote to.",
  diskFailures: "Writes and syncs that the disk refused.",
  snapshots: "Snapshots that took the place of the log before them.",
  overloadedWrites: "Writes that a replica refused because too many waited for its disk.",
  oldWritesRefused: "Writes refused because a tombstone for them may have been purged.",
  hintsWritten: "Hints that were stored for other nodes.",
  hintsDelivered: "Hints that their home has acknowledged.",
  hintsExpired: "Hints that were too old to be delivered.",
  hintsDropped: "Hints that were not kept: beyond the bounds or the window of the keyspace.",
  hintsRefused: "Hints of others that this node's disk could not take.",
  antiEntropyRounds: "Rounds of anti-entropy that this node began.",
  antiEntropyHashes: "Hashes of Merkle trees that were sent to peers.",
  antiEntropyKeysCompared: "Keys of which a peer's versions were compared with the own ones.",
  antiEntropyEntries: "Keys that anti-entropy sent to a peer that was behind.",
  tombstonesCollected: "Tombstones that were forgotten after their grace.",
  tombstonesPurged: "Tombstones that were forgotten because all owners had them.",
  staleEpochsRefused: "Requests refused because their sender was too far behind in a change of membership.",
  streamedKeysSent: "Keys sent to peers that are to own them, or that had lost them.",
  keysMovedAway: "Keys that were forgotten because others own them now.",
  resyncs: "Times that this node got back from its peers what it may have forgotten.",
};

const microsecondsPerSecond = 1_000_000;

function one(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}

function perKeyspace(sources: MetricSources, read: (counts: KeyspaceCounts) => number): readonly Sample[] {
  return sources.keyspaces.map((counts) => ({ labels: { keyspace: counts.name }, value: read(counts) }));
}

function perPeer(sources: MetricSources, read: (link: NodeLink) => number): readonly Sample[] {
  return sources.links.map((link) => ({ labels: { peer: link.peer }, value: read(link) }));
}

function gauge(
  name: string,
  help: string,
  read: (sources: MetricSources) => readonly Sample[],
  labels: readonly string[] = [],
): MetricRow {
  return { type: "gauge", name, labels, help, read };
}

/** `readRepairs` becomes `store_read_repairs_total`. */
function counterName(name: string): string {
  return `store_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_total`;
}

const counterRows = (Object.keys(counted) as Counted[]).map(
  (name): MetricRow => ({
    type: "counter",
    name: counterName(name),
    labels: [],
    help: counted[name],
    read: ({ counters }) => one(counters[name]),
  }),
);

/** Everything that is read when somebody asks. */
export const metricRows: readonly MetricRow[] = [
  gauge("store_ready", "1 while the node takes requests.", ({ isReady }) => one(Number(isReady))),
  gauge(
    "store_resynchronising",
    "1 while the node fetches from its peers what it may have lost.",
    (sources) => one(Number(sources.isResynchronising)),
  ),
  gauge("store_open_http_requests", "HTTP requests taken and not yet answered.", ({ openRequests }) =>
    one(openRequests),
  ),
  gauge("store_coordinated_requests", "Requests that this node coordinates now.", ({ underWay }) =>
    one(underWay.requests),
  ),
  gauge("store_pending_writes", "Writes of this node's replicas that wait for the disk.", ({ underWay }) =>
    one(underWay.writes),
  ),
  gauge("store_disk_backlog_bytes", "Bytes that wait to be written to the log.", ({ disk }) =>
    one(disk.backlog),
  ),
  gauge("store_disk_full", "1 while the disk has no room: writes are refused.", ({ disk }) =>
    one(Number(disk.isFull)),
  ),
  gauge("store_log_bytes", "Bytes of the log and its snapshots on the disk.", ({ disk }) => one(disk.bytes)),
  gauge("store_hints", "Hints that this node keeps for others.", ({ counters }) => one(counters.hintsKept)),
  gauge("store_oldest_hint_seconds", "Age of the oldest hint that is kept.", ({ counters, wallClockUs }) =>
    one(counters.oldestHintUs === 0 ? 0 : (wallClockUs - counters.oldestHintUs) / microsecondsPerSecond),
  ),
  gauge("store_suspected_peers", "Peers that this node takes to be away.", ({ counters }) =>
    one(counters.suspectedPeers),
  ),
  gauge("store_membership_epoch", "Counts the phases of changes of membership.", (sources) =>
    one(sources.membershipEpoch),
  ),
  gauge(
    "store_keys",
    "Keys that this node holds something of, tombstones too.",
    (sources) => perKeyspace(sources, ({ keys }) => keys),
    ["keyspace"],
  ),
  gauge(
    "store_tombstones",
    "Keys that this node remembers only as deleted.",
    (sources) => perKeyspace(sources, ({ tombstones }) => tombstones),
    ["keyspace"],
  ),
  gauge(
    "store_keys_with_siblings",
    "Keys of which this node holds several values.",
    (sources) => perKeyspace(sources, ({ keysWithSiblings }) => keysWithSiblings),
    ["keyspace"],
  ),
  gauge(
    "store_peer_up",
    "1 while the link to the peer is up.",
    (sources) => perPeer(sources, ({ isUp }) => Number(isUp)),
    ["peer"],
  ),
  gauge(
    "store_peer_queued_bytes",
    "Bytes that wait because the peer does not read as fast as it is sent to.",
    (sources) => perPeer(sources, ({ queuedBytes }) => queuedBytes),
    ["peer"],
  ),
  {
    type: "counter",
    name: "store_peer_sent_frames_total",
    help: "Frames sent to the peer.",
    read: (sources) => perPeer(sources, ({ sentFrames }) => sentFrames),
    labels: ["peer"],
  },
  {
    type: "counter",
    name: "store_peer_dropped_frames_total",
    help: "Messages not sent to the peer because the link was down or full.",
    read: (sources) => perPeer(sources, ({ droppedFrames }) => droppedFrames),
    labels: ["peer"],
  },
  gauge("process_resident_memory_bytes", "Memory of the process.", ({ residentBytes }) => one(residentBytes)),
  ...counterRows,
];

/** How long clients' requests took. */
export const requestHistogram: HistogramRow = {
  name: "store_request_duration_seconds",
  labels: ["f", "outcome"],
  help: "From a request's arrival to its answer, by function and by outcome: ok, or the error's name.",
};

/** How long the disk took. */
export const syncHistogram: HistogramRow = {
  name: "store_fsync_duration_seconds",
  labels: [],
  help: "Time of one sync of the log.",
};

/** How many records shared a sync. */
export const batchHistogram: HistogramRow = {
  name: "store_fsync_records",
  labels: [],
  help: "Records of the log that shared one sync.",
};

/** A line of the documentation. */
interface DocumentedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** All that a server tells, for the documentation and for whoever checks it. */
export const documentedMetrics: readonly DocumentedMetric[] = [
  ...metricRows,
  ...[requestHistogram, syncHistogram, batchHistogram].map((row) => ({ type: "histogram", ...row })),
];

/** The table as a page. */
export function metricsPage(): string {
  const rows = documentedMetrics.map(({ name, type, labels, help }) => {
    return `| \`${name}\` | ${type} | ${labels.join(", ")} | ${help} |`;
  });
  return [
    "# Metrics",
    "",
    "<!-- Written by `npm run docs` from store/server/metric-table.ts. -->",
    "",
    "What a node tells Prometheus at `/metrics`. Counters begin at 0 with each life of the process.",
    "",
    "| name | type | labels | meaning |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
