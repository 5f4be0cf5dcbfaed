import type { Choice } from "../../harness/base/choice.ts";
import type { FaultColumn, Setting } from "../../harness/contracts/claim.ts";
import type { Scenario } from "../../harness/contracts/scenario.ts";
import { planned } from "../../nemesis/schedules.ts";
import { faultsOf, networkOf, roomOf } from "../fault-column.ts";
import { frame, nodeNames, quiet, slowDisk } from "../frame.ts";
import { concurrentRegister, sequentialRegister } from "../register.ts";
import { needsEveryReplica } from "../settings.ts";
import type { Mix } from "./cells.ts";

/** How long the strike phase of a run with faults is meant to last, in microseconds. */
const spanUs = 40_000;

/**
 * Clients give up well before a fault window ends, so that most operations are still answered; they wait
 * longer where every replica has to answer, since the slowest message of each operation then counts.
 */
function faultTimeoutUs(setting: Setting): number {
  return needsEveryReplica(setting) ? 60_000 : 20_000;
}

/** Nothing is missing but messages: clients wait as long as it takes. */
const latencyTimeoutUs = 400_000;

/** After the mend: longer than any message of the heavy tail is on its way. */
const settleUs = 100_000;

/**
 * Readers and a few writers side by side on one key: think time far below the latency, 12 to 25% writes.
 * These figures found a read inversion in 5 to 9% of runs of a small independent model.
 */
export function concurrent(choice: Choice, setting: Setting, column: FaultColumn, mix: Mix): Scenario {
  const calm = column === "none" || column === "latency";
  const clients = choice.between(4, 6);
  const patient = needsEveryReplica(setting) ? 8 : 0;
  const operations = calm ? choice.between(16, 26) : choice.between(20, 32) + patient;
  // Under faults, operations are spread over the whole run: some before, some beside, some after each fault.
  const spreadUs = Math.floor((spanUs * clients) / operations);
  return frame(choice, setting, {
    operations: concurrentRegister(choice, {
      nodes: setting.nodes,
      clients,
      operations,
      writePercent: choice.between(12, 25),
      gapUs: calm ? choice.oneOf([0, 0, 300, 1_000]) : choice.oneOf([Math.floor(spreadUs / 2), spreadUs]),
      timeoutUs: calm ? latencyTimeoutUs : faultTimeoutUs(setting),
      ...(column === "power loss" || column === "crash" || column === "mixed" ? { thinkUs: 2_500 } : {}),
    }),
    faults: faultsOf(choice, column, roomOf(setting, spanUs, mix)),
    network: networkOf(choice, column),
    ...(column === "power loss" ? { disk: slowDisk } : {}),
    restUs: calm ? 0 : settleUs,
    final: calm ? "none" : "every-node",
  });
}

/** One operation at a time, hopping between nodes: nothing is concurrent unless an outcome is unknown. */
export function sequential(choice: Choice, setting: Setting, column: FaultColumn, mix: Mix): Scenario {
  const operations = choice.between(8, 14);
  const stepUs = 6_000;
  return frame(choice, setting, {
    operations: sequentialRegister(choice, {
      nodes: setting.nodes,
      clients: 3,
      operations,
      writePercent: choice.between(35, 60),
      gapUs: 0,
      timeoutUs: faultTimeoutUs(setting),
    }),
    faults: faultsOf(choice, column, roomOf(setting, operations * stepUs, mix)),
    network: networkOf(choice, column),
    restUs: settleUs,
    final: "every-node",
  });
}

/** Sequential writers, one per node, and some clocks a minute wrong: the textbook's example, at random. */
export function minuteOfSkew(choice: Choice, setting: Setting): Scenario {
  const nodes = nodeNames(setting.nodes);
  const wrong = choice.sample(nodes, choice.between(1, nodes.length - 1));
  const offsetUs = choice.percent(50) ? 60_000_000 : -60_000_000;
  const operations = sequentialRegister(choice, {
    nodes: setting.nodes,
    clients: 3,
    operations: choice.between(6, 12),
    writePercent: 55,
    gapUs: 0,
    timeoutUs: faultTimeoutUs(setting),
  });
  return frame(choice, setting, {
    // One writer per node: the client's name follows the node.
    operations: operations.map((plan) => ({
      ...plan,
      client: `at-${plan.node}`,
      session: `at-${plan.node}`,
    })),
    faults: planned([
      [
        { kind: "skew", nodes: wrong, offsetUs },
        { atUs: 0, untilUs: null },
      ],
    ]),
    network: quiet(),
    restUs: settleUs,
    final: "every-node",
  });
}
