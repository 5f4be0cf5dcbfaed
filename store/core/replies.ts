import type { ClientReply, ReplyError } from "./request.ts";
import type { State } from "./versions/version.ts";
import { liveValues } from "./versions/version.ts";
import { stateVersionText } from "./versions/version-text.ts";

export type OkReply = Extract<ClientReply, { readonly kind: "ok" }>;
export type FailedReply = Extract<ClientReply, { readonly kind: "error" }>;

const noValues: readonly string[] = [];

/** A success. The text of its version is made when it is asked for: most replies are never printed. */
export class Answered implements OkReply {
  readonly kind = "ok" as const;
  readonly values: readonly string[];
  readonly context: string | null = null;
  readonly #state: State;

  constructor(state: State, values: readonly string[]) {
    this.values = values;
    this.#state = state;
  }

  get version(): string | null {
    return stateVersionText(this.#state);
  }
}

/** The reply to a read: the values that are there. */
export function answeredRead(state: State): Answered {
  return new Answered(state, liveValues(state));
}

/** The reply to a put or delete. */
export function answeredWrite(state: State): Answered {
  return new Answered(state, noValues);
}

/** The reply to a request that failed. */
export function failed(
  error: ReplyError,
  message: string,
  needed: number,
  got: number,
  indeterminate: boolean,
): FailedReply {
  return { kind: "error", error, message, needed, got, indeterminate };
}
