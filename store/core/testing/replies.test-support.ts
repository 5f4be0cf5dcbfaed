import type { FailedReply } from "../replies.ts";
import type { ClientReply } from "../request.ts";

/** The values of the first reply, which must be a success. */
export function valuesOf(replies: readonly ClientReply[]): readonly string[] {
  const [reply] = replies;
  if (reply?.kind !== "ok") throw new Error(`not a success: ${JSON.stringify(reply)}`);
  return reply.values;
}

/** The first reply, which must be a failure. */
export function failureOf(replies: readonly ClientReply[]): FailedReply {
  const [reply] = replies;
  if (reply?.kind !== "error") throw new Error(`not a failure: ${JSON.stringify(reply)}`);
  return reply;
}

/** The context of the first reply, which must be a success with one. */
export function contextOf(replies: readonly ClientReply[]): string {
  const [reply] = replies;
  if (reply?.kind !== "ok" || reply.context === null) throw new Error(`no context: ${JSON.stringify(reply)}`);
  return reply.context;
}
