import { z } from "zod";
import type { MessageExtra } from "../core/messages.ts";
import { replyErrors, requestFunctions } from "../core/request.ts";
import { WireError } from "./wire.ts";

/** What rare messages carry travels with field names, and is checked against these shapes. */

const text = z.string();
const count = z.number().int().nonnegative();
const request = z.strictObject({
  requestId: text,
  keyspace: text,
  key: text,
  f: z.enum(requestFunctions),
  value: text.nullable(),
  expected: text.nullable().optional(),
  quantity: z.number().optional(),
  w: z.number().optional(),
  r: z.number().optional(),
  consistency: text.optional(),
  context: text.optional(),
  clientStampUs: z.number().optional(),
  clientId: text.optional(),
  timeoutUs: z.number(),
  cause: z.number(),
});
const reply = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("ok"),
    values: z.array(text),
    context: text.nullable(),
    version: text.nullable(),
  }),
  z.strictObject({
    kind: z.literal("error"),
    error: z.enum(replyErrors),
    message: text,
    needed: z.number(),
    got: z.number(),
    indeterminate: z.boolean(),
  }),
]);
const member = z.strictObject({ id: text, dc: text, address: text.optional() });
const membership = z.strictObject({
  epoch: count,
  phase: z.enum(["steady", "write-both-read-old", "streaming", "write-both-read-new"]),
  members: z.array(member).min(1),
  next: z.array(member).min(1).nullable(),
  leader: text.nullable(),
  dead: z.array(text),
});
const treeHash = z.strictObject({
  path: z.string().regex(/^[0-9a-f]{0,8}$/),
  high: z.number().int(),
  low: z.number().int(),
  count,
});
const extra = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("request"), request }),
  z.strictObject({ kind: z.literal("reply"), reply }),
  z.strictObject({ kind: z.literal("hashes"), group: text, hashes: z.array(treeHash).max(4_096) }),
  z.strictObject({ kind: z.literal("membership"), membership, isDone: z.boolean() }),
  z.strictObject({ kind: z.literal("stream"), isResync: z.boolean() }),
]);

/** Plain data, ready to be packed. A reply's getters become fields. */
export function packExtra(given: MessageExtra): unknown {
  if (given.kind !== "reply" || given.reply.kind !== "ok") return given;
  const { kind, values, context, version } = given.reply;
  return { kind: "reply", reply: { kind, values, context, version } };
}

/** Reads it. @throws WireError that names the field. */
export function unpackExtra(value: unknown): MessageExtra {
  const parsed = extra.safeParse(value);
  if (parsed.success) return parsed.data as MessageExtra;
  const [issue] = parsed.error.issues;
  throw new WireError(`extra.${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not right"}`);
}
