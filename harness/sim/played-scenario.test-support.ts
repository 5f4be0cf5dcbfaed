import type { FaultPlan, OperationPlan, Scenario } from "../contracts/scenario.ts";
import type { Action } from "../contracts/target.ts";
import type { TraceEvent, TraceListener } from "../contracts/trace.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import { nsOfUs } from "../history/time.ts";
import { Interpreter } from "../run/interpreter.ts";
import { deaf, SimCluster } from "./sim-cluster.ts";
import type { DrawListener } from "./world.ts";

/** A scenario of three nodes, with whatever a test wants to be different. */
export function scenarioWith(changes: Partial<Scenario>): Scenario {
  return {
    recount: "scenario",
    version: 1,
    seed: 7,
    nodes: ["n1", "n2", "n3"].map((id) => ({ id, dc: "dc1" })),
    sites: [{ id: "s1", dc: "dc1" }],
    keyspaces: [{ name: "k", n: 3, w: 2, r: 2 }],
    network: {
      latency: { kind: "exponential", meanUs: 1_000 },
      clientLatency: { kind: "uniform", minUs: 50, maxUs: 150 },
    },
    disk: { sync: { kind: "uniform", minUs: 50, maxUs: 250 } },
    operations: [],
    faults: [] as readonly FaultPlan[],
    restUs: 0,
    final: "none",
    ...changes,
  };
}

/** A write of a value that no other operation writes. */
export function write(
  id: number,
  node: string,
  key: string,
  changes: Partial<OperationPlan> = {},
): OperationPlan {
  const base = { id, client: `c${id}`, site: "s1", session: `c${id}`, node, keyspace: "k", key } as const;
  return { ...base, f: "write", value: id, atUs: 0, ...changes };
}

/** A read, otherwise alike. */
export function read(
  id: number,
  node: string,
  key: string,
  changes: Partial<OperationPlan> = {},
): OperationPlan {
  const base = { id, client: `c${id}`, site: "s1", session: `c${id}`, node, keyspace: "k", key } as const;
  return { ...base, f: "read", atUs: 0, ...changes };
}

/** What a test may do and hear while a scenario is played. */
export interface Play {
  /** Actions by the time at which they are done, in microseconds. */
  readonly actions?: readonly { readonly atUs: number; readonly action: Action }[];
  /** When the cluster is closed, in microseconds. Default: a second. */
  readonly untilUs?: number;
  readonly trace?: TraceListener;
  readonly onDraw?: DrawListener;
}

/** What came of it. */
export interface Played {
  readonly digest: number;
  /** The history as lines of text. */
  readonly lines: readonly string[];
  readonly trace: readonly TraceEvent[];
  readonly proofs: readonly string[];
}

/** Plays a scenario's operations beside the given actions, and closes the cluster at a fixed time. */
export function play(
  scenario: Scenario,
  { actions = [], untilUs = 1_000_000, trace, onDraw }: Play = {},
): Played {
  const heard: TraceEvent[] = [];
  const listener: TraceListener = (event) => {
    heard.push(event);
    trace?.(event);
  };
  const cluster = new SimCluster(scenario, { ...deaf, trace: listener, onDraw: onDraw ?? null });
  const lines: string[] = [];
  const recorder = new HistoryRecorder(
    { seed: scenario.seed },
    { write: (line) => lines.push(JSON.stringify(line)) },
  );
  const proofs: string[] = [];
  for (const { atUs, action } of actions) {
    cluster.at(nsOfUs(atUs), () => {
      cluster.act(action, (result) =>
        proofs.push(result instanceof Error ? `${result.message}!` : result.says),
      );
    });
  }
  new Interpreter(cluster, recorder, scenario.operations).start(0, () => undefined);
  cluster.at(nsOfUs(untilUs), () => cluster.close(() => undefined));
  cluster.runUntilClosed();
  return { digest: cluster.digest, lines, trace: heard, proofs };
}
