import { mixHash } from "../hash.ts";
import type { ClientReply } from "../request.ts";
import { FakeWorld } from "./fake-world.test-support.ts";

/** A finished operation and the version that it wrote or read. */
export interface FinishedOperation {
  readonly f: "get" | "put" | "delete";
  readonly startUs: number;
  readonly endUs: number;
  readonly version: string | null;
}

export interface RandomRun {
  readonly seed: number;
  readonly nodes: number;
  readonly settings: object;
  readonly defect?: string;
  /** Largest offset of a node's wall clock, in microseconds. */
  readonly skewUs: number;
  readonly hasPowerLoss: boolean;
}

/** What was answered, and the world as it is afterwards, with all nodes up. */
export interface FinishedRun {
  readonly operations: readonly FinishedOperation[];
  readonly world: FakeWorld;
}

/** A few clients on one key while messages are late, lost and doubled and nodes lose their power. */
export function runAtRandom(plan: RandomRun): FinishedRun {
  let draws = 0;
  const below = (bound: number): number => {
    draws += 1;
    return mixHash(mixHash(plan.seed, 7), draws) % bound;
  };
  const ids = Array.from({ length: plan.nodes }, (_, place) => `n${place + 1}`);
  const world = new FakeWorld(ids, [{ name: "k", ...plan.settings }], plan.defect);
  world.syncUs = 50 + below(1_500);
  for (const id of ids) world.skewUs.set(id, below(plan.skewUs + 1));
  world.route = (from, to, message) => {
    if (below(40) === 0) return null;
    if (below(20) === 0) world.later(below(20_000), () => world.deliver(from, to, message));
    return (200 + below(800)) * (below(4) === 0 ? 15 : 1);
  };
  const finished: FinishedOperation[] = [];
  const client = (left: number): void => {
    if (left === 0) return;
    const id = ids[below(ids.length)] ?? "";
    const next = (): void => world.later(1 + below(800), () => client(left - 1));
    if (!world.isUp(id)) {
      next();
      return;
    }
    const dice = below(10);
    const f = dice < 7 ? "get" : dice < 9 ? "put" : "delete";
    const startUs = world.nowUs;
    const value = f === "put" ? `${startUs}` : null;
    const over = world.ask(id, { f, value, timeoutUs: 40_000 }, (reply: ClientReply) => {
      if (reply.kind === "ok") finished.push({ f, startUs, endUs: world.nowUs, version: reply.version });
    });
    // A client does not wait for a dead coordinator; it goes on when it has an answer or after the deadline.
    const watch = (patience: number): void =>
      world.later(100, () => (over.length > 0 || patience === 0 ? next() : watch(patience - 1)));
    watch(450);
  };
  for (let count = 0; count < 5; count += 1) world.later(below(1_000), () => client(5));
  if (plan.hasPowerLoss) {
    const cutAll = below(3) === 0;
    world.later(2_000 + below(20_000), () => {
      const struck = cutAll ? ids : [ids[below(ids.length)] ?? ""];
      for (const id of struck) world.cutPower(id);
      world.later(1_000 + below(3_000), () => {
        for (const id of struck) world.start(id);
      });
    });
  }
  world.run(400_000);
  return { operations: finished, world };
}

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

/** Orders versions by their text `@time node#incarnation.sequence`; null is before all. */
function compareTexts(a: string | null, b: string | null): number {
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
