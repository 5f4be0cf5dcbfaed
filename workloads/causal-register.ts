import type { Choice } from "../harness/base/choice.ts";
import type { OperationPlan } from "../harness/contracts/scenario.ts";
import { nodeNames } from "./frame.ts";
import type { RegisterLoad } from "./register.ts";
import { anyKey, placed } from "./register.ts";

/** What a client does next, given that it has read; `contextFrom` is that read. */
export type Deed = (choice: Choice, id: number, lastRead: number | null) => Partial<OperationPlan>;

/**
 * Clients side by side on a few keys, each of them reading now and then and acting on what it has read: what
 * all workloads with causal contexts share.
 */
export function sideBySide(choice: Choice, load: RegisterLoad, deed: Deed): OperationPlan[] {
  const starts = Array.from({ length: load.clients }, () => choice.below(load.gapUs + 1_000));
  const lastReads = new Map<string, number>();
  return Array.from({ length: load.operations }, (_, index) => {
    const id = index + 1;
    const client = `c${(index % load.clients) + 1}`;
    const key = anyKey(choice, load);
    const place = `${client}/${key}`;
    const isRead = choice.below(100) >= load.writePercent;
    const done = isRead ? {} : deed(choice, id, lastReads.get(place) ?? null);
    if (isRead) lastReads.set(place, id);
    const node = choice.oneOf(nodeNames(load.nodes));
    const turn = Math.floor(index / load.clients);
    const atUs = (starts[index % load.clients] ?? 0) + turn * load.gapUs + choice.below(300);
    return { f: "read", ...placed(load, { id, client, node, key, atUs }), ...done };
  });
}

/** Writes that replace what their client has read, blind writes, and deletes of what was read. Values are ids. */
export const siblingDeed: Deed = (choice, id, lastRead) => {
  const context = lastRead === null ? {} : { contextFrom: lastRead };
  const luck = choice.below(100);
  if (luck < 15 && lastRead !== null) return { f: "delete", ...context };
  return luck < 35 ? { f: "write", value: id } : { f: "write", value: id, ...context };
};

const items = ["milk", "eggs", "ham", "tea"];

/** Adds of a few items, and removes of what was read. */
export const setDeed: Deed = (choice, _id, lastRead) => {
  const value = choice.oneOf(items);
  if (lastRead !== null && choice.percent(40)) return { f: "remove", value, contextFrom: lastRead };
  return { f: "add", value };
};

/** The same with quantities. */
export const cartDeed: Deed = (choice, _id, lastRead) => {
  const item = choice.oneOf(items);
  if (lastRead !== null && choice.percent(40)) return { f: "remove", value: item, contextFrom: lastRead };
  return { f: "add", value: [item, choice.between(1, 3)] };
};

/** Increments up and down. */
export const counterDeed: Deed = (choice) => ({
  f: "increment",
  value: choice.percent(20) ? -choice.between(1, 5) : choice.between(1, 9),
});

/** Compare-and-set from what was read, and plain writes. Values are ids. */
export const casDeed: Deed = (choice, id, lastRead) => {
  if (lastRead === null || choice.percent(30)) return { f: "write", value: id };
  return { f: "cas", valueFrom: { op: lastRead, edit: { kind: "expect", next: id } } };
};
