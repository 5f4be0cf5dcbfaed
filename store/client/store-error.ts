/** A request that was not carried out, or of which nobody knows. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  /** A `ReplyError` of the store, or `ConnectionRefused`, `ConnectionLost`, `ClientTimeout` or `BadAnswer`. */
  readonly code: string;
  /** 0 where no HTTP answer came. */
  readonly status: number;
  readonly needed: number;
  readonly got: number;
  /** True unless it is certain that the request has had and will have no effect. */
  readonly indeterminate: boolean;

  constructor(code: string, message: string, facts: Partial<StoreErrorFacts> = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.status = facts.status ?? 0;
    this.needed = facts.needed ?? 0;
    this.got = facts.got ?? 0;
    this.indeterminate = facts.indeterminate ?? true;
  }
}

interface StoreErrorFacts {
  readonly status: number;
  readonly needed: number;
  readonly got: number;
  readonly indeterminate: boolean;
  readonly cause: unknown;
}
