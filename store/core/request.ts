export const requestFunctions = ["get", "put", "delete", "cas", "add", "remove", "increment"] as const;
export type RequestFunction = (typeof requestFunctions)[number];

/** What a client asks of a node. Values are opaque text. */
export interface ClientRequest {
  /** Remembered by the coordinator: a repeated request is answered, not applied again. */
  readonly requestId: string;
  readonly keyspace: string;
  readonly key: string;
  readonly f: RequestFunction;
  /** The value to put, the item to add or remove, the amount to add as text; null for get and delete. */
  readonly value: string | null;
  /** What a cas expects to find; null where it expects no value. */
  readonly expected?: string | null;
  /** How many of an item are added to a cart; 1 unless said. */
  readonly quantity?: number;
  readonly w?: number;
  readonly r?: number;
  /** One of `consistencyLevels`; goes before w and r. */
  readonly consistency?: string;
  /** Causal context of an earlier read, as that read's reply gave it. */
  readonly context?: string;
  /** Microseconds, where the keyspace takes its versions from clients. */
  readonly clientStampUs?: number;
  /** Breaks ties between the stamps of clients; needed with `clientStampUs`. */
  readonly clientId?: string;
  /** Microseconds that the coordinator may take before it gives up. */
  readonly timeoutUs: number;
  /** The operation's id; carried by everything that it brings about. */
  readonly cause: number;
}

/** What a node answers. An error says whether the request may have taken effect all the same. */
export type ClientReply =
  | {
      readonly kind: "ok";
      /** Of a get: one value, several siblings, or none when the key is not there. */
      readonly values: readonly string[];
      /** To be given back with a put, delete or remove that is meant to replace what was read. */
      readonly context: string | null;
      /** Version of what was read or written, as text. */
      readonly version: string | null;
    }
  | {
      readonly kind: "error";
      readonly error: ReplyError;
      /** One sentence: what, where, and what would be right. */
      readonly message: string;
      readonly needed: number;
      readonly got: number;
      /** True when the request may have taken effect, now or later. */
      readonly indeterminate: boolean;
    };

export const replyErrors = [
  "QuorumNotMet",
  "Timeout",
  "Overloaded",
  "UnknownKeyspace",
  "BadRequest",
  "NotReady",
  "DiskFailed",
  "DiskFull",
  "CasMismatch",
  "Contention",
] as const;
export type ReplyError = (typeof replyErrors)[number];
