import { unreachable } from "../../harness/base/invariant.ts";
import type { FaultPlan, Link } from "../../harness/contracts/scenario.ts";
import { duration, listed, offset } from "../wording.ts";
import type { StoryOperation } from "./operations.ts";

/** Who is cut off, delayed or lossy, read out of a list of directed links. */
interface Ends {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly bothWays: boolean;
}

/** The smaller side of a set of links, and the other; both ways when every link has its reverse. */
export function endsOf(links: readonly Link[]): Ends {
  const names = new Set(links.map(({ from, to }) => `${from}\n${to}`));
  const bothWays = links.every(({ from, to }) => names.has(`${to}\n${from}`));
  const from = [...new Set(links.map((link) => link.from))].sort();
  const to = [...new Set(links.map((link) => link.to))].sort();
  if (!bothWays) return { from, to, bothWays };
  const first = links[0]?.from ?? "";
  const across = (side: readonly string[], node: string): boolean =>
    side.every((other) => !names.has(`${other}\n${node}`));
  const side = [first, ...from.filter((node) => node !== first && across([first], node))];
  const other = from.filter((node) => !side.includes(node));
  return side.length <= other.length
    ? { from: side, to: other, bothWays }
    : { from: other, to: side, bothWays };
}

/** What a fault does when it strikes, as a clause: "n3 is cut off from n1 and n2". */
export function strikeWords(plan: FaultPlan, operations: readonly StoryOperation[]): string {
  switch (plan.kind) {
    case "cut":
      return cutWords(plan.links);
    case "latency":
      return `${linkWords(plan.links)} ${plan.links.length === 1 ? "slows" : "slow"} down by ${duration(plan.addUs)}${plan.jitterUs === 0 ? "" : ` ± ${duration(plan.jitterUs)}`}`;
    case "loss":
      return `${plan.percent}% of the messages on ${linkWords(plan.links)} are lost`;
    case "duplicate":
      return `${plan.percent}% of the messages on ${linkWords(plan.links)} arrive twice`;
    case "reorder":
      return `${plan.percent}% of the messages on ${linkWords(plan.links)} wait up to ${duration(plan.byUs)}`;
    case "hold":
      return `${legWords[plan.leg]} of ${nameOf(plan.operation, operations)} on ${linkWords(plan.links)} is held for ${duration(plan.byUs)}`;
    case "kill":
      return `${listed(plan.nodes)} ${are(plan.nodes)} killed`;
    case "power-loss":
      return `${listed(plan.nodes)} ${plan.nodes.length === 1 ? "loses" : "lose"} power, and with it what was not synced`;
    case "pause":
      return `${listed(plan.nodes)} ${plan.nodes.length === 1 ? "stops" : "stop"}`;
    case "skew":
      return `the ${clocks(plan.nodes)} of ${listed(plan.nodes)} ${plan.nodes.length === 1 ? "is" : "are"} ${skewWords(plan.offsetUs)}`;
    default:
      return unreachable(plan);
  }
}

/** What its end brings: "n3 is reachable again". */
export function mendWords(plan: FaultPlan): string {
  switch (plan.kind) {
    case "cut":
      return reachableWords(plan.links);
    case "kill":
    case "power-loss":
      return `${listed(plan.nodes)} ${plan.nodes.length === 1 ? "starts" : "start"} again`;
    case "pause":
      return `${listed(plan.nodes)} ${plan.nodes.length === 1 ? "goes" : "go"} on`;
    case "skew":
      return `the ${clocks(plan.nodes)} of ${listed(plan.nodes)} ${plan.nodes.length === 1 ? "is" : "are"} right again`;
    default:
      return `${linkWords(plan.links)} ${plan.links.length === 1 ? "is" : "are"} as before`;
  }
}

/** A short label for a band in the picture. */
export function bandWords(plan: FaultPlan): string {
  switch (plan.kind) {
    case "cut": {
      const { from, to, bothWays } = endsOf(plan.links);
      return bothWays ? `cut off from ${listed(to)}` : `${listed(from)} cannot reach ${listed(to)}`;
    }
    case "kill":
      return "down";
    case "power-loss":
      return "no power";
    case "pause":
      return "paused";
    case "skew":
      return `clock ${offset(plan.offsetUs)}`;
    case "hold":
      return `held ${duration(plan.byUs)}`;
    case "latency":
      return `+${duration(plan.addUs)}`;
    default:
      return `${plan.kind} ${plan.percent}%`;
  }
}

/** "60 s behind", "400 ms ahead". */
export function skewWords(offsetUs: number): string {
  return `${duration(Math.abs(offsetUs))} ${offsetUs < 0 ? "behind" : "ahead"}`;
}

function cutWords(links: readonly Link[]): string {
  const { from, to, bothWays } = endsOf(links);
  if (bothWays) return `${listed(from)} ${are(from)} cut off from ${listed(to)}`;
  return `nothing gets from ${listed(from)} to ${listed(to)}`;
}

function reachableWords(links: readonly Link[]): string {
  const { from, to, bothWays } = endsOf(links);
  if (bothWays) return `${listed(from)} ${are(from)} reachable again`;
  return `${listed(to)} ${to.length === 1 ? "hears" : "hear"} ${listed(from)} again`;
}

/** More links than this are called "all these links": a list of six says nothing. */
const fewLinks = 2;

function linkWords(links: readonly Link[]): string {
  if (links.length > fewLinks) return "the links";
  return listed(links.map(({ from, to }) => `${from}→${to}`));
}

const legWords = {
  writeRequest: "the write request",
  writeAck: "the acknowledgement",
  readRequest: "the read request",
  readAnswer: "the answer",
  background: "a background message",
} as const;

function nameOf(id: number, operations: readonly StoryOperation[]): string {
  const operation = operations.find((each) => each.id === id);
  return operation === undefined ? `operation ${id}` : `${operation.client}’s ${operation.call}`;
}

function are(items: readonly string[]): string {
  return items.length === 1 ? "is" : "are";
}

function clocks(nodes: readonly string[]): string {
  return nodes.length === 1 ? "clock" : "clocks";
}
