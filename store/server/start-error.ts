/** Why a node does not start, and the exit status that says so (BSD sysexits, as Recount's own). */
export const startErrors = {
  usage: 64,
  "bad-keyspaces": 64,
  "damaged-log": 65,
  "port-in-use": 69,
  "data-in-use": 69,
  "cannot-write": 73,
} as const;

/** An expected reason for not starting: told in one line. */
export class StartError extends Error {
  override readonly name = "StartError";
  readonly code: keyof typeof startErrors;

  constructor(code: keyof typeof startErrors, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get status(): number {
    return startErrors[this.code];
  }
}

/** The error for something else that went wrong. */
export function startError(code: keyof typeof startErrors, message: string, cause: unknown): StartError {
  return new StartError(code, message, { cause });
}
