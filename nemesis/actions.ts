import { unreachable } from "../harness/base/invariant.ts";
import type { FaultPlan, Link } from "../harness/contracts/scenario.ts";
import type { Action } from "../harness/contracts/target.ts";

interface BothHalves {
  readonly strike: readonly Action[];
  readonly mend: readonly Action[];
  readonly where: readonly string[];
}

/** A planned fault as what a target has to do to strike it, and to undo it again. */
export function actionsOf(fault: FaultPlan): BothHalves {
  switch (fault.kind) {
    case "cut":
      return onLinks(fault, { fault: fault.id, kind: "cut", links: fault.links, mode: fault.mode });
    case "latency": {
      const { links, addUs, jitterUs } = fault;
      return onLinks(fault, { fault: fault.id, kind: "delay", links, addUs, jitterUs });
    }
    case "loss":
      return onLinks(fault, { fault: fault.id, kind: "lose", links: fault.links, percent: fault.percent });
    case "duplicate":
      return onLinks(fault, {
        fault: fault.id,
        kind: "duplicate",
        links: fault.links,
        percent: fault.percent,
      });
    case "reorder": {
      const { links, percent, byUs } = fault;
      return onLinks(fault, { fault: fault.id, kind: "reorder", links, percent, byUs });
    }
    case "hold": {
      const { operation, links, leg, byUs } = fault;
      return onLinks(fault, { fault: fault.id, kind: "hold", operation, links, leg, byUs });
    }
    case "kill":
      return onNodes(fault, "kill", "start");
    case "power-loss":
      return onNodes(fault, "cut-power", "start");
    case "pause":
      return onNodes(fault, "pause", "resume");
    case "skew":
      return {
        strike: fault.nodes.map((node) => ({
          fault: fault.id,
          kind: "set-clock",
          node,
          offsetUs: fault.offsetUs,
        })),
        mend: fault.nodes.map((node) => ({ fault: fault.id, kind: "set-clock", node, offsetUs: 0 })),
        where: fault.nodes,
      };
    default:
      return unreachable(fault);
  }
}

function onLinks(
  fault: { readonly id: number; readonly links: readonly Link[] },
  strike: Action,
): BothHalves {
  return {
    strike: [strike],
    mend: [{ fault: fault.id, kind: "restore", links: fault.links }],
    where: fault.links.map(({ from, to }) => `${from}→${to}`),
  };
}

function onNodes(
  fault: { readonly id: number; readonly nodes: readonly string[] },
  strike: "kill" | "cut-power" | "pause",
  mend: "start" | "resume",
): BothHalves {
  return {
    strike: fault.nodes.map((node) => ({ fault: fault.id, kind: strike, node })),
    mend: fault.nodes.map((node) => ({ fault: fault.id, kind: mend, node })),
    where: fault.nodes,
  };
}
