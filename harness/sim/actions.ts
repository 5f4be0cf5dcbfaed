import { OperatingError } from "../base/errors.ts";
import { unreachable } from "../base/invariant.ts";
import type { Link as PlannedLink } from "../contracts/scenario.ts";
import type { Action, Proof } from "../contracts/target.ts";
import { epochUs } from "./clock.ts";
import type { Link, LinkFault } from "./link.ts";
import type { Network } from "./network.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

/** What actions work on. */
export interface Surgery {
  readonly world: World;
  readonly network: Network;
  readonly nodes: readonly SimNode[];
}

/** Does one thing to the world, then looks whether it is so. */
export function carryOut(action: Action, surgery: Surgery): Proof | OperatingError {
  switch (action.kind) {
    case "cut":
      return onLinks(action.links, surgery, (link) => cut(link, action.fault, action.mode));
    case "restore":
      return onLinks(action.links, surgery, (link) => restore(link, action.fault));
    case "delay":
    case "lose":
    case "duplicate":
    case "reorder":
    case "hold":
      return onLinks(action.links, surgery, (link) => disturb(link, action));
    case "kill":
    case "cut-power":
    case "start":
    case "pause":
    case "resume":
    case "set-clock":
      return onNode(action, surgery);
    default:
      return unreachable(action);
  }
}

type LinkAction = Extract<Action, { kind: "delay" | "lose" | "duplicate" | "reorder" | "hold" }>;
type NodeAction = Extract<Action, { node: string }>;

/** Does something to each link and joins the proofs; the first that fails is the answer. */
function onLinks(
  links: readonly PlannedLink[],
  { network }: Surgery,
  act: (link: Link) => string | null,
): Proof | OperatingError {
  const says: string[] = [];
  for (const { from, to } of links) {
    const link = network.linkBetween(from, to);
    if (link instanceof OperatingError) return link;
    const saw = act(link);
    if (saw === null) return new OperatingError("fault-not-proven", `${from}→${to} is as it was`);
    says.push(`${from}→${to} ${saw}`);
  }
  return { says: says.join(", ") };
}

function cut(link: Link, fault: number, mode: "refuse" | "black-hole"): string | null {
  link.strike(fault, { cut: mode });
  // A probe that nothing draws for: it must not come through.
  const seen = link.cutMode();
  if (seen === null) return null;
  return seen === "refuse" ? "refuses a probe" : "swallows a probe";
}

function restore(link: Link, fault: number): string | null {
  link.restore(fault);
  const others = link.faults.map((other) => other.fault);
  if (others.includes(fault)) return null;
  if (others.length > 0) return `is rid of fault ${fault}; still on it: ${others.join(", ")}`;
  return "lets a probe through";
}

function disturb(link: Link, action: LinkAction): string | null {
  link.strike(action.fault, changeOf(action));
  const seen = link.faults.find(({ fault }) => fault === action.fault);
  return seen === undefined ? null : wordsFor(seen, action.kind);
}

function changeOf(action: LinkAction): Partial<LinkFault> {
  switch (action.kind) {
    case "delay":
      return { addUs: action.addUs, jitterUs: action.jitterUs };
    case "lose":
      return { losePercent: action.percent };
    case "duplicate":
      return { duplicatePercent: action.percent };
    case "reorder":
      return { reorderPercent: action.percent, reorderByUs: action.byUs };
    case "hold":
      return { hold: { operation: action.operation, leg: action.leg, byUs: action.byUs } };
    default:
      return unreachable(action);
  }
}

function wordsFor(seen: LinkFault, kind: LinkAction["kind"]): string | null {
  switch (kind) {
    case "delay":
      return seen.addUs + seen.jitterUs === 0
        ? null
        : `takes ${seen.addUs} to ${seen.addUs + seen.jitterUs} µs more`;
    case "lose":
      return seen.losePercent === 0 ? null : `loses ${seen.losePercent}%`;
    case "duplicate":
      return seen.duplicatePercent === 0 ? null : `doubles ${seen.duplicatePercent}%`;
    case "reorder":
      return seen.reorderPercent === 0
        ? null
        : `keeps ${seen.reorderPercent}% back by up to ${seen.reorderByUs} µs`;
    case "hold":
      if (seen.hold === null) return null;
      return `keeps the ${seen.hold.leg} of operation ${seen.hold.operation} back by ${seen.hold.byUs} µs`;
    default:
      return unreachable(kind);
  }
}

function onNode(action: NodeAction, surgery: Surgery): Proof | OperatingError {
  const node = surgery.nodes.find(({ id }) => id === action.node);
  if (node === undefined) return new OperatingError("bad-scenario", `there is no node ${action.node}`);
  switch (action.kind) {
    case "kill":
    case "cut-power":
      return end(node, action);
    case "start":
      return start(node, action.fault);
    case "pause":
      return pause(node, action.fault);
    case "resume":
      return resume(node, action.fault);
    case "set-clock":
      return setClock(node, action.fault, action.offsetUs, surgery.world.nowUs);
    default:
      return unreachable(action);
  }
}

function end(node: SimNode, action: NodeAction): Proof | OperatingError {
  let says = `${node.id} refuses connections`;
  if (action.kind === "kill") {
    node.kill(action.fault);
  } else {
    const { unsynced, lost, isTorn } = node.cutPower(action.fault);
    says += `; ${lost} of ${unsynced} unsynced records are gone${isTorn ? ", the first of them torn" : ""}`;
  }
  return node.store === null ? { says } : new OperatingError("fault-not-proven", `${node.id} still answers`);
}

function start(node: SimNode, fault: number): Proof | OperatingError {
  node.start(fault);
  if (node.store !== null) return { says: `${node.id} answers, life ${node.life}` };
  if (node.downBy.length > 0)
    return { says: `${node.id} is still held down by fault ${node.downBy.join(", ")}` };
  return new OperatingError("mend-failed", `${node.id} does not answer`);
}

function pause(node: SimNode, fault: number): Proof | OperatingError {
  if (node.store === null)
    return new OperatingError("fault-not-proven", `${node.id} is down: nothing to pause`);
  node.freeze(fault);
  return { says: `${node.id} takes connections and does not answer` };
}

function resume(node: SimNode, fault: number): Proof | OperatingError {
  node.thaw(fault);
  if (!node.isFrozen)
    return { says: `${node.id} ${node.store === null ? "is down, and not paused" : "answers"}` };
  return { says: `${node.id} is still paused by fault ${node.frozenBy.join(", ")}` };
}

function setClock(node: SimNode, fault: number, offsetUs: number, nowUs: number): Proof | OperatingError {
  node.setClock(fault, offsetUs);
  const aheadUs = node.clock.peek(nowUs) - epochUs - nowUs;
  if (aheadUs !== node.clock.offsetUs) {
    return new OperatingError("fault-not-proven", `the clock of ${node.id} is ${aheadUs} µs ahead`);
  }
  return { says: `the clock of ${node.id} is ${aheadUs} µs ahead` };
}
