import type { KeyspaceSettings } from "../contracts/scenario.ts";
import type { Invocation } from "../contracts/target.ts";

/** A client's own timestamp, in microseconds, and its name to break ties. */
export interface ClientStamp {
  readonly clientStampUs: number;
  readonly clientId: string;
}

/** Stamps writes where a keyspace takes stamps from clients: once an operation, however often it is tried. */
export class ClientStamps {
  readonly #stamped: ReadonlySet<string>;
  readonly #nowMs: () => number;
  readonly #stamps = new Map<number, number>();
  #lastUs = 0;

  constructor(keyspaces: readonly KeyspaceSettings[], nowMs: () => number = Date.now) {
    this.#stamped = new Set(keyspaces.filter(({ stamp }) => stamp === "client").map(({ name }) => name));
    this.#nowMs = nowMs;
  }

  /** Null where the client does not stamp. */
  of({ op, client, keyspace, f }: Invocation): ClientStamp | null {
    if (f === "read" || !this.#stamped.has(keyspace)) return null;
    let stampUs = this.#stamps.get(op);
    if (stampUs === undefined) {
      // The clock's tick is a millisecond: within it, stamps count on.
      stampUs = Math.max(this.#nowMs() * 1_000, this.#lastUs + 1);
      this.#lastUs = stampUs;
      this.#stamps.set(op, stampUs);
    }
    return { clientStampUs: stampUs, clientId: client };
  }
}
