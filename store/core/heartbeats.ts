import { BackgroundTask, causeOf, taskSeed } from "./background-cause.ts";
import type { FailureDetector, ReturnListener } from "./failure-detector.ts";
import { backgroundMessage, MessageKind } from "./messages.ts";
import type { NodeContext } from "./node-context.ts";
import { broadcast } from "./node-context.ts";
import type { Keyspace, SloppyPolicy } from "./options/keyspace.ts";
import type { TimerTarget } from "./runtime.ts";

/** For keyspaces that have hints and no sloppy quorum. Chosen: the defaults of `sloppy`. */
const periodsOfHints: SloppyPolicy = { heartbeatMs: 200, suspectAfterMs: 1_000 };

/** The shortest periods that any keyspace asks for; null where none needs to know who is there. */
export function heartbeatPeriods(keyspaces: readonly Keyspace[]): SloppyPolicy | null {
  const all = keyspaces.flatMap(({ sloppy, hints }) => sloppy ?? (hints === null ? [] : periodsOfHints));
  if (all.length === 0) return null;
  return {
    heartbeatMs: Math.min(...all.map(({ heartbeatMs }) => heartbeatMs)),
    suspectAfterMs: Math.min(...all.map(({ suspectAfterMs }) => suspectAfterMs)),
  };
}

/** Tells every other member that this node is there, and suspects those that have been silent for too long. */
export class Heartbeats implements FailureDetector, TimerTarget {
  readonly #context: NodeContext;
  readonly #everyUs: number;
  readonly #suspectAfterUs: number;
  readonly #causeSeed: number;
  readonly #listener: ReturnListener | null;
  /** By peer, on the monotonic clock. Those of whom nothing is known yet were heard when they became known. */
  readonly #heardUs = new Map<string, number>();
  #period = 0;

  constructor(
    context: NodeContext,
    { heartbeatMs, suspectAfterMs }: SloppyPolicy,
    listener: ReturnListener | null,
  ) {
    this.#context = context;
    this.#everyUs = heartbeatMs * 1_000;
    this.#suspectAfterUs = suspectAfterMs * 1_000;
    this.#causeSeed = taskSeed(context, BackgroundTask.heartbeat, "");
    this.#listener = listener;
    this.#knowMembers();
  }

  /** Waits for the next period. */
  schedule(): void {
    this.#period += 1;
    this.#context.runtime.after(this.#everyUs, this, 0, causeOf(this.#causeSeed, this.#period));
  }

  onTimer(): void {
    const { membership, metrics, runtime } = this.#context;
    this.#knowMembers();
    metrics.suspectedPeers = this.#countSuspected();
    const cause = causeOf(this.#causeSeed, this.#period);
    const { incarnation } = runtime;
    broadcast(
      this.#context,
      backgroundMessage(MessageKind.heartbeat, cause, 0, incarnation, "", membership.epoch, [], [], null),
    );
    this.schedule();
  }

  /** Any message is a sign of life. */
  heard(from: string): void {
    const nowUs = this.#context.runtime.monotonicUs();
    const before = this.#heardUs.get(from);
    if (before === undefined) return;
    this.#heardUs.set(from, nowUs);
    if (nowUs - before <= this.#suspectAfterUs) return;
    this.#context.metrics.suspectedPeers = this.#countSuspected();
    this.#listener?.onReturned(from);
  }

  isSuspected(node: string): boolean {
    return this.#silentForUs(node) > this.#suspectAfterUs;
  }

  awayForUs(node: string): number {
    const silentUs = this.#silentForUs(node);
    return silentUs > this.#suspectAfterUs ? silentUs : 0;
  }

  #silentForUs(node: string): number {
    const heardUs = this.#heardUs.get(node);
    return heardUs === undefined ? 0 : this.#context.runtime.monotonicUs() - heardUs;
  }

  #countSuspected(): number {
    let count = 0;
    for (const node of this.#heardUs.keys()) if (this.isSuspected(node)) count += 1;
    return count;
  }

  /** Members come and go. */
  #knowMembers(): void {
    const { id, membership, runtime } = this.#context;
    const nowUs = runtime.monotonicUs();
    const peers = new Set(membership.members.map((member) => member.id));
    peers.delete(id);
    for (const known of [...this.#heardUs.keys()]) if (!peers.has(known)) this.#heardUs.delete(known);
    for (const peer of peers) if (!this.#heardUs.has(peer)) this.#heardUs.set(peer, nowUs);
  }
}
