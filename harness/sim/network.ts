import type { Message } from "../../store/core/messages.ts";
import { carried, legOf, messageNames } from "../../store/core/messages.ts";
import { Purpose } from "../base/draw.ts";
import { OperatingError } from "../base/errors.ts";
import { InvariantViolation, present } from "../base/invariant.ts";
import type { Leg, NetworkPlan } from "../contracts/scenario.ts";
import type { TraceEvent } from "../contracts/trace.ts";
import type { Latency } from "./latency.ts";
import { latencyOf } from "./latency.ts";
import { Link, lost } from "./link.ts";
import type { SimEvent } from "./sim-event.ts";
import { deliverEvent } from "./sim-event.ts";
import type { World } from "./world.ts";

/** Kinds of what travels between a client and a node; the store's own kinds are small numbers. */
export const ClientLeg = { request: 251, reply: 252 } as const;

/** Kinds of messages are below this; link codes leave room for them. */
const mostKinds = 256;

/**
 * Everything between the places of a cluster: nodes first, then sites. The fate of a message is decided as
 * it leaves, as on a connection through a proxy: a cut swallows what is sent while it lasts, and what had
 * left before it still arrives. Messages overtake one another freely, since each draws its own latency.
 */
export class Network {
  readonly #world: World;
  readonly #places: readonly string[];
  readonly #indexOf = new Map<string, number>();
  readonly #links: Link[] = [];
  /** By kind of message. */
  readonly #latencies: readonly Latency[];
  readonly #clientLatency: Latency;
  #sent = 0;

  constructor(world: World, places: readonly string[], plan: NetworkPlan) {
    this.#world = world;
    this.#places = places;
    places.forEach((place, index) => {
      this.#indexOf.set(place, index);
    });
    for (const from of places) {
      for (const to of places) this.#links.push(new Link(world, codeOfLink(from, to)));
    }
    const common = latencyOf(plan.latency);
    const onLeg = (leg: Leg): Latency => {
      const duration = plan.legs?.[leg];
      return duration === undefined ? common : latencyOf(duration);
    };
    this.#latencies = messageNames.map((_, kind) => onLeg(legOf(kind)));
    this.#clientLatency = latencyOf(plan.clientLatency);
  }

  /** How many messages have left nodes for other nodes. */
  get sent(): number {
    return this.#sent;
  }

  /** The index of a place, by id. */
  placeOf(id: string): number {
    const index = this.#indexOf.get(id);
    if (index === undefined) throw new InvariantViolation(`there is no place "${id}"`);
    return index;
  }

  /** The id of a place, by index. */
  nameOf(place: number): string {
    return present(this.#places[place], "the name of a place");
  }

  /** The link between two places, by id; an error where a fault names a place that is not there. */
  linkBetween(from: string, to: string): Link | OperatingError {
    const start = this.#indexOf.get(from);
    const end = this.#indexOf.get(to);
    if (start !== undefined && end !== undefined && from !== to) return this.#link(start, end);
    return new OperatingError("bad-scenario", `there is no link ${from}→${to}`);
  }

  /** Lets a message leave for another node. */
  transmit(from: number, to: number, message: Message): void {
    this.#sent += 1;
    const link = this.#link(from, to);
    const { kind, cause, attempt } = message;
    const drawn = this.#world.draw(Purpose.messageLatency, cause, link.code + kind, attempt);
    const latency = present(this.#latencies[kind], "the latency of a kind of message");
    const delayUs = latency.us(drawn);
    if (link.isSound) this.#world.schedule(deliverEvent(from, to, message, this.#world.nowUs), delayUs);
    else this.#transmitThroughFaults(link, latency, from, to, message, delayUs);
  }

  /**
   * How long a client's request or its answer takes, in microseconds, or how it is stopped: `lost`,
   * `refused` or `swallowed`. Connections of clients neither double nor overtake.
   */
  clientFateUs(from: number, to: number, kind: number, cause: number, attempt: number): number {
    const link = this.#link(from, to);
    if (link.isSound) return this.clientLatencyUs(from, to, kind, cause, attempt);
    const addedUs = link.fateUs(kind, "background", cause, attempt);
    return addedUs < 0 ? addedUs : addedUs + this.clientLatencyUs(from, to, kind, cause, attempt);
  }

  /** The same on a link without faults. */
  clientLatencyUs(from: number, to: number, kind: number, cause: number, attempt: number): number {
    const { code } = this.#link(from, to);
    return this.#clientLatency.us(this.#world.draw(Purpose.clientLatency, cause, code + kind, attempt));
  }

  /** Tells the trace what became of a message. */
  traceMessage(event: SimEvent, message: Message, fate: "delivered" | "dead"): void {
    if (this.#world.trace === null) return;
    const { peer, place, sentUs, timeUs } = event;
    this.#world.trace(this.#line(peer, place, message, sentUs, fate === "dead" ? null : timeUs, fate));
  }

  #transmitThroughFaults(
    link: Link,
    latency: Latency,
    from: number,
    to: number,
    message: Message,
    delayUs: number,
  ): void {
    const { kind, cause, attempt } = message;
    const world = this.#world;
    const addedUs = link.fateUs(kind, legOf(kind), cause, attempt);
    if (addedUs < 0) {
      const fate = addedUs === lost ? "lost" : "cut";
      if (world.trace !== null) world.trace(this.#line(from, to, message, world.nowUs, null, fate));
      return;
    }
    world.schedule(deliverEvent(from, to, message, world.nowUs), delayUs + addedUs);
    const copies = link.copies(kind, cause, attempt);
    for (let copy = 1; copy <= copies; copy += 1) {
      const drawn = world.draw(Purpose.duplicateLatency, cause, link.code + kind, attempt + copy * mostKinds);
      world.schedule(deliverEvent(from, to, message, world.nowUs), latency.us(drawn) + addedUs);
    }
  }

  #line(
    from: number,
    to: number,
    message: Message,
    sentUs: number,
    arrivesUs: number | null,
    fate: "delivered" | "lost" | "cut" | "dead",
  ): TraceEvent {
    const load = carried(message);
    const carries = load === null ? null : `${load.deleted ? "deleted" : load.value} ${load.version}`;
    const name = messageNames[message.kind] ?? `kind ${message.kind}`;
    const ends = { from: this.nameOf(from), to: this.nameOf(to) };
    return {
      kind: "message",
      ...ends,
      message: name,
      cause: this.#world.operationOf(message.cause),
      sentUs,
      arrivesUs,
      fate,
      carries,
    };
  }

  #link(from: number, to: number): Link {
    return present(this.#links[from * this.#places.length + to], "a link");
  }
}

/** FNV-1a over both ids (Fowler, Noll, Vo), in steps of the number of message kinds. */
function codeOfLink(from: string, to: string): number {
  return codeOfName(`${from}→${to}`) & ~(mostKinds - 1);
}

/** A 31-bit hash of an id, for draws: ids do not change when others are taken away, indices do. */
export function codeOfName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 13)) & 0x7fff_ffff;
}
