import type { Choice } from "../harness/base/choice.ts";
import { unreachable } from "../harness/base/invariant.ts";
import type { FaultColumn, Setting } from "../harness/contracts/claim.ts";
import type { FaultBody, FaultKind, FaultPlan, NetworkPlan } from "../harness/contracts/scenario.ts";
import { skewSome } from "../nemesis/clock.ts";
import { anyPartition, lossyLinks, slowLinks } from "../nemesis/network.ts";
import { cutPower, killMinority, pauseMinority } from "../nemesis/process.ts";
import type { Window } from "../nemesis/schedules.ts";
import { flapping, planned, windowsInTurn, windowWithin } from "../nemesis/schedules.ts";
import { heavyTail, nodeNames, quiet } from "./frame.ts";
import { needsEveryReplica } from "./settings.ts";

/** Columns that `mixed` may draw from, besides clock skew. */
export const mixable = ["partition", "lossy links", "crash", "power loss", "pause"] as const;
export type Mixable = (typeof mixable)[number];

/** What a target must be able to do for a column. */
export function needsOf(column: FaultColumn): readonly FaultKind[] {
  switch (column) {
    case "none":
    case "latency":
      return [];
    case "partition":
      return ["cut"];
    case "lossy links":
      return ["loss", "duplicate", "reorder"];
    case "crash":
      return ["kill"];
    case "power loss":
      return ["power-loss"];
    case "pause":
      return ["pause"];
    case "clock skew":
      return ["skew"];
    case "mixed":
      return ["cut", "loss", "duplicate", "reorder", "kill", "power-loss", "pause"];
    default:
      return unreachable(column);
  }
}

/** The network of a column: quiet without faults, heavy-tailed under all of them. */
export function networkOf(choice: Choice, column: FaultColumn): NetworkPlan {
  return column === "none" ? quiet() : heavyTail(choice);
}

/** How wrong clocks are, in microseconds: far more than ten times the gap between operations. */
const skewUs = 400_000;

/** Where and when faults may strike. */
export interface FaultRoom {
  readonly nodes: readonly string[];
  readonly spanUs: number;
  /** The longest that a window lasts, in percent of the span. */
  readonly mostPercent: number;
  /** What `mixed` may draw from. */
  readonly mix: readonly (Mixable | "clock skew")[];
}

/**
 * A run of `spanUs` on this setting. Where one replica that is away stops everything, it is away for a
 * shorter time: a run with fewer than half of its operations answered would prove nothing.
 */
export function roomOf(setting: Setting, spanUs: number, mix: FaultRoom["mix"] = mixable): FaultRoom {
  return { nodes: nodeNames(setting.nodes), spanUs, mostPercent: needsEveryReplica(setting) ? 22 : 60, mix };
}

/** Draws the faults of a column. */
export function faultsOf(choice: Choice, column: FaultColumn, room: FaultRoom): FaultPlan[] {
  const { nodes, spanUs, mostPercent } = room;
  switch (column) {
    case "none":
      return [];
    case "latency":
      return choice.percent(30) ? planned([[slowLinks(choice, nodes), windowWithin(choice, spanUs)]]) : [];
    case "lossy links":
      return planned([
        [lossyLinks(choice, nodes), mostPercent < 50 ? windowWithin(choice, spanUs) : wholeRun],
        [lossyLinks(choice, nodes), windowWithin(choice, spanUs, mostPercent)],
      ]);
    case "clock skew":
      return planned([[skewSome(choice, nodes, skewUs), wholeRun]]);
    case "mixed":
      return mixedFaults(choice, room);
    default: {
      const longest = column === "power loss" ? Math.min(mostPercent, darkPercent) : mostPercent;
      // Where one replica that is away stops everything, once is enough: each outage costs each client an operation.
      const times = mostPercent < 50 ? 1 : choice.between(1, 2);
      const windows = windowsInTurn(choice, spanUs, times, longest);
      return planned(
        windows.flatMap((window) => {
          const fault = faultOf(choice, column, nodes);
          const flaps = mostPercent >= 50 && choice.percent(20) ? flapping(window, 3) : [window];
          return flaps.map((flap): readonly [FaultBody, Window] => [fault, flap]);
        }),
      );
    }
  }
}

/** Power comes back soon: while all nodes are dark every operation is refused, and that shows nothing. */
const darkPercent = 20;

const wholeRun: Window = { atUs: 0, untilUs: null };

/** Swarm: a random subset of the kinds, in turn, so that no node suffers two process faults at once. */
function mixedFaults(choice: Choice, room: FaultRoom): FaultPlan[] {
  return planned(inTurn(choice, choice.sample(room.mix, choice.between(1, 3)), room));
}

/** Each of the kinds once, one after the other in a random order, and clock skew all along where it is asked for. */
export function everyFault(
  choice: Choice,
  room: FaultRoom,
  kinds: readonly Mixable[],
  isSkewed: boolean,
): FaultPlan[] {
  const turns = inTurn(choice, choice.sample(kinds, kinds.length), room);
  return planned(isSkewed ? [[skewSome(choice, room.nodes, skewUs), wholeRun], ...turns] : turns);
}

/** A fault of each kind, one after the other; clocks are wrong all along. */
function inTurn(
  choice: Choice,
  kinds: FaultRoom["mix"],
  { nodes, spanUs, mostPercent }: FaultRoom,
): (readonly [FaultBody, Window])[] {
  const windows = windowsInTurn(choice, spanUs, kinds.length, mostPercent);
  return kinds.map((kind, index) =>
    kind === "clock skew"
      ? [skewSome(choice, nodes, skewUs), wholeRun]
      : [faultOf(choice, kind, nodes), windows[index] ?? wholeRun],
  );
}

function faultOf(choice: Choice, column: Mixable, nodes: readonly string[]): FaultBody {
  switch (column) {
    case "partition":
      return anyPartition(choice, nodes);
    case "lossy links":
      return lossyLinks(choice, nodes);
    case "crash":
      return killMinority(choice, nodes);
    case "power loss":
      return cutPower(choice, nodes);
    case "pause":
      return pauseMinority(choice, nodes);
    default:
      return unreachable(column);
  }
}
