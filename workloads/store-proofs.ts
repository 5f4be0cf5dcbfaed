import type { Choice } from "../harness/base/choice.ts";
import type { Setting } from "../harness/contracts/claim.ts";
import type { Scenario } from "../harness/contracts/scenario.ts";
import type { Deed } from "./causal-register.ts";
import { cartDeed, casDeed, counterDeed, setDeed, siblingDeed, sideBySide } from "./causal-register.ts";
import { everyFault, roomOf } from "./fault-column.ts";
import { frame, heavyTail, slowDisk } from "./frame.ts";
import { concurrentRegister } from "./register.ts";
import { keyspaceName } from "./settings.ts";

/** A mechanism of the store that must stay clean under every fault at once. */
export interface StoreProof {
  readonly name: string;
  /** Names of the checkers that judge it. */
  readonly checkers: readonly string[];
  readonly draw: (choice: Choice) => Scenario;
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

/** Everything that `npm run prove:store` tries. */
export const storeProofs: readonly StoreProof[] = [
  {
    name: "abd",
    checkers: strict,
    draw: (choice) => drawRegister(choice, { protocol: "abd", antiEntropyMs }, abdDeed),
  },
  {
    name: "caspaxos",
    checkers: consensus,
    draw: (choice) => drawRegister(choice, { protocol: "caspaxos" }, casDeed, duel),
  },
  {
    name: "siblings",
    checkers: causal,
    draw: (choice) => drawRegister(choice, { versions: "siblings", antiEntropyMs }, siblingDeed),
  },
  {
    name: "or-set",
    checkers: sets,
    draw: (choice) => drawRegister(choice, { versions: "or-set", antiEntropyMs }, setDeed),
  },
  {
    name: "or-cart",
    checkers: sets,
    draw: (choice) => drawRegister(choice, { versions: "or-cart", antiEntropyMs }, cartDeed),
  },
  {
    name: "pn-counter",
    checkers: counters,
    draw: (choice) => drawRegister(choice, { versions: "pn-counter", antiEntropyMs }, counterDeed),
  },
];

/** How hard clients press on one key. */
interface Pressure {
  readonly clients: readonly [number, number];
  readonly keys: number;
  readonly timeoutUs: number;
}

const usual: Pressure = { clients: [3, 5], keys: 1, timeoutUs: 20_000 };
/** Proposers that meet on a key outbid one another: with more of them hardly any operation would be answered. */
const duel: Pressure = { clients: [2, 3], keys: 2, timeoutUs: 60_000 };

/** Null: reads and writes of a plain register, without contexts. */
const abdDeed = null;

function drawRegister(
  choice: Choice,
  settings: Readonly<Record<string, unknown>>,
  deed: Deed | null,
  pressure: Pressure = usual,
): Scenario {
  const nodes = choice.oneOf([3, 3, 5]);
  const n = choice.percent(25) && nodes === 5 ? 5 : 3;
  const quorum = n === 5 ? 3 : 2;
  const setting: Setting = {
    label: "",
    group: "",
    claimed: "",
    nodes,
    keyspace: { name: keyspaceName, n, w: quorum, r: quorum, ...settings },
  };
  const clients = choice.between(...pressure.clients);
  const operations = choice.between(18, 30);
  const load = {
    nodes,
    clients,
    operations,
    writePercent: choice.between(30, 60),
    deletePercent: 5,
    keys: pressure.keys,
    gapUs: Math.floor((spanUs * clients) / operations),
    timeoutUs: pressure.timeoutUs,
    thinkUs: 1_500,
  };
  return frame(choice, setting, {
    operations: deed === null ? concurrentRegister(choice, load) : sideBySide(choice, load, deed),
    faults: everyFault(choice, roomOf(setting, spanUs)),
    network: heavyTail(choice),
    ...(choice.percent(50) ? { disk: slowDisk } : {}),
    restUs,
    final: "every-node",
  });
}
