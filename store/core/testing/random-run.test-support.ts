import { mixHash } from "../hash.ts";
import type { ClientReply, ClientRequest } from "../request.ts";
import { FakeWorld } from "./fake-world.test-support.ts";

export type OperationName = "get" | "put" | "delete" | "cas";

/** Of ten operations seven reads, two puts and a delete. */
const mostlyReads: readonly OperationName[] = [
  ...Array.from({ length: 7 }, () => "get" as const),
  "put",
  "put",
  "delete",
];
/** Half of the operations compare, and a tenth deletes. */
export const mostlyCas: readonly OperationName[] = [
  "get",
  "get",
  "get",
  "get",
  "cas",
  "cas",
  "cas",
  "cas",
  "cas",
  "delete",
];

/** An operation that was answered with success, and the version that it wrote or read. */
export interface FinishedOperation {
  readonly f: OperationName;
  readonly startUs: number;
  readonly endUs: number;
  readonly version: string | null;
  /** What a get returned, or what a cas expected: null for nothing. */
  readonly found: string | null;
  /** What it wrote: null for nothing, as a get. */
  readonly wrote: string | null;
}

/** One that says which node coordinated it. */
export interface LocatedOperation extends FinishedOperation {
  readonly node: string;
}

export interface RandomRun {
  readonly seed: number;
  readonly nodes: number;
  readonly settings: object;
  readonly defect?: string;
  /** Largest offset of a node's wall clock, in microseconds. */
  readonly skewUs: number;
  readonly hasPowerLoss: boolean;
  /** What each operation is drawn from; mostly reads unless said. A cas expects what its client saw last. */
  readonly mix?: readonly OperationName[];
  /** The data centre of each node; one for all unless said. */
  readonly dcOf?: (id: string) => string;
  /** The consistency level of each kind of operation; w and r of the keyspace unless said. */
  readonly levelOf?: (f: OperationName) => string;
}

/** What was answered, and the world as it is afterwards, with all nodes up. */
export interface FinishedRun {
  readonly operations: readonly LocatedOperation[];
  /** Values of writes that may have taken effect. */
  readonly uncertain: ReadonlySet<string>;
  /** Operations that were asked for, and those of which the outcome is known. */
  readonly asked: number;
  readonly answered: number;
  readonly world: FakeWorld;
}

/** A few clients on one key while messages are late, lost and doubled and nodes lose their power. */
export function runAtRandom(plan: RandomRun): FinishedRun {
  const run = new Run(plan);
  run.world.run(400_000);
  return run;
}

class Run implements FinishedRun {
  readonly operations: LocatedOperation[] = [];
  readonly uncertain: Set<string> = new Set<string>();
  readonly world: FakeWorld;
  asked: number = 0;
  answered: number = 0;
  readonly #plan: RandomRun;
  readonly #ids: readonly string[];
  #draws = 0;

  constructor(plan: RandomRun) {
    const ids = Array.from({ length: plan.nodes }, (_, place) => `n${place + 1}`);
    this.#plan = plan;
    this.#ids = ids;
    this.world = new FakeWorld(ids, [{ name: "k", ...plan.settings }], plan.defect, plan.dcOf);
    this.#setUp();
    for (let count = 0; count < 5; count += 1) {
      const client = new Client(this);
      this.world.later(this.below(1_000), () => client.next(5));
    }
    if (plan.hasPowerLoss) this.#planPowerLoss();
  }

  get plan(): RandomRun {
    return this.#plan;
  }

  below(bound: number): number {
    this.#draws += 1;
    return mixHash(mixHash(this.#plan.seed, 7), this.#draws) % bound;
  }

  anyNode(): string {
    return this.#ids[this.below(this.#ids.length)] ?? "";
  }

  #setUp(): void {
    const { world } = this;
    world.syncUs = 50 + this.below(1_500);
    for (const id of this.#ids) world.skewUs.set(id, this.below(this.#plan.skewUs + 1));
    world.route = (from, to, message) => {
      if (this.below(40) === 0) return null;
      if (this.below(20) === 0) {
        world.later(this.below(20_000), () => world.deliver(from, to, message));
      }
      return (200 + this.below(800)) * (this.below(4) === 0 ? 15 : 1);
    };
  }

  #planPowerLoss(): void {
    const { world } = this;
    const cutAll = this.below(3) === 0;
    world.later(2_000 + this.below(20_000), () => {
      const struck = cutAll ? this.#ids : [this.anyNode()];
      for (const id of struck) world.cutPower(id);
      world.later(1_000 + this.below(3_000), () => {
        for (const id of struck) world.start(id);
      });
    });
  }
}

/** Asks one thing after the other, each time of another node. */
class Client {
  readonly #run: Run;
  /** What it has read or written last. */
  #known: string | null = null;

  constructor(run: Run) {
    this.#run = run;
  }

  next(left: number): void {
    const run = this.#run;
    if (left === 0) return;
    const id = run.anyNode();
    const goOn = (): void => run.world.later(1 + run.below(800), () => this.next(left - 1));
    if (run.world.isUp(id)) this.#ask(id, goOn);
    else goOn();
  }

  #ask(id: string, goOn: () => void): void {
    const run = this.#run;
    const { world } = run;
    const { levelOf, mix = mostlyReads } = run.plan;
    const f = mix[run.below(mix.length)] ?? "get";
    run.asked += 1;
    const value = f === "put" || f === "cas" ? `v${run.asked}` : null;
    const request: AskedRequest = {
      f,
      value,
      timeoutUs: 40_000,
      ...(f === "cas" ? { expected: this.#known } : {}),
      ...(levelOf === undefined ? {} : { consistency: levelOf(f) }),
    };
    const startUs = world.nowUs;
    if (value !== null) run.uncertain.add(value);
    const replies = world.ask(id, request, (reply) => this.#hear(id, request, startUs, reply));
    // A client does not wait for a dead coordinator; it goes on when it has an answer or after the deadline.
    const watch = (patience: number): void =>
      world.later(100, () => (replies.length > 0 || patience === 0 ? goOn() : watch(patience - 1)));
    watch(450);
  }

  #hear(node: string, { f, value, expected }: AskedRequest, startUs: number, reply: ClientReply): void {
    const run = this.#run;
    const isCertain = reply.kind === "ok" || !reply.indeterminate;
    if (isCertain) run.answered += 1;
    if (value !== null && isCertain) run.uncertain.delete(value);
    if (reply.kind !== "ok") return;
    const found = f === "get" ? (reply.values[0] ?? null) : (expected ?? null);
    this.#known = f === "get" ? found : value;
    const { version } = reply;
    run.operations.push({ f, node, startUs, endUs: run.world.nowUs, version, found, wrote: value });
  }
}

type AskedRequest = Pick<ClientRequest, "value" | "expected" | "consistency" | "timeoutUs"> & {
  readonly f: OperationName;
};

/**
 * The first pair of operations that shows that the register is not linearizable. Versions are unique and
 * ordered, so it is enough that they grow: after an operation has ended, no read returns less, and every
 * write gets more.
 */
export function orderViolation(operations: readonly FinishedOperation[]): string | null {
  for (const earlier of operations) {
    for (const later of operations) {
      if (earlier.endUs >= later.startUs) continue;
      const order = compareTexts(later.version, earlier.version);
      if (order > 0 || (order === 0 && later.f === "get")) continue;
      return `${later.f} of ${later.version} after ${earlier.f} of ${earlier.version}`;
    }
  }
  return null;
}

/** The first read that is older than a write that had ended before the read began. */
export function staleRead(operations: readonly FinishedOperation[]): string | null {
  const writes = operations.filter(({ f }) => f !== "get");
  for (const read of operations) {
    if (read.f !== "get") continue;
    const missed = writes.find(
      (write) => write.endUs < read.startUs && compareTexts(read.version, write.version) < 0,
    );
    if (missed !== undefined) return `get of ${read.version} after ${missed.f} of ${missed.version}`;
  }
  return null;
}

/**
 * The first operation that does not follow from those before it, in the order of their versions: it found a
 * value that was not the last one written. A write that was not answered may come in between, once.
 * Deletes that were not answered may too, at any time.
 */
export function chainViolation({
  operations,
  uncertain,
}: {
  readonly operations: readonly FinishedOperation[];
  readonly uncertain: ReadonlySet<string>;
}): string | null {
  const left = new Set(uncertain);
  const inOrder = [...operations].sort(byVersion);
  let current: string | null = null;
  for (const { f, found, version, wrote } of inOrder) {
    const isAsserting = f === "get" || f === "cas";
    if (isAsserting && found !== current && found !== null && !left.delete(found)) {
      return `${f} of ${version} found ${found}, not ${current}`;
    }
    if (f === "get") current = found;
    else current = wrote;
    if (wrote !== null) left.delete(wrote);
  }
  return null;
}

/** A write comes before the reads of what it wrote. */
function byVersion(a: FinishedOperation, b: FinishedOperation): number {
  return compareTexts(a.version, b.version) || (a.f === "get" ? 1 : 0) - (b.f === "get" ? 1 : 0);
}

/** Orders versions by their text `@time node#incarnation.sequence`; null is before all. */
export function compareTexts(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left.time !== right.time) return left.time - right.time;
  if (left.life !== right.life) return left.life < right.life ? -1 : 1;
  return left.sequence - right.sequence;
}

function partsOf(version: string): {
  readonly time: number;
  readonly life: string;
  readonly sequence: number;
} {
  const [, time, life, sequence] = /^@(\d+) (.*)\.(\d+)$/.exec(version) ?? [];
  return { time: Number(time), life: life ?? "", sequence: Number(sequence) };
}
