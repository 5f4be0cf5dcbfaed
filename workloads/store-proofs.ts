import type { Choice } from "../harness/base/choice.ts";
import type { Setting } from "../harness/contracts/claim.ts";
import type { Scenario } from "../harness/contracts/scenario.ts";
import type { Deed } from "./causal-register.ts";
import { cartDeed, casDeed, counterDeed, setDeed, siblingDeed, sideBySide } from "./causal-register.ts";
import type { Mixable } from "./fault-column.ts";
import { everyFault, mixable, roomOf } from "./fault-column.ts";
import { frame, heavyTail, slowDisk } from "./frame.ts";
import { concurrentRegister } from "./register.ts";
import { keyspaceName } from "./settings.ts";

/** A mechanism of the store that must stay clean under every fault at once. */
export interface StoreProof {
  readonly name: string;
  /** Names of the checkers that judge it. */
  readonly checkers: readonly string[];
  readonly draw: (choice: Choice) => Scenario;
  /** Planted defects that its runs must find. */
  readonly defects: readonly string[];
}

/** How long the strike phase is meant to last, in microseconds. */
const spanUs = 60_000;
/** After the mend: several periods of anti-entropy, and more than any message is on its way. */
const restUs = 200_000;
const antiEntropyMs = 20;

/** Checkers of registers that promise everything. */
const strict = ["history-sanity", "linearizability", "regular", "lost-write", "deletes", "convergence"];
/** CASPaxos brings no replica up to date before the next ballot, so it doesn't promise that they converge. */
const consensus = ["history-sanity", "linearizability", "regular", "lost-write", "deletes"];
const causal = ["history-sanity", "siblings", "convergence"];
const sets = ["history-sanity", "observed-set", "convergence"];
const counters = ["history-sanity", "counter", "convergence"];
const regularRegister = ["history-sanity", "regular", "lost-write", "deletes", "convergence"];
/** A sloppy quorum promises what is there at rest, and nothing of reads before. */
const atRest = ["history-sanity", "lost-write", "convergence"];

/** How a proof's scenarios are drawn. */
interface Manner {
  /** Keyspace settings beside n, w and r. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What clients do; null: reads, writes and deletes of a plain register, without contexts. */
  readonly deed: Deed | null;
  /** Faults, one after the other: the fewer, the longer. */
  readonly faults: readonly Mixable[];
  /** Whether clocks are wrong all along; where clocks decide they must not be. */
  readonly isSkewed: boolean;
  readonly clients: readonly [number, number];
  readonly keys: number;
  readonly timeoutUs: number;
  /** Clusters are of one of these sizes. */
  readonly nodes: readonly number[];
  /** Replicas that acknowledge and that answer; null takes majorities. */
  readonly quorums: { readonly w: number; readonly r: number } | null;
}

const usual: Manner = {
  settings: { antiEntropyMs },
  deed: null,
  faults: mixable,
  isSkewed: true,
  clients: [3, 5],
  keys: 1,
  timeoutUs: 20_000,
  nodes: [3, 3, 5],
  quorums: null,
};

/** Longer than any message, pause or outage of a run keeps a write from its replicas. */
const refuseOlderMs = 150;
/** Of the order of a run's outages: shorter than theirs, so that stand-ins are really asked. */
const sloppy = { heartbeatMs: 2, suspectAfterMs: 8 };

/** Everything that `npm run prove:store` tries. */
export const storeProofs: readonly StoreProof[] = [
  proof("abd", strict, { ...usual, settings: { protocol: "abd", antiEntropyMs } }, [
    "write-acked-at-w-minus-1",
    "write-acked-by-one",
    "read-answered-at-r-minus-1",
    "read-answered-by-one",
    "late-answer-of-earlier-life",
    "timeout-answered-as-success",
    "timeout-answered-as-failure",
    "read-ignores-newest",
    "read-takes-first-answer",
    "read-skips-tombstones",
    "repair-writes-older",
    "blocking-answers-unacked",
    "write-back-to-one",
    "tombstone-dropped-on-repair",
    "tie-broken-by-arrival",
    "ack-before-sync",
    "shown-before-sync",
    "abd-without-write-back",
    "abd-sequence-reset",
    "abd-clock-version",
    "abd-version-from-one",
  ]),
  // Proposers that meet on a key outbid one another: with more of them hardly any operation would be answered.
  proof(
    "caspaxos",
    consensus,
    {
      ...usual,
      settings: { protocol: "caspaxos" },
      deed: casDeed,
      clients: [2, 3],
      keys: 2,
      timeoutUs: 60_000,
    },
    [
      "paxos-ballot-reused",
      "paxos-promise-not-synced",
      "paxos-promise-forgotten",
      "paxos-retries-after-accept",
      "paxos-read-after-prepare",
      "paxos-takes-first-promise",
      "paxos-accept-at-minority",
      "paxos-promise-of-minority",
      "cas-compares-before-quorum",
      "snapshot-before-sync",
      "log-truncated-too-early",
    ],
  ),
  proof(
    "siblings",
    causal,
    { ...usual, settings: { versions: "siblings", antiEntropyMs }, deed: siblingDeed },
    [
      "sibling-pruned",
      "dot-without-incarnation",
      "version-without-incarnation",
      "context-not-merged-on-delete",
      "older-write-overwrites",
      "exchange-one-way",
      "merkle-tree-empty-after-restart",
    ],
  ),
  proof(
    "siblings by node",
    causal,
    { ...usual, settings: { versions: "siblings", actor: "node", antiEntropyMs }, deed: siblingDeed },
    ["dot-sent-before-sync", "delete-without-tombstone"],
  ),
  proof("or-set", sets, { ...usual, settings: { versions: "or-set", antiEntropyMs }, deed: setDeed }, [
    "remove-drops-concurrent-add",
    "repair-overwrites",
  ]),
  proof("or-cart", sets, { ...usual, settings: { versions: "or-cart", antiEntropyMs }, deed: cartDeed }, [
    "remove-drops-concurrent-add",
    "recovery-keeps-first",
  ]),
  proof(
    "pn-counter",
    counters,
    { ...usual, settings: { versions: "pn-counter", antiEntropyMs }, deed: counterDeed },
    ["counter-incremented-on-retry", "counter-merged-by-sum"],
  ),
  proof(
    "hybrid clocks",
    ["history-sanity", "lost-write", "convergence"],
    {
      ...usual,
      settings: { versions: "hlc", antiEntropyMs },
      nodes: [3],
      quorums: { w: 3, r: 3 },
      timeoutUs: 60_000,
    },
    ["hybrid-clock-restarts-from-zero"],
  ),
  proof(
    "sloppy",
    atRest,
    {
      ...usual,
      settings: { sloppy, hints: { windowMs: 1_000 }, antiEntropyMs },
      isSkewed: false,
      nodes: [5],
    },
    ["tombstone-ignored-by-anti-entropy", "merkle-leaf-not-updated-on-delete"],
  ),
  proof(
    "handoff",
    ["history-sanity", "lost-write"],
    {
      ...usual,
      settings: { sloppy, hints: { windowMs: 1_000 } },
      // Long enough for writes to be kept elsewhere, and for the node that keeps them to lose its power.
      faults: ["partition", "power loss"],
      isSkewed: false,
      nodes: [5],
      // One acknowledgement: where its node loses the write, nobody else has it.
      quorums: { w: 1, r: 3 },
      // Few writes a key, so that none is explained away by a later one.
      keys: 8,
    },
    ["hint-delivered-as-overwrite", "hint-not-synced"],
  ),
  proof(
    "hints alone",
    atRest,
    {
      ...usual,
      settings: { hints: { windowMs: 1_000 }, read: "repair-async", antiEntropyMs },
      isSkewed: false,
    },
    ["stamp-reused-in-one-tick"],
  ),
  proof(
    "purge",
    regularRegister,
    {
      ...usual,
      settings: { deletes: { kind: "purge", refuseOlderMs }, antiEntropyMs },
      isSkewed: false,
    },
    ["recovery-forgets-tail", "recovery-starts-empty"],
  ),
];

function proof(
  name: string,
  checkers: readonly string[],
  manner: Manner,
  defects: readonly string[],
): StoreProof {
  return { name, checkers, draw: (choice) => drawScenario(choice, manner), defects };
}

function drawScenario(choice: Choice, manner: Manner): Scenario {
  const nodes = choice.oneOf(manner.nodes);
  const n = choice.percent(25) && nodes === 5 ? 5 : 3;
  const quorum = n === 5 ? 3 : 2;
  const setting: Setting = {
    label: "",
    group: "",
    claimed: "",
    nodes,
    keyspace: { name: keyspaceName, n, ...(manner.quorums ?? { w: quorum, r: quorum }), ...manner.settings },
  };
  const clients = choice.between(...manner.clients);
  const operations = choice.between(18, 30);
  const load = {
    nodes,
    clients,
    operations,
    writePercent: choice.between(30, 60),
    deletePercent: 5,
    keys: manner.keys,
    gapUs: Math.floor((spanUs * clients) / operations),
    timeoutUs: manner.timeoutUs,
    thinkUs: 1_500,
  };
  return frame(choice, setting, {
    operations:
      manner.deed === null ? concurrentRegister(choice, load) : sideBySide(choice, load, manner.deed),
    faults: everyFault(choice, roomOf(setting, spanUs), manner.faults, manner.isSkewed),
    network: heavyTail(choice),
    ...(choice.percent(50) ? { disk: slowDisk } : {}),
    restUs,
    final: "every-node",
  });
}
