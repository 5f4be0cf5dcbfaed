import type { ClientReply, ReplyError } from "./request.ts";
import { contextText } from "./versions/context-text.ts";
import type { State, Versioning } from "./versions/version.ts";
import { stateVersionText } from "./versions/version-text.ts";

export type OkReply = Extract<ClientReply, { readonly kind: "ok" }>;
export type FailedReply = Extract<ClientReply, { readonly kind: "error" }>;

const noValues: readonly string[] = [];

/** A success. The texts of version and context are made when they are asked for: most replies are never printed. */
export class Answered implements OkReply {
  readonly kind = "ok" as const;
  readonly values: readonly string[];
  readonly #state: State;

  constructor(state: State, values: readonly string[]) {
    this.values = values;
    this.#state = state;
  }

  get version(): string | null {
    return stateVersionText(this.#state);
  }

  get context(): string | null {
    return contextText(this.#state.context);
  }
}

/** The reply to a read: the values that are there. */
export function answeredRead(versioning: Versioning, state: State): Answered {
  return new Answered(state, versioning.show(state));
}

/** The reply to a write of any kind. */
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
