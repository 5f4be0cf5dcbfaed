import type { ClientReply, ClientRequest } from "../../store/core/request.ts";
import { present } from "../base/invariant.ts";
import type { Completion, Invocation } from "../contracts/target.ts";
import { deadlineUs } from "../contracts/target.ts";
import type { HistoryValue } from "../history/values.ts";
import { ClientCall } from "./client-call.ts";
import { refused } from "./link.ts";
import type { Network } from "./network.ts";
import { ClientLeg } from "./network.ts";
import { callEvent, EventKind } from "./sim-event.ts";
import { parsedValue, textOf } from "./values.ts";
import type { World } from "./world.ts";

/** A process that takes requests. */
export interface RequestTaker {
  request(request: ClientRequest, done: (reply: ClientReply) => void): void;
}

/** How the store calls what operations do; what is not here, it cannot do yet. */
const functionsOfStore: { readonly [f: string]: ClientRequest["f"] } = {
  read: "get",
  write: "put",
  delete: "delete",
  cas: "cas",
};

/**
 * The clients at their sites. An operation is `fail` where its request was surely never taken: refused by a
 * cut or by a node without a process. Whatever else goes unanswered is `info`.
 */
export class Clients {
  readonly #world: World;
  readonly #network: Network;

  constructor(world: World, network: Network) {
    this.#world = world;
    this.#network = network;
  }

  /** Sends a request off; `done` follows when the client has an answer, a refusal or no more patience. */
  submit(invocation: Invocation, done: (completion: Completion) => void): void {
    const { site, node, f, timeoutUs } = invocation;
    const call = new ClientCall(invocation, this.#network.placeOf(site), this.#network.placeOf(node), done);
    const expiry = callEvent(EventKind.expire, call.site, call);
    call.expiry = expiry;
    this.#world.schedule(expiry, timeoutUs);
    if (functionsOfStore[f] === undefined) this.#tell(call, "fail", `the store has no ${f}`, 0);
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

  #ask(call: ClientCall): void {
    const { op, attempt } = call.invocation;
    const { site, node } = call;
    const fateUs = this.#network.clientFateUs(site, node, ClientLeg.request, op, attempt);
    this.#trace("request", call, fateUs);
    if (fateUs >= 0) this.#world.schedule(callEvent(EventKind.request, node, call), fateUs);
    else if (fateUs === refused) this.#tell(call, "fail", "connection refused", this.#wayBackUs(call));
  }

  #requestOf(call: ClientCall): ClientRequest {
    const { invocation } = call;
    const { op, attempt, keyspace, key, f, timeoutUs } = invocation;
    return {
      requestId: `${op}.${attempt}`,
      keyspace,
      key,
      f: present(functionsOfStore[f], "the store's name of a function"),
      value: textToPut(invocation),
      timeoutUs: deadlineUs(timeoutUs),
      cause: op,
      ...optionsOf(invocation),
    };
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
    call.completion = { type, value: call.invocation.value, error };
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

const nothingMore = {};

/** What a put writes; a cas has a pair of the value that it expects and the new one. */
function textToPut({ f, value }: Invocation): string | null {
  if (f === "read" || f === "delete") return null;
  return optionalText(f === "cas" && Array.isArray(value) ? value[1] : value);
}

function optionalText(value: HistoryValue | undefined): string | null {
  return value === undefined || value === null ? null : textOf(value);
}

type RequestOptions = Pick<ClientRequest, "w" | "r" | "consistency" | "context" | "expected">;

/** What an invocation may say beyond the ordinary. */
function optionsOf({ f, value, w, r, consistency, context }: Invocation): RequestOptions {
  return {
    ...(f === "cas" && Array.isArray(value) ? { expected: optionalText(value[0]) } : nothingMore),
    ...(w === undefined ? nothingMore : { w }),
    ...(r === undefined ? nothingMore : { r }),
    ...(consistency === undefined ? nothingMore : { consistency }),
    ...(context === undefined ? nothingMore : { context }),
  };
}

/** What a client makes of a node's answer. */
function completionOf(invocation: Invocation, reply: ClientReply): Completion {
  const { f, value } = invocation;
  if (reply.kind === "error") {
    return { type: reply.indeterminate ? "info" : "fail", value, error: reply.error };
  }
  const context = reply.context === null ? nothingMore : { context: reply.context };
  if (f !== "read") return { type: "ok", value, ...context };
  if (reply.values.length > 1) {
    const siblings = reply.values.map(parsedValue);
    return { type: "ok", value: siblings[0] ?? null, siblings, ...context };
  }
  const only = reply.values[0];
  return { type: "ok", value: only === undefined ? null : parsedValue(only), ...context };
}
