import { never } from "../../harness/history/history.ts";
import type { StoryOperation } from "../story/operations.ts";

/** The first had ended when the second began, so every order must keep them so. */
export interface Precedence {
  readonly first: StoryOperation;
  readonly second: StoryOperation;
}

/** What real time forces on some operations, without what follows from the rest of it. */
export function precedences(operations: readonly StoryOperation[]): Precedence[] {
  return operations.flatMap((first) => {
    const later = operations.filter((second) => isBefore(first, second));
    // Whatever ends before another of them begins stands between.
    return later
      .filter((second) => !later.some((between) => isBefore(between, second)))
      .map((second) => ({ first, second }));
  });
}

/** By index, never by time; what is of unknown outcome may take effect at any time later. */
export function isBefore(first: StoryOperation, second: StoryOperation): boolean {
  return first.completeIndex !== never && first.completeIndex < second.invokeIndex;
}
