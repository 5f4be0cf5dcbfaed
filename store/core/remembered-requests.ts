import type { ClientReply } from "./request.ts";

export type Done = (reply: ClientReply) => void;

/** Writes whose replies are remembered. Chosen: above the requests under way, and small, as replies to writes are. */
const maxRemembered = 16_384;

/** A write that was accepted, and what came of it. */
export class RememberedRequest {
  #reply: ClientReply | null = null;
  #waiting: Done[] = [];

  /** Answers a repetition: now, or with the first. */
  whenAnswered(done: Done): void {
    if (this.#reply === null) this.#waiting.push(done);
    else done(this.#reply);
  }

  /** The request was answered. */
  settle(reply: ClientReply): void {
    const waiting = this.#waiting;
    this.#reply = reply;
    this.#waiting = [];
    for (const done of waiting) done(reply);
  }
}

/**
 * The writes that this life of a coordinator has accepted, so that a repeated one is answered and not
 * applied again. Reads change nothing and are simply carried out again. The oldest is forgotten first.
 */
export class RememberedRequests {
  readonly #requests = new Map<string, RememberedRequest>();

  find(requestId: string): RememberedRequest | null {
    return this.#requests.get(requestId) ?? null;
  }

  remember(requestId: string): RememberedRequest {
    if (this.#requests.size >= maxRemembered) {
      // A Map is iterated in the order of insertion: the first is the oldest.
      const oldest = this.#requests.keys().next();
      if (oldest.done !== true) this.#requests.delete(oldest.value);
    }
    const remembered = new RememberedRequest();
    this.#requests.set(requestId, remembered);
    return remembered;
  }
}
