import { never } from "../../harness/history/history.ts";
import type { RegisterProblem } from "./problem.ts";

/**
 * An operation in short, with the times of its call and return: `w1` writes 1, `r1` read it, `c1>2` changed 1 to 2,
 * `x1` is a cas that expected 1 and was refused. Without a return its outcome is unknown.
 */
export type Short = readonly [what: string, call: number, ret?: number];

/** The key of these operations, in order of invocation. */
export function problemOf(...operations: readonly Short[]): RegisterProblem {
  const sorted = [...operations].sort(([, a], [, b]) => a - b);
  const part = (letters: string, pattern: RegExp): Int32Array =>
    Int32Array.from(sorted, ([what]) =>
      letters.includes(what.charAt(0)) ? Number(pattern.exec(what)?.[1] ?? -1) : -1,
    );
  return {
    length: sorted.length,
    call: Int32Array.from(sorted, ([, call]) => call),
    ret: Int32Array.from(sorted, ([, , ret]) => ret ?? never),
    needs: part("rc", /^.(\d+)/),
    refuses: part("x", /^.(\d+)/),
    leaves: part("wc", /(\d+)$/),
  };
}
