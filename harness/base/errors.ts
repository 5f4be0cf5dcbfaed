/** What kind of failure ended a command; CONTRACTS name for it, exit status beside it. */
export const exitStatus = {
  asExpected: 0,
  contradicted: 1,
  unknown: 2,
  wrongUsage: 64,
  unavailable: 69,
  bug: 70,
  cannotWrite: 73,
  interrupted: 130,
} as const;

/** Stable codes of expected failures. */
export type OperatingErrorCode =
  | "usage"
  | "bad-scenario"
  | "bad-history"
  | "bad-keyspace"
  | "engine-absent"
  | "port-in-use"
  | "target-failed"
  | "fault-not-proven"
  | "mend-failed"
  | "not-expressible"
  | "cannot-write";

/** The exit status that each code ends a command with. */
export const operatingErrors: Readonly<Record<OperatingErrorCode, number>> = {
  usage: exitStatus.wrongUsage,
  "bad-scenario": exitStatus.wrongUsage,
  "bad-history": exitStatus.wrongUsage,
  "bad-keyspace": exitStatus.wrongUsage,
  "engine-absent": exitStatus.unavailable,
  "port-in-use": exitStatus.unavailable,
  "target-failed": exitStatus.unavailable,
  "fault-not-proven": exitStatus.unknown,
  "mend-failed": exitStatus.unknown,
  "not-expressible": exitStatus.wrongUsage,
  "cannot-write": exitStatus.cannotWrite,
};

/** An expected failure outside Recount: reported in one line, never ignored. `code` is stable, the text is not. */
export class OperatingError extends Error {
  override readonly name = "OperatingError";
  readonly code: OperatingErrorCode;

  constructor(code: OperatingErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** The exit status that a command ends with when this error reaches the top. */
  get status(): number {
    return operatingErrors[this.code];
  }
}
