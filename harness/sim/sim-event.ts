import type { Message } from "../../store/core/messages.ts";
import type { DiskTarget, TimerTarget } from "../../store/core/runtime.ts";
import type { ClientCall } from "./client-call.ts";
import { Scheduled } from "./scheduler.ts";

/** What can happen in the simulated world. */
export const EventKind = {
  /** A message reaches a node. */
  deliver: 1,
  /** A message that was held back by `staggerUs` leaves its node. */
  depart: 2,
  timer: 3,
  durable: 4,
  /** A client's request reaches a node. */
  request: 5,
  /** An answer, a refusal or a reset reaches a client. */
  answer: 6,
  /** A client has waited long enough. */
  expire: 7,
  /** The harness asked to be woken. The only closures of the simulator. */
  wake: 8,
} as const;
export type EventKindCode = (typeof EventKind)[keyof typeof EventKind];

/**
 * One shape for all kinds of events, with every field set in one order, so that the engine handles them
 * alike: different shapes would make each access several times slower (SIMULATOR.md's pitfalls).
 */
export class SimEvent extends Scheduled {
  readonly kind: EventKindCode;
  /** Index of the place that it happens at; −1 for the harness. */
  readonly place: number;
  /** Number of the node's life that it belongs to; 0 where any life will do. */
  readonly life: number;
  /** Where a message comes from, or where a departing one goes: index of a place. */
  readonly peer: number;
  readonly message: Message | null;
  readonly timer: TimerTarget | null;
  readonly disk: DiskTarget | null;
  readonly call: ClientCall | null;
  readonly wake: (() => void) | null;
  /** The store's tag of a timer or disk request. */
  readonly tag: number;
  /** Of a disk request: how many records it makes durable. */
  readonly records: number;
  readonly cause: number;
  readonly sentUs: number;

  constructor(
    kind: EventKindCode,
    place: number,
    life: number,
    peer: number,
    message: Message | null,
    timer: TimerTarget | null,
    disk: DiskTarget | null,
    call: ClientCall | null,
    wake: (() => void) | null,
    tag: number,
    records: number,
    cause: number,
    sentUs: number,
  ) {
    super();
    this.kind = kind;
    this.place = place;
    this.life = life;
    this.peer = peer;
    this.message = message;
    this.timer = timer;
    this.disk = disk;
    this.call = call;
    this.wake = wake;
    this.tag = tag;
    this.records = records;
    this.cause = cause;
    this.sentUs = sentUs;
  }
}

/** A message that arrives at `to`, whichever life is running there by then. */
export function deliverEvent(from: number, to: number, message: Message, sentUs: number): SimEvent {
  const { deliver } = EventKind;
  return new SimEvent(deliver, to, 0, from, message, null, null, null, null, 0, 0, message.cause, sentUs);
}

/** A message that leaves `from` for `to`, unless that life of the sender is over by then. */
export function departEvent(from: number, life: number, to: number, message: Message): SimEvent {
  return new SimEvent(
    EventKind.depart,
    from,
    life,
    to,
    message,
    null,
    null,
    null,
    null,
    0,
    0,
    message.cause,
    0,
  );
}

/** A timer of one life of a node. */
export function timerEvent(
  node: number,
  life: number,
  target: TimerTarget,
  tag: number,
  cause: number,
): SimEvent {
  return new SimEvent(EventKind.timer, node, life, -1, null, target, null, null, null, tag, 0, cause, 0);
}

/** The end of a disk request of one life of a node: the first `records` records are durable. */
export function durableEvent(
  node: number,
  life: number,
  target: DiskTarget,
  tag: number,
  records: number,
  cause: number,
): SimEvent {
  return new SimEvent(
    EventKind.durable,
    node,
    life,
    -1,
    null,
    null,
    target,
    null,
    null,
    tag,
    records,
    cause,
    0,
  );
}

/** A step of a client's call at a place: the request at the node, the rest at the client's site. */
export function callEvent(kind: EventKindCode, place: number, call: ClientCall): SimEvent {
  return new SimEvent(kind, place, 0, -1, null, null, null, call, null, 0, 0, call.invocation.op, 0);
}

/** A call back to the harness. */
export function wakeEvent(wake: () => void): SimEvent {
  return new SimEvent(EventKind.wake, -1, 0, -1, null, null, null, null, wake, 0, 0, 0, 0);
}
