import type { Choice } from "../harness/base/choice.ts";
import type { OperationPlan } from "../harness/contracts/scenario.ts";
import { nodeNames, site } from "./frame.ts";
import { keyspaceName } from "./settings.ts";

/** How busy a register is, and who uses it. */
export interface RegisterLoad {
  readonly nodes: number;
  readonly clients: number;
  readonly operations: number;
  readonly writePercent: number;
  /** Share of operations that delete; 0 for a plain register. */
  readonly deletePercent?: number;
  readonly keys?: number;
  /** Microseconds between the planned starts of a client's operations. */
  readonly gapUs: number;
  readonly timeoutUs: number;
  /** How long a client waits after an answer: without it, a node that refuses uses operations up in no time. */
  readonly thinkUs?: number;
}

/**
 * Clients that read and write the same keys side by side, each operation through a random node. Written
 * values are the operations' ids, so that every value tells which write it came from.
 */
export function concurrentRegister(choice: Choice, load: RegisterLoad): OperationPlan[] {
  const starts = Array.from({ length: load.clients }, () => choice.below(load.gapUs + 1_000));
  return Array.from({ length: load.operations }, (_, index) => {
    const client = index % load.clients;
    const turn = Math.floor(index / load.clients);
    const atUs = (starts[client] ?? 0) + turn * load.gapUs + choice.below(300);
    return operation(choice, load, { id: index + 1, client: `c${client + 1}`, atUs });
  });
}

/**
 * One operation at a time: each begins after the one before has ended, whoever does it. Clients hop from
 * node to node, so that every operation may meet another coordinator.
 */
export function sequentialRegister(choice: Choice, load: RegisterLoad): OperationPlan[] {
  return Array.from({ length: load.operations }, (_, index) => {
    const client = `c${1 + choice.below(load.clients)}`;
    const plan = operation(choice, load, { id: index + 1, client, atUs: index * load.gapUs });
    return index === 0 ? plan : { ...plan, after: [index] };
  });
}

/** One of the load's keys. */
export function anyKey(choice: Choice, { keys = 1 }: RegisterLoad): string {
  return keys === 1 ? "x" : `x${1 + choice.below(keys)}`;
}

/** Who does an operation of a load, when, where and on what; not what it does. */
export function placed(
  { timeoutUs, thinkUs }: RegisterLoad,
  { client, ...place }: Pick<OperationPlan, "id" | "client" | "node" | "key" | "atUs">,
): Omit<OperationPlan, "f"> {
  return {
    client,
    site,
    session: client,
    keyspace: keyspaceName,
    timeoutUs,
    ...(thinkUs === undefined ? {} : { thinkUs }),
    ...place,
  };
}

function operation(
  choice: Choice,
  load: RegisterLoad,
  { id, client, atUs }: { readonly id: number; readonly client: string; readonly atUs: number },
): OperationPlan {
  const node = choice.oneOf(nodeNames(load.nodes));
  const base = placed(load, { id, client, node, key: anyKey(choice, load), atUs });
  // The spread stands last: V8 in Node 20 gives each object its own hidden class where it stands first.
  const luck = choice.below(100);
  if (luck < load.writePercent) return { f: "write", value: id, ...base };
  if (luck < load.writePercent + (load.deletePercent ?? 0)) return { f: "delete", ...base };
  return { f: "read", ...base };
}
