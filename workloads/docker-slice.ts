import type { Choice } from "../harness/base/choice.ts";
import type { FaultColumn, Setting } from "../harness/contracts/claim.ts";
import type {
  FaultKind,
  FaultPlan,
  KeyspaceSettings,
  OperationPlan,
  Scenario,
} from "../harness/contracts/scenario.ts";
import { linksBetween } from "../nemesis/network.ts";
import { nodeNames, site } from "./frame.ts";
import { setting } from "./settings.ts";

/**
 * One real cluster, four settings side by side under one schedule of faults. A key is used under one fault
 * only and is a register of its own, so each key's history is a trial of its row.
 */
export interface SliceCell {
  readonly claim: string;
  readonly setting: Setting;
  readonly keyspace: string;
  readonly fault: FaultColumn;
}

const eventual = setting(3, 1, 1);
const majority = setting(3, 2, 2);
const everyReplica = setting(3, 3, 3);
const abd = setting(3, 2, 2, { protocol: "abd" });

/** Which rows the slice speaks of. */
export const sliceCells: readonly SliceCell[] = [
  cell("Q4", eventual, "latency"),
  cell("Q3", majority, "latency"),
  cell("Q3", majority, "partition"),
  cell("Q3", majority, "crash"),
  cell("Q5", everyReplica, "latency"),
  cell("Q10", abd, "latency"),
  cell("Q10", abd, "partition"),
  cell("Q10", abd, "crash"),
  cell("Q10", abd, "clock skew"),
  cell("C3", majority, "clock skew"),
  cell("C3", everyReplica, "clock skew"),
];

function cell(claim: string, chosen: Setting, fault: FaultColumn): SliceCell {
  return { claim, setting: chosen, keyspace: keyspaceOf(chosen), fault };
}

function keyspaceOf(chosen: Setting): string {
  return chosen.label.replaceAll(/[ /]+/g, "-");
}

/** The fault under which a key of the slice is used: the first part of its name. */
export function faultOfKey(key: string): FaultColumn {
  return key.slice(0, key.indexOf("/")) as FaultColumn;
}

const kindOfColumn: { readonly [C in FaultColumn]?: FaultKind } = {
  latency: "latency",
  partition: "cut",
  crash: "kill",
  "clock skew": "skew",
};

/** The kind of the one fault that strikes in a column of the slice; undefined for columns that it does not try. */
export function sliceFaultKind(fault: FaultColumn): FaultKind | undefined {
  return kindOfColumn[fault];
}

/** Chosen, because a cell is unknown with fewer than 100 judged runs, and a few keys may stay unanswered. */
const keysPerCell = 110;

/** How many clients of a keyspace work at once; chosen so that two cores keep up. */
const clientsPerCell = 6;

/** When each fault is in force, in milliseconds of the strike phase; keys of a window start with it. */
const windows: readonly {
  readonly fault: FaultColumn;
  readonly fromMs: number;
  readonly toMs: number | null;
}[] = [
  { fault: "latency", fromMs: 0, toMs: 14_000 },
  { fault: "partition", fromMs: 16_000, toMs: 24_000 },
  { fault: "crash", fromMs: 26_000, toMs: 34_000 },
  { fault: "clock skew", fromMs: 37_000, toMs: null },
];

/** The windows that these cells need, moved up so that none stands empty. */
function windowsOf(cells: readonly SliceCell[]): typeof windows {
  let savedMs = 0;
  return windows.flatMap((window, index) => {
    if (cells.some(({ fault }) => fault === window.fault)) {
      const { fault, fromMs, toMs } = window;
      return [{ fault, fromMs: fromMs - savedMs, toMs: toMs === null ? null : toMs - savedMs }];
    }
    savedMs += (windows[index + 1]?.fromMs ?? window.fromMs) - window.fromMs;
    return [];
  });
}

/** Faults are proven before anything is asked under them: a probe of a cut or a clock takes up to 2 s. */
const proofMs = 2_500;

/**
 * Think time between operations that follow one another: at least three ticks of the containers'
 * millisecond clock, so that the later write always has the greater stamp where clocks are right.
 */
const thinkUs = 4_000;

/** Draws the slice, or the part of it that tries these rows: which nodes suffer, who writes where. */
export function dockerSlice(choice: Choice, claims: readonly string[]): Scenario {
  const nodes = nodeNames(3);
  const [first = "n1", second = "n2", third = "n3"] = choice.sample(nodes, 3);
  const counter = { next: 1 };
  const cells = sliceCells.filter(({ claim }) => claims.includes(claim));
  return {
    recount: "scenario",
    version: 1,
    seed: choice.below(0x7fff_ffff),
    nodes: nodes.map((id) => ({ id, dc: "dc1" })),
    sites: [{ id: site, dc: "dc1" }],
    keyspaces: sliceKeyspaces(),
    network: {
      latency: { kind: "constant", us: 300 },
      clientLatency: { kind: "constant", us: 300 },
      staggerUs: 0,
    },
    disk: { sync: { kind: "constant", us: 200 } },
    operations: cells.flatMap((chosen) => {
      const fromMs = windowsOf(cells).find(({ fault }) => fault === chosen.fault)?.fromMs ?? 0;
      return cellOperations(choice, { ...chosen, fromMs: fromMs + proofMs }, [first, second, third], counter);
    }),
    faults: sliceFaults([first, second, third], cells),
    restUs: 2_000_000,
    final: "every-node",
  };
}

function sliceKeyspaces(): KeyspaceSettings[] {
  return [eventual, majority, everyReplica, abd].map((chosen) => ({
    ...chosen.keyspace,
    name: keyspaceOf(chosen),
  }));
}

type Roles = readonly [first: string, second: string, third: string];

/** `third` is cut off and killed; messages out of `first` are slow; the clock of `second` is wrong. */
function sliceFaults([first, second, third]: Roles, cells: readonly SliceCell[]): FaultPlan[] {
  return windowsOf(cells).map(({ fault, fromMs, toMs }, index): FaultPlan => {
    const when = { id: index + 1, atUs: fromMs * 1_000, untilUs: toMs === null ? null : toMs * 1_000 };
    switch (fault) {
      case "latency": {
        const links = [
          { from: first, to: second },
          { from: first, to: third },
        ];
        return { ...when, kind: "latency", links, addUs: 40_000, jitterUs: 30_000 };
      }
      case "partition":
        return { ...when, kind: "cut", links: linksBetween([third], [first, second]), mode: "refuse" };
      case "crash":
        return { ...when, kind: "kill", nodes: [third] };
      default:
        return { ...when, kind: "skew", nodes: [second], offsetUs: 60_000_000 };
    }
  });
}

/**
 * On each key: a write through the node whose messages are slow (or whose clock is fast), a second write
 * through the other one once the first has ended, and a read while that is under way, then reads after it.
 */
function cellOperations(
  choice: Choice,
  { keyspace, fault, fromMs }: SliceCell & { readonly fromMs: number },
  [first, second, third]: Roles,
  counter: { next: number },
): OperationPlan[] {
  const firstWriter = fault === "clock skew" ? second : first;
  const reader = fault === "latency" || fault === "clock skew" ? third : second;
  return Array.from({ length: keysPerCell }, (_, index) => {
    const client = `${keyspace}/${fault}/${index % clientsPerCell}`;
    const base = { site, keyspace, key: `${fault}/${index}`, thinkUs, timeoutUs: 1_500_000 };
    const make = (
      who: string,
      plan: Pick<OperationPlan, "f" | "node"> & Partial<OperationPlan>,
    ): OperationPlan => {
      const id = counter.next;
      counter.next += 1;
      const value = plan.f === "write" ? { value: id } : {};
      return { ...base, id, client: who, session: who, atUs: fromMs * 1_000, ...value, ...plan };
    };
    const write = make(client, { f: "write", node: firstWriter });
    const secondWriter = firstWriter === first ? second : first;
    const again = make(client, { f: "write", node: choice.percent(80) ? secondWriter : firstWriter });
    const beside = make(`${client}-reader`, {
      f: "read",
      node: reader,
      after: [write.id],
      thinkUs: thinkUs + choice.below(20_000),
    });
    const after = make(client, { f: "read", node: reader });
    const last = make(client, { f: "read", node: choice.oneOf([first, second]) });
    return [write, again, beside, after, last];
  }).flat();
}
