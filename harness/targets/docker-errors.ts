import type { OperatingErrorCode } from "../base/errors.ts";
import { OperatingError } from "../base/errors.ts";

/** What went wrong, as an expected failure. One that is one already keeps its code. */
export function operatingError(code: OperatingErrorCode, what: string, cause: unknown): OperatingError {
  if (cause instanceof OperatingError) return cause;
  return new OperatingError(code, `${what}: ${messageOf(cause)}`, { cause });
}

/** The text of anything that was thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().replaceAll(/\s*\n\s*/g, "; ");
}

/** Calls back in a turn of its own: an exception there is a bug and must not look like a failed promise. */
export function settle<Result>(
  work: Promise<Result>,
  failed: (cause: unknown) => OperatingError,
  done: (result: Result | OperatingError) => void,
): void {
  work.then(
    (result) => setImmediate(() => done(result)),
    (cause: unknown) => setImmediate(() => done(failed(cause))),
  );
}
