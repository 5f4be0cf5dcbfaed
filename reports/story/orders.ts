import type { HistoryValue } from "../../harness/history/values.ts";
import { sameValue } from "../../harness/history/values.ts";
import { duration, listed, shown } from "../wording.ts";
import type { StoryOperation } from "./operations.ts";
import { leaves } from "./operations.ts";

/** An operation with the short name that orders are written in. */
export interface NamedOperation {
  readonly name: string;
  readonly operation: StoryOperation;
}

/** One order of the operations, and the rule that it breaks; `null` when it breaks none. */
export interface Order {
  readonly names: readonly string[];
  readonly fails: string | null;
  /** Whether each operation comes after all that had ended before it began. */
  readonly isRealTime: boolean;
}

/** Every order of a few operations, or of many the longest beginning that makes sense and why it ends. */
export type Orders =
  | { readonly kind: "all"; readonly named: readonly NamedOperation[]; readonly orders: readonly Order[] }
  | {
      readonly kind: "partial";
      readonly named: readonly NamedOperation[];
      readonly prefix: readonly string[];
      readonly stuck: readonly { readonly name: string; readonly because: string }[];
    };

/** Up to so many operations all orders are listed: five would have 120. */
const listable = 4;

/** Beyond this the search for a beginning could take long; more evidence than this is never printed anyway. */
const searchable = 12;

/** Orders of the evidence on one register, with the writes that its reads returned. */
export function ordersOf(evidence: readonly StoryOperation[], all: readonly StoryOperation[]): Orders | null {
  const [first] = evidence;
  if (first === undefined) return null;
  const subject = evidence.filter(({ key, keyspace }) => key === first.key && keyspace === first.keyspace);
  const named = nameAll(withSources(subject, all).filter(isCandidate));
  if (named.length === 0 || named.length > searchable) return null;
  if (named.length > listable) return partialOrder(named);
  const orders = subsetsOf(named)
    .flatMap(permutations)
    .map((order) => judge(order, named));
  return {
    kind: "all",
    named,
    orders: [...orders.filter(isAllowed), ...orders.filter((order) => !isAllowed(order))],
  };
}

function isAllowed({ isRealTime }: Order): boolean {
  return isRealTime;
}

/** Reads without an answer say nothing; updates that failed have no effect, by what the client was told. */
function isCandidate({ f, outcome }: StoryOperation): boolean {
  return f === "read" ? outcome === "ok" : outcome !== "fail";
}

function withSources(evidence: readonly StoryOperation[], all: readonly StoryOperation[]): StoryOperation[] {
  const sources = evidence.flatMap((read) =>
    read.f !== "read" || read.result === null
      ? []
      : all.filter((op) => op.key === read.key && isWriteOf(op, read.result)),
  );
  return [...new Set([...evidence, ...sources])].sort((a, b) => a.invokeIndex - b.invokeIndex);
}

function isWriteOf(operation: StoryOperation, value: HistoryValue): boolean {
  return (operation.f === "write" || operation.f === "cas") && sameValue(leaves(operation), value);
}

const letters: Readonly<Record<string, string>> = { read: "r", write: "w", delete: "d", cas: "c" };

/** Objects other than registers have functions of any name. */
function letterOf(f: string): string {
  return letters[f] ?? "o";
}

/** "w1" for the write of 1, "r" or "r1", "r2" for reads; "w1·2" where 1 was written a second time. */
export function nameAll(operations: readonly StoryOperation[]): NamedOperation[] {
  const numbered = new Map<string, number>();
  const next = (name: string): number => {
    const count = (numbered.get(name) ?? 0) + 1;
    numbered.set(name, count);
    return count;
  };
  return operations.map((operation) => {
    const letter = letterOf(operation.f);
    const count = next(letter);
    const value = shown(operation.argument, 12);
    if (operation.f === "write" && /^[A-Za-z0-9]{1,6}$/.test(value)) {
      const times = next(`w ${value}`);
      return { name: times === 1 ? `w${value}` : `w${value}·${times}`, operation };
    }
    const isOnly = operations.filter(({ f }) => letterOf(f) === letter).length === 1;
    return { name: isOnly ? letter : `${letter}${count}`, operation };
  });
}

/** All choices of updates with an unknown outcome: each may have taken effect or not. */
function subsetsOf(named: readonly NamedOperation[]): NamedOperation[][] {
  let subsets: NamedOperation[][] = [[]];
  for (const each of named) {
    const taken = subsets.map((subset) => [...subset, each]);
    subsets = each.operation.outcome === "ok" ? taken : [...taken, ...subsets];
  }
  return subsets.filter(({ length }) => length > 0);
}

function permutations(items: readonly NamedOperation[]): NamedOperation[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

function judge(order: readonly NamedOperation[], named: readonly NamedOperation[]): Order {
  const early = realTimeBreach(order);
  const wrong = registerBreach(order);
  const names = order.map(({ name }) => name);
  const without = named.filter((each) => !order.includes(each)).map(({ name }) => name);
  const left = without.length === 0 ? "" : ` (without ${listed(without)})`;
  if (early !== null) {
    return { names, isRealTime: false, fails: `${early}${wrong === null ? "" : `; ${wrong.would}`}${left}` };
  }
  return {
    names,
    isRealTime: true,
    fails: wrong === null ? null : `real time allows it, but ${wrong.must}${left}`,
  };
}

function realTimeBreach(order: readonly NamedOperation[]): string | null {
  for (let later = 0; later < order.length; later += 1) {
    for (let earlier = 0; earlier < later; earlier += 1) {
      const [a, b] = [order[earlier], order[later]];
      if (a === undefined || b === undefined || !isBefore(b.operation, a.operation)) continue;
      return `${b.name} had ended ${gapWords(b.operation, a.operation)}before ${a.name} began`;
    }
  }
  return null;
}

/** Whether the first operation had ended when the second began. By index: times may be equal. */
function isBefore(first: StoryOperation, second: StoryOperation): boolean {
  return first.outcome === "ok" && first.completeIndex < second.invokeIndex;
}

function gapWords(first: StoryOperation, second: StoryOperation): string {
  const gapUs = second.invokedUs - (first.completedUs ?? second.invokedUs);
  return gapUs > 0 ? `${duration(gapUs)} ` : "";
}

interface Breach {
  /** "r must return 2 and returned 1" */
  readonly must: string;
  /** "r would return 2" */
  readonly would: string;
}

function registerBreach(order: readonly NamedOperation[]): Breach | null {
  let value: HistoryValue = null;
  for (const each of order) {
    const breach = breachOf(each, value);
    if (breach !== null) return breach;
    if (each.operation.f !== "read") value = leaves(each.operation);
  }
  return null;
}

function breachOf({ name, operation }: NamedOperation, value: HistoryValue): Breach | null {
  if (operation.f === "read" && !sameValue(operation.result, value)) {
    return {
      must: `${name} must return ${shown(value)} and returned ${shown(operation.result)}`,
      would: `${name} would return ${shown(value)}`,
    };
  }
  if (operation.f === "cas" && !sameValue(operation.argument, value)) {
    const says = `${name} would find ${shown(value)}, not ${shown(operation.argument)}`;
    return { must: says, would: says };
  }
  return null;
}

interface Search {
  readonly named: readonly NamedOperation[];
  readonly seen: Set<string>;
  best: readonly NamedOperation[];
}

/** Depth first over sets of operations and the value left, each once; keeps the longest beginning. */
function partialOrder(named: readonly NamedOperation[]): Orders {
  const search: Search = { named, seen: new Set(), best: [] };
  extend(search, [], null);
  const prefix = search.best;
  const value = valueAfter(prefix);
  const rest = named.filter((each) => !prefix.includes(each));
  const stuck = rest.map((each) => ({ name: each.name, because: obstacle(each, rest, value) }));
  return { kind: "partial", named, prefix: prefix.map(({ name }) => name), stuck };
}

function valueAfter(order: readonly NamedOperation[]): HistoryValue {
  const last = order.findLast(({ operation }) => operation.f !== "read");
  return last === undefined ? null : leaves(last.operation);
}

function extend(search: Search, order: readonly NamedOperation[], value: HistoryValue): void {
  const name = `${order
    .map((each) => search.named.indexOf(each))
    .sort((a, b) => a - b)
    .join()}|${JSON.stringify(value)}`;
  if (search.seen.has(name)) return;
  search.seen.add(name);
  if (order.length > search.best.length) search.best = order;
  const rest = search.named.filter((each) => !order.includes(each));
  for (const each of rest) {
    if (blockerOf(each, rest) !== null || breachOf(each, value) !== null) continue;
    extend(search, [...order, each], each.operation.f === "read" ? value : leaves(each.operation));
  }
}

function blockerOf(each: NamedOperation, rest: readonly NamedOperation[]): NamedOperation | null {
  return rest.find((other) => other !== each && isBefore(other.operation, each.operation)) ?? null;
}

function obstacle(each: NamedOperation, rest: readonly NamedOperation[], value: HistoryValue): string {
  const blocker = blockerOf(each, rest);
  if (blocker !== null) return `${blocker.name} had ended before it began`;
  return breachOf(each, value)?.must ?? "it may still be under way";
}
