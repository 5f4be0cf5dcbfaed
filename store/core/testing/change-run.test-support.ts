import { mixHash } from "../hash.ts";
import type { ChangeResult } from "../membership/membership-leader.ts";
import type { MembershipState, NodeMember } from "../membership/membership-state.ts";
import type { ClientReply } from "../request.ts";
import { FakeWorld } from "./fake-world.test-support.ts";
import type { FinishedOperation } from "./random-run.test-support.ts";
import { compareTexts } from "./random-run.test-support.ts";

/** A change of membership while clients read and write. */
export interface ChangePlan {
  readonly seed: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly settings: object;
  readonly defect?: string;
  /** Largest offset of a node's wall clock, in microseconds. */
  readonly skewUs?: number;
  /** Who loses power once it has entered that phase; the first of those before the change leads it. */
  readonly crash?: {
    readonly node: string;
    readonly phase: MembershipState["phase"];
    readonly isTorn?: boolean;
  };
}

export interface FinishedChange {
  readonly world: FakeWorld;
  /** By key; of each, what was answered with success. */
  readonly operations: ReadonlyMap<string, readonly FinishedOperation[]>;
  readonly result: ChangeResult | null;
  readonly asked: number;
  readonly answered: number;
}

/** Chosen: with four keys at least one moves in nearly every change. */
const keys = ["a", "b", "c", "d"];
const clients = 6;
/** Chosen: several times what a change takes when no message of it is lost. */
const longestUs = 4_000_000;
/** How long clients go on after the change. */
const afterUs = 20_000;

/** Names the members by their ids. */
export function membersOf(ids: readonly string[]): readonly NodeMember[] {
  return ids.map((id) => ({ id, dc: "dc1" }));
}

/** Plays a change of membership under load, with messages late, lost and doubled; then reads everything at rest. */
export function changeAtRandom(plan: ChangePlan): FinishedChange {
  const run = new ChangeRun(plan);
  run.play();
  return run;
}

/**
 * The first read that returned less than a write that had ended before the read began: stale, or at rest a
 * lost write. Clocks are clean, so later writes have greater versions.
 */
export function staleRead(operations: FinishedChange["operations"]): string | null {
  for (const [key, ofKey] of operations) {
    const writes = ofKey.filter(({ f }) => f !== "get");
    for (const read of ofKey) {
      if (read.f !== "get") continue;
      const missed = writes.find(
        ({ endUs, version }) => endUs < read.startUs && compareTexts(version, read.version) > 0,
      );
      if (missed !== undefined)
        return `get of ${key} found ${read.version}, after ${missed.version} at ${missed.endUs}`;
    }
  }
  return null;
}

class ChangeRun implements FinishedChange {
  readonly world: FakeWorld;
  readonly operations: Map<string, FinishedOperation[]> = new Map(keys.map((key) => [key, []]));
  result: ChangeResult | null = null;
  asked: number = 0;
  answered: number = 0;
  readonly #plan: ChangePlan;
  readonly #all: readonly string[];
  #endsUs = longestUs;
  #hasCrashed = false;
  #draws = 0;

  constructor(plan: ChangePlan) {
    this.#plan = plan;
    this.#all = [...new Set([...plan.before, ...plan.after])];
    this.world = new FakeWorld(plan.before, [{ name: "k", ...plan.settings }], plan.defect);
    for (const id of this.#all) if (!plan.before.includes(id)) this.world.startJoining(id);
  }

  play(): void {
    const { world } = this;
    world.syncUs = 50 + this.#below(1_000);
    for (const id of this.#all) world.skewUs.set(id, this.#below((this.#plan.skewUs ?? 0) + 1));
    world.route = (from, to, message) => {
      if (this.#below(60) === 0) return null;
      if (this.#below(20) === 0) world.later(this.#below(20_000), () => world.deliver(from, to, message));
      return (200 + this.#below(800)) * (this.#below(4) === 0 ? 15 : 1);
    };
    for (let client = 0; client < clients; client += 1) this.#later(1_000, () => this.#goOn());
    this.#later(8_000, () => this.#change());
    if (this.#plan.crash !== undefined) this.#watch();
    while (world.nowUs < this.#endsUs) world.run(10_000);
    world.route = () => 500;
    world.run(300_000);
    this.#readAll();
  }

  #change(): void {
    const [leader = ""] = this.#plan.before;
    this.world.node(leader).changeMembership(membersOf(this.#plan.after), (result) => {
      this.result = result;
      this.#endsUs = Math.min(longestUs, this.world.nowUs + afterUs);
    });
  }

  /** Strikes the node once it is in the phase, and looks for the end of a change whose leader was struck. */
  #watch(): void {
    const { crash, before } = this.#plan;
    const { world } = this;
    if (crash === undefined) return;
    if (!this.#hasCrashed && world.node(crash.node).membership.phase === crash.phase) {
      const isBegun = crash.phase !== "steady" || world.node(crash.node).membership.epoch > 1;
      if (isBegun) this.#strike(crash.node, crash.isTorn ?? false);
    }
    const isOver = this.#hasCrashed && this.#all.every((id) => world.isUp(id) && this.#isThrough(id));
    if (isOver && this.#endsUs === longestUs && before.length > 0) this.#endsUs = world.nowUs + afterUs;
    world.later(200, () => this.#watch());
  }

  #isThrough(id: string): boolean {
    const { phase, epoch } = this.world.node(id).membership;
    return phase === "steady" && epoch > 1;
  }

  #strike(node: string, isTorn: boolean): void {
    this.#hasCrashed = true;
    this.world.cutPower(node, isTorn);
    this.#later(15_000, () => this.world.start(node));
  }

  /** One client's next operation; it ends when the run does. */
  #goOn(): void {
    const { world } = this;
    if (world.nowUs >= this.#endsUs) return;
    const id = this.#all[this.#below(this.#all.length)] ?? "";
    const next = (): void => this.#later(1_500, () => this.#goOn());
    if (!world.isUp(id)) {
      next();
      return;
    }
    const dice = this.#below(10);
    const f = dice < 6 ? "get" : dice < 9 ? "put" : "delete";
    const replies = this.#ask(id, keys[this.#below(keys.length)] ?? "", f, {});
    // A client does not wait for a dead coordinator; it goes on when it has an answer or after the deadline.
    const wait = (patience: number): void =>
      world.later(200, () => (replies.length > 0 || patience === 0 ? next() : wait(patience - 1)));
    wait(250);
  }

  #ask(id: string, key: string, f: "get" | "put" | "delete", more: object): readonly ClientReply[] {
    const { world } = this;
    this.asked += 1;
    const startUs = world.nowUs;
    const value = f === "put" ? `v${this.asked}` : null;
    return world.ask(id, { f, key, value, timeoutUs: 40_000, ...more }, (reply) => {
      if (reply.kind !== "ok") return;
      this.answered += 1;
      const found = f === "get" ? (reply.values[0] ?? null) : null;
      const { version } = reply;
      this.operations.get(key)?.push({ f, startUs, endUs: world.nowUs, version, found, wrote: value });
    });
  }

  /** Reads at rest: through every node, every key. */
  #readAll(): void {
    for (const id of this.#plan.after) {
      for (const key of keys) this.#ask(id, key, "get", {});
    }
    this.world.run(50_000);
  }

  #later(withinUs: number, run: () => void): void {
    this.world.later(1 + this.#below(withinUs), run);
  }

  #below(bound: number): number {
    this.#draws += 1;
    return mixHash(mixHash(this.#plan.seed, 11), this.#draws) % bound;
  }
}
