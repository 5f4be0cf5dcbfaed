import type { Choice } from "../../harness/base/choice.ts";
import type { FaultColumn, Setting } from "../../harness/contracts/claim.ts";
import type { FaultBody, OperationPlan, Scenario } from "../../harness/contracts/scenario.ts";
import { linksBetween } from "../../nemesis/network.ts";
import { planned } from "../../nemesis/schedules.ts";
import { faultsOf, networkOf, roomOf } from "../fault-column.ts";
import { frame, nodeNames, quiet, site } from "../frame.ts";
import { concurrentRegister } from "../register.ts";
import { keyspaceName } from "../settings.ts";
import type { Mix } from "./cells.ts";

/** Directed families: scripts that reach in a few runs what noise reaches in thousands. */

type Step = Pick<OperationPlan, "f" | "node" | "atUs">;

/** A chain of operations, one after the other, each no earlier than its time. */
function chain(steps: readonly Step[], timeoutUs: number): OperationPlan[] {
  return steps.map((step, index) => ({
    id: index + 1,
    client: `at-${step.node}`,
    site,
    session: `at-${step.node}`,
    keyspace: keyspaceName,
    key: "x",
    timeoutUs,
    ...step,
    ...(step.f === "write" ? { value: index + 1 } : {}),
    ...(index === 0 ? {} : { after: [index] }),
  }));
}

/** How long a writer waits for a quorum that cannot be had. */
const hopelessUs = 8_000;

/**
 * A write, then one whose quorum cannot be met because one or two nodes cannot be reached from its
 * coordinator, then reads: does what was reported as failed show up?
 */
export function failedWrite(choice: Choice, setting: Setting): Scenario {
  const nodes = nodeNames(setting.nodes);
  const [coordinator = "n1", ...others] = choice.sample(nodes, nodes.length);
  const { w } = setting.keyspace as { readonly w?: number };
  const unreachable = others.slice(0, setting.nodes - (w ?? setting.nodes) + 1);
  const reads: Step[] = Array.from({ length: choice.between(3, 6) }, () => ({
    f: "read",
    node: choice.oneOf(nodes),
    atUs: 30_000,
  }));
  return frame(choice, setting, {
    operations: chain(
      [
        { f: "write", node: choice.oneOf(nodes), atUs: 0 },
        { f: "write", node: coordinator, atUs: 10_000 },
        { f: "read", node: choice.oneOf(nodes), atUs: 20_000 },
        ...reads,
      ],
      hopelessUs,
    ),
    faults: planned([
      [
        {
          kind: "cut",
          links: linksBetween([coordinator], unreachable),
          mode: choice.oneOf(["refuse", "black-hole"]),
        },
        { atUs: 8_000, untilUs: 28_000 },
      ],
    ]),
    network: quiet(),
    restUs: 0,
  });
}

/** Time between the end of the outage and the reads that look for what came back, in microseconds. */
const returnUs = 90_000;

/**
 * A write that reaches every replica, a delete while one node is away, a look, and the node comes back.
 * The textbook's zombie, with the node, the way it is away and the readers drawn at random.
 */
export function deleteWhileAway(choice: Choice, setting: Setting, column: FaultColumn): Scenario {
  const nodes = nodeNames(setting.nodes);
  const [away = "n3", ...others] = choice.sample(nodes, nodes.length);
  const fault = awayFault(choice, column, away, others);
  return frame(choice, setting, {
    operations: chain(
      [
        { f: "write", node: choice.oneOf(nodes), atUs: 0 },
        { f: "delete", node: choice.oneOf(others), atUs: 20_000 },
        { f: "read", node: choice.oneOf(others), atUs: 21_000 },
        ...Array.from(
          { length: choice.between(2, 5) },
          (): Step => ({ f: "read", node: choice.oneOf(nodes), atUs: returnUs }),
        ),
      ],
      hopelessUs,
    ),
    faults: planned([[fault, { atUs: 15_000, untilUs: 40_000 }]]),
    network: quiet(),
    restUs: returnUs,
    final: "every-node",
  });
}

function awayFault(choice: Choice, column: FaultColumn, away: string, others: readonly string[]): FaultBody {
  switch (column) {
    case "crash":
      return { kind: "kill", nodes: [away] };
    case "power loss":
      return { kind: "power-loss", nodes: [away] };
    case "pause":
      return { kind: "pause", nodes: [away] };
    default: {
      const mode = choice.oneOf(["refuse", "black-hole"] as const);
      return { kind: "cut", links: linksBetween([away], others), mode };
    }
  }
}

/** Deletes and writes side by side on two keys under faults, then rest: three anti-entropy periods and more. */
export function deletesUnderFaults(
  choice: Choice,
  setting: Setting,
  column: FaultColumn,
  mix: Mix,
): Scenario {
  if (column !== "mixed" && column !== "lossy links" && choice.percent(50)) {
    return deleteWhileAway(choice, setting, column);
  }
  const { antiEntropyMs } = setting.keyspace as { readonly antiEntropyMs?: number | null };
  return frame(choice, setting, {
    operations: concurrentRegister(choice, {
      nodes: setting.nodes,
      clients: choice.between(2, 4),
      operations: choice.between(16, 26),
      writePercent: 35,
      deletePercent: 20,
      keys: 2,
      gapUs: choice.oneOf([2_000, 6_000]),
      timeoutUs: 15_000,
    }),
    faults: faultsOf(choice, column, roomOf(setting, 40_000, mix)),
    network: (antiEntropyMs ?? null) === null ? networkOf(choice, column) : quiet(),
    restUs: returnUs,
    final: "every-node",
  });
}

/**
 * Writers on two keys under faults and jumping clocks, then rest. The network is even, so that two
 * anti-entropy periods after the mend are surely over when the replicas are compared. Some runs end
 * with two writes in one tick of the clock, which only the tie-break can order.
 */
export function convergence(choice: Choice, setting: Setting, column: FaultColumn, mix: Mix): Scenario {
  const operations = concurrentRegister(choice, {
    nodes: setting.nodes,
    clients: choice.between(3, 5),
    operations: choice.between(14, 24),
    writePercent: 70,
    deletePercent: 8,
    keys: 2,
    gapUs: choice.oneOf([1_000, 4_000]),
    timeoutUs: 15_000,
  });
  const inOneTick = choice.percent(40);
  const network = quiet();
  return frame(choice, setting, {
    operations: inOneTick ? [...operations, ...twoInOneTick(choice, setting, operations.length)] : operations,
    faults: faultsOf(choice, column, roomOf(setting, 40_000, mix)),
    network: inOneTick ? { ...network, clientLatency: { kind: "constant", us: 100 } } : network,
    restUs: returnUs,
    final: "none",
  });
}

/** Two writes that reach two coordinators in the same microsecond, after all others. */
function twoInOneTick(choice: Choice, setting: Setting, before: number): OperationPlan[] {
  return choice.sample(nodeNames(setting.nodes), 2).map((node, index) => ({
    id: before + 1 + index,
    client: `tick-${index + 1}`,
    site,
    session: `tick-${index + 1}`,
    node,
    keyspace: keyspaceName,
    key: "x1",
    f: "write",
    value: before + 1 + index,
    timeoutUs: hopelessUs,
    atUs: 70_000,
  }));
}
