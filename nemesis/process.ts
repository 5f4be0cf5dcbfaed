import type { Choice } from "../harness/base/choice.ts";
import type { FaultBody } from "../harness/contracts/scenario.ts";

/** Kills fewer than half of the nodes; memory is gone, the disk is kept. */
export function killMinority(choice: Choice, nodes: readonly string[]): FaultBody {
  return { kind: "kill", nodes: minority(choice, nodes) };
}

/** Takes the power from any number of nodes, all at once too: only what was synced is left. */
export function cutPower(choice: Choice, nodes: readonly string[]): FaultBody {
  return { kind: "power-loss", nodes: choice.sample(nodes, choice.between(1, nodes.length)) };
}

/** Freezes fewer than half of the nodes, as a long garbage collection or a moved virtual machine would. */
export function pauseMinority(choice: Choice, nodes: readonly string[]): FaultBody {
  return { kind: "pause", nodes: minority(choice, nodes) };
}

function minority(choice: Choice, nodes: readonly string[]): string[] {
  return choice.sample(nodes, choice.between(1, Math.max(1, Math.ceil(nodes.length / 2) - 1)));
}
