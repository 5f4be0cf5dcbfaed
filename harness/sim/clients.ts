import type { Keyspace } from "../../store/core/options/keyspace.ts";
import type { ClientReply, ClientRequest } from "../../store/core/request.ts";
import { present } from "../base/invariant.ts";
import type { Completion, Invocation } from "../contracts/target.ts";
import { ClientCall } from "./client-call.ts";
import { completionOf, requestOf } from "./client-request.ts";
import { refused } from "./link.ts";
import type { Network } from "./network.ts";
import { ClientLeg } from "./network.ts";
import { callEvent, EventKind } from "./sim-event.ts";
import type { SimSite } from "./sim-site.ts";
import type { World } from "./world.ts";

/** A process that takes requests. */
export interface RequestTaker {
  request(request: ClientRequest, done: (reply: ClientReply) => void): void;
}

/**
 * The clients at their sites. An operation is `fail` where its request was surely never taken: refused by a
 * cut or by a node without a process. Whatever else goes unanswered is `info`.
 */
export class Clients {
  readonly #world: World;
  readonly #network: Network;
  readonly #sites: ReadonlyMap<string, SimSite>;
  /** Keyspaces whose clients stamp their writes, and those that clients coordinate themselves. */
  readonly #stamped: ReadonlySet<string>;
  readonly #coordinated: ReadonlySet<string>;
  /** By operation. */
  readonly #stamps = new Map<number, number>();

  constructor(
    world: World,
    network: Network,
    sites: ReadonlyMap<string, SimSite>,
    keyspaces: readonly Keyspace[],
  ) {
    this.#world = world;
    this.#network = network;
    this.#sites = sites;
    this.#stamped = namesOf(keyspaces.filter(({ stamp }) => stamp === "client"));
    this.#coordinated = namesOf(keyspaces.filter(({ coordinate }) => coordinate === "client"));
  }

  /** Sends a request off; `done` follows when the client has an answer, a refusal or no more patience. */
  submit(invocation: Invocation, done: (completion: Completion) => void): void {
    const { site, node, keyspace, timeoutUs } = invocation;
    const ends = [this.#network.placeOf(site), this.#network.placeOf(node)] as const;
    const call = new ClientCall(invocation, ...ends, this.#stampUs(invocation), done);
    const expiry = callEvent(EventKind.expire, call.site, call);
    call.expiry = expiry;
    this.#world.schedule(expiry, timeoutUs);
    if (this.#coordinated.has(keyspace)) this.#coordinate(call);
    else this.#ask(call);
  }

  /** A request reaches its node, where a process takes it or nobody does. */
  arrive(call: ClientCall, store: RequestTaker | null, life: number): void {
    if (store === null) {
      this.#answer(call, "fail", "connection refused");
      return;
    }
    call.life = life;
    store.request(this.#requestOf(call), (reply) => this.#reply(call, reply));
  }

  /** An answer reaches its client, if that still waits. */
  settle(call: ClientCall): void {
    if (call.isOver) return;
    call.isOver = true;
    if (call.expiry !== null) this.#world.cancel(call.expiry);
    call.done(present(call.completion, "how a call ended"));
  }

  /** The client's patience ends. */
  expire(call: ClientCall): void {
    if (call.isOver) return;
    call.isOver = true;
    call.done({ type: "info", value: call.invocation.value, error: "timeout" });
  }

  /** A process has died: the connections of those who still wait for it are reset. */
  reset(node: number, life: number): void {
    const waiting = this.#world.pending(({ kind }) => kind === EventKind.expire);
    for (const { call } of waiting) {
      if (call === null || call.node !== node || call.life !== life || call.isAnswered) continue;
      this.#answer(call, "info", "connection reset");
    }
  }

  /** A connection that had taken the request in is reset before the process has read it. */
  drop(call: ClientCall): void {
    this.#answer(call, "info", "connection reset");
  }

  /** The site's own client takes it: there is no way to go before its messages leave for the replicas. */
  #coordinate(call: ClientCall): void {
    const { client } = this.#siteNamed(call.invocation.site);
    present(client, "a client that coordinates").request(this.#requestOf(call), (reply) => {
      this.#hear(call, completionOf(call.invocation, reply), 0);
    });
  }

  #ask(call: ClientCall): void {
    const { op, attempt } = call.invocation;
    const { site, node } = call;
    const fateUs = this.#network.clientFateUs(site, node, ClientLeg.request, op, attempt);
    this.#trace("request", call, fateUs);
    if (fateUs >= 0) this.#world.schedule(callEvent(EventKind.request, node, call), fateUs);
    else if (fateUs === refused) this.#tell(call, "fail", "connection refused", this.#wayBackUs(call));
  }

  #requestOf({ invocation, stampUs }: ClientCall): ClientRequest {
    return requestOf(invocation, this.#world.causeOfTry(invocation.op, invocation.attempt), stampUs);
  }

  /** The time of the operation's first try, by the clock of its site; null where clients do not stamp. */
  #stampUs({ op, site, keyspace, f }: Invocation): number | null {
    if (f === "read" || !this.#stamped.has(keyspace)) return null;
    const before = this.#stamps.get(op);
    if (before !== undefined) return before;
    const stampUs = this.#siteNamed(site).stampUs();
    this.#stamps.set(op, stampUs);
    return stampUs;
  }

  #siteNamed(id: string): SimSite {
    return present(this.#sites.get(id), "the site of a client");
  }

  #reply(call: ClientCall, reply: ClientReply): void {
    if (call.isAnswered) return;
    call.completion = completionOf(call.invocation, reply);
    this.#sendBack(call);
  }

  #answer(call: ClientCall, type: "fail" | "info", error: string): void {
    call.completion = { type, value: call.invocation.value, error };
    this.#sendBack(call);
  }

  #sendBack(call: ClientCall): void {
    const { op, attempt } = call.invocation;
    call.isAnswered = true;
    const fateUs = this.#network.clientFateUs(call.node, call.site, ClientLeg.reply, op, attempt);
    this.#trace("reply", call, fateUs);
    if (fateUs >= 0) this.#world.schedule(callEvent(EventKind.answer, call.site, call), fateUs);
    // The answer meets a closed connection: the client learns that it is gone, and not what became of the request.
    else if (fateUs === refused) this.#tell(call, "info", "connection reset", this.#wayBackUs(call));
  }

  /** Lets the client hear something that no node says. */
  #tell(call: ClientCall, type: "fail" | "info", error: string, delayUs: number): void {
    this.#hear(call, { type, value: call.invocation.value, error }, delayUs);
  }

  #hear(call: ClientCall, completion: Completion, delayUs: number): void {
    call.completion = completion;
    call.isAnswered = true;
    this.#world.schedule(callEvent(EventKind.answer, call.site, call), delayUs);
  }

  #wayBackUs(call: ClientCall): number {
    const { op, attempt } = call.invocation;
    return this.#network.clientLatencyUs(call.node, call.site, ClientLeg.reply, op, attempt);
  }

  #trace(direction: "request" | "reply", call: ClientCall, fateUs: number): void {
    const { trace, nowUs } = this.#world;
    if (trace === null) return;
    const { op, site, node } = call.invocation;
    const arrivesUs = fateUs < 0 ? null : nowUs + fateUs;
    trace({ kind: "client", direction, op, site, node, sentUs: nowUs, arrivesUs });
  }
}

function namesOf(keyspaces: readonly Keyspace[]): ReadonlySet<string> {
  return new Set(keyspaces.map(({ name }) => name));
}
