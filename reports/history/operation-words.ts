import { timeText } from "../../harness/history/time.ts";
import { sameValue } from "../../harness/history/values.ts";
import type { StoryOperation } from "../story/operations.ts";
import { cut, shown } from "../wording.ts";

/** What was asked, short: "write 1", "read", "cas 1 → 2", "enqueue 3". */
export function callWords({ f, argument, call }: StoryOperation): string {
  const isBare = argument === null && f !== "write" && f !== "cas";
  return isBare ? cut(f, 14) : cut(call, 28);
}

/** What came back: a value, "ok", "failed", or "?" where nobody knows. */
export function answerWords(operation: StoryOperation): string {
  if (operation.outcome === "fail") return "failed";
  if (operation.outcome !== "ok") return "?";
  return tellsValue(operation) ? shown(operation.result, 12) : "ok";
}

/** Whether an answer says more than "ok": some histories repeat what was asked in the answer. */
export function tellsValue({ f, argument, result }: StoryOperation): boolean {
  return f === "read" || (result !== null && !sameValue(result, argument));
}

/** Both in one: "read → 1", "write 1 → ok". A write that simply went well needs no more than its call. */
export function wholeWords(operation: StoryOperation): string {
  const answer = answerWords(operation);
  return answer === "ok" ? callWords(operation) : `${callWords(operation)} → ${answer}`;
}

/** "p0’s write of 1", "p2’s read of nothing", "p1’s delete". */
export function possessive(operation: StoryOperation): string {
  const { client, f, argument, result } = operation;
  const who = `${cut(client, 24)}’s`;
  if (f === "read") return `${who} read of ${shown(result, 20)}`;
  if (f === "write") return `${who} write of ${shown(argument, 20)}`;
  return `${who} ${callWords(operation)}`;
}

/** A checker's sentence with its full stop. Its first word may be a name, and names keep their letters. */
export function stopped(says: string): string {
  return /[.!?…]$/.test(says) ? says : `${says}.`;
}

/** Says when things happened: by the clock, or by the place in the order of events where there is none. */
export interface TimeWords {
  /** "at 4.210 s", or "at event 17". */
  began(operation: StoryOperation): string;
  ended(operation: StoryOperation): string;
}

/** How a history's times are told. */
export function timeWords(hasClock: boolean): TimeWords {
  const at = (us: number, index: number): string =>
    hasClock ? `at ${timeText(us * 1_000)}` : `at event ${index}`;
  return {
    began: ({ invokedUs, invokeIndex }) => at(invokedUs, invokeIndex),
    ended: ({ completedUs, invokedUs, completeIndex }) => at(completedUs ?? invokedUs, completeIndex),
  };
}
