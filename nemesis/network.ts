import type { Choice } from "../harness/base/choice.ts";
import type { FaultBody, Link } from "../harness/contracts/scenario.ts";

/** Every directed link between the two groups, both ways. */
export function linksBetween(left: readonly string[], right: readonly string[]): Link[] {
  return left.flatMap((a) =>
    right.flatMap((b) => [
      { from: a, to: b },
      { from: b, to: a },
    ]),
  );
}

/** Every directed link between two different nodes. */
export function allLinks(nodes: readonly string[]): Link[] {
  return nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => ({ from, to })));
}

/** How a partition divides the nodes; named as in Jepsen, where Jepsen has it. */
export const partitionShapes = ["one-node", "halves", "bridge", "one-way"] as const;
export type PartitionShape = (typeof partitionShapes)[number];

/** The links that such a partition cuts. */
export function partition(choice: Choice, nodes: readonly string[], shape: PartitionShape): Link[] {
  const shuffled = choice.sample(nodes, nodes.length);
  const [first = "", ...rest] = shuffled;
  switch (shape) {
    case "one-node":
      return linksBetween([first], rest);
    case "halves": {
      const half = Math.floor(shuffled.length / 2);
      return linksBetween(shuffled.slice(0, half), shuffled.slice(half));
    }
    case "bridge": {
      // One node sees both halves, which do not see each other: "reachable" is not transitive.
      const half = Math.ceil(rest.length / 2);
      return linksBetween(rest.slice(0, half), rest.slice(half));
    }
    case "one-way":
      return rest.map((to) => (choice.percent(50) ? { from: first, to } : { from: to, to: first }));
  }
}

/** A partition of any shape, refused or swallowed. */
export function anyPartition(choice: Choice, nodes: readonly string[]): FaultBody {
  const links = partition(choice, nodes, choice.oneOf(partitionShapes));
  return { kind: "cut", links, mode: choice.percent(50) ? "refuse" : "black-hole" };
}

/** Loss, duplication or reordering on some of the links between nodes. */
export function lossyLinks(choice: Choice, nodes: readonly string[]): FaultBody {
  const links = choice.sample(allLinks(nodes), choice.between(1, allLinks(nodes).length));
  const percent = choice.oneOf([10, 25, 50]);
  switch (choice.below(3)) {
    case 0:
      return { kind: "loss", links, percent: choice.oneOf([5, 10, 25]) };
    case 1:
      return { kind: "duplicate", links, percent };
    default:
      return { kind: "reorder", links, percent, byUs: choice.oneOf([2_000, 10_000, 30_000]) };
  }
}

/** Some links become slow: every message on them waits longer. */
export function slowLinks(choice: Choice, nodes: readonly string[]): FaultBody {
  const links = choice.sample(allLinks(nodes), choice.between(1, 3));
  return { kind: "latency", links, addUs: choice.oneOf([3_000, 10_000]), jitterUs: choice.oneOf([0, 5_000]) };
}
