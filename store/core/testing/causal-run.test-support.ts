import { mixHash } from "../hash.ts";
import type { ClientReply, ClientRequest } from "../request.ts";
import { FakeWorld } from "./fake-world.test-support.ts";

/** An operation of a causal run, and what came of it. */
export interface CausalOperation {
  readonly f: ClientRequest["f"];
  readonly value: string | null;
  /** The read whose context it carried. */
  readonly after: CausalOperation | null;
  readonly startUs: number;
  /** Infinity while nothing was answered. */
  endUs: number;
  outcome: "ok" | "failed" | "unknown";
  /** Of a get. */
  shown: readonly string[];
  context: string | null;
}

export interface CausalRun {
  readonly seed: number;
  readonly nodes: number;
  readonly settings: object;
  readonly defect: string | undefined;
  /**
   * What a client does, by chance. Deletes and removes carry the context of its last read, and wait for one;
   * puts mostly do.
   */
  readonly mix: readonly ClientRequest["f"][];
  /** The value of an operation, given its number. */
  textOf(f: ClientRequest["f"], number: number): string | null;
}

/** What everybody was shown at rest, one list of values for each node that was asked. */
export interface FinishedCausalRun {
  readonly operations: readonly CausalOperation[];
  readonly atRest: readonly (readonly string[])[];
}

const clients = 4;
const operationsPerClient = 8;

/** A few clients on one key while messages are late, lost and doubled and nodes lose their power; then rest. */
export function runCausally(plan: CausalRun): FinishedCausalRun {
  const run = new Run(plan);
  return { operations: run.operations, atRest: run.atRest() };
}

class Run {
  readonly operations: CausalOperation[] = [];
  readonly #plan: CausalRun;
  readonly #world: FakeWorld;
  readonly #ids: readonly string[];
  #draws = 0;

  constructor(plan: CausalRun) {
    this.#plan = plan;
    this.#ids = Array.from({ length: plan.nodes }, (_, place) => `n${place + 1}`);
    this.#world = new FakeWorld(this.#ids, [{ name: "k", ...plan.settings }], plan.defect);
    this.#world.syncUs = 50 + this.#below(2_500);
    this.#disturb();
    for (let client = 0; client < clients; client += 1) {
      this.#world.later(this.#below(2_000), () => this.#next(operationsPerClient, null));
    }
    this.#planPowerLoss();
    this.#world.run(400_000);
  }

  /** Nothing is lost any more, and everybody is asked for what all replicas know together. */
  atRest(): readonly (readonly string[])[] {
    this.#world.route = () => 1_000;
    this.#world.run(100_000);
    const replies = this.#ids.map((id) => this.#world.ask(id, { f: "get", r: 3 }));
    this.#world.run(100_000);
    return replies.map(([reply]) => {
      if (reply?.kind !== "ok") throw new Error(`no answer at rest: ${JSON.stringify(reply)}`);
      return reply.values;
    });
  }

  #below(bound: number): number {
    this.#draws += 1;
    return mixHash(mixHash(this.#plan.seed, 11), this.#draws) % bound;
  }

  #disturb(): void {
    const world = this.#world;
    world.route = (from, to, message) => {
      if (this.#below(12) === 0) return null;
      if (this.#below(12) === 0) world.later(this.#below(30_000), () => world.deliver(from, to, message));
      return (200 + this.#below(800)) * (this.#below(5) === 0 ? 15 : 1);
    };
  }

  #planPowerLoss(): void {
    for (let loss = this.#below(3); loss > 0; loss -= 1) {
      const struck = this.#below(3) === 0 ? this.#ids : [this.#ids[this.#below(this.#ids.length)] ?? ""];
      this.#world.later(2_000 + this.#below(40_000), () => {
        for (const id of struck) this.#world.cutPower(id);
        this.#world.later(500 + this.#below(3_000), () => {
          for (const id of struck) if (!this.#world.isUp(id)) this.#world.start(id);
        });
      });
    }
  }

  #next(left: number, lastRead: CausalOperation | null): void {
    if (left === 0) return;
    const id = this.#ids[this.#below(this.#ids.length)] ?? "";
    if (!this.#world.isUp(id)) {
      this.#world.later(1_000, () => this.#next(left, lastRead));
      return;
    }
    const operation = this.#ask(id, lastRead);
    const seen = (): CausalOperation | null => (operation.context === null ? lastRead : operation);
    const goOn = (): void => this.#next(left - 1, operation.f === "get" ? seen() : lastRead);
    // Nobody waits for a coordinator that is down: a client goes on after its own deadline.
    const watch = (patience: number): void => {
      const isOver = operation.endUs !== Number.POSITIVE_INFINITY || patience === 0;
      this.#world.later(isOver ? this.#below(1_500) : 100, isOver ? goOn : () => watch(patience - 1));
    };
    watch(300);
  }

  #ask(id: string, lastRead: CausalOperation | null): CausalOperation {
    const drawn = this.#plan.mix[this.#below(this.#plan.mix.length)] ?? "get";
    const isDelete = drawn === "delete" || drawn === "remove";
    const f = isDelete && lastRead === null ? "get" : drawn;
    const after = isDelete || (f === "put" && this.#below(4) > 0) ? lastRead : null;
    const value = this.#plan.textOf(f, this.operations.length);
    const operation: CausalOperation = {
      f,
      value,
      after,
      startUs: this.#world.nowUs,
      endUs: Number.POSITIVE_INFINITY,
      outcome: "unknown",
      shown: [],
      context: null,
    };
    this.operations.push(operation);
    const context = after?.context ?? null;
    const request = { f, value, timeoutUs: 25_000, ...(context === null ? {} : { context }) };
    this.#world.ask(id, request, (reply) => this.#hear(operation, reply));
    return operation;
  }

  #hear(operation: CausalOperation, reply: ClientReply): void {
    operation.endUs = this.#world.nowUs;
    if (reply.kind === "error") {
      operation.outcome = reply.indeterminate ? "unknown" : "failed";
      return;
    }
    operation.outcome = "ok";
    operation.shown = reply.values;
    operation.context = reply.context;
  }
}
