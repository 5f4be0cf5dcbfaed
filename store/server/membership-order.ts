import { z } from "zod";
import { parseAddress } from "../client/address.ts";
import type { NodeMember } from "../core/membership/membership-state.ts";
import { BadRequest } from "./bad-request.ts";

/** What an operator wants the cluster to become. */
export interface MembershipOrder {
  /** All nodes that are to belong to it. */
  readonly members: readonly (NodeMember & { readonly address: string })[];
  /** Nodes that will never answer again: nobody waits for them. */
  readonly dead: readonly string[];
}

const name = z.string().regex(/^[\w.-]{1,32}$/, "a name is 1 to 32 letters, digits, -, _ or .");
const member = z.strictObject({
  id: name,
  dc: name,
  address: z.string().refine((text) => parseAddress(text) !== null, "an address is HOST:PORT"),
});
const order = z.strictObject({
  members: z.array(member).min(1).max(256),
  dead: z.array(name).max(256).default([]),
});

const example = '{"members": [{"id": "n1", "dc": "dc1", "address": "127.0.0.1:7001"}], "dead": []}';

/** Reads an order. @throws BadRequest that names the field */
export function parseMembershipOrder(body: unknown): MembershipOrder {
  const parsed = order.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") || "the body";
    throw new BadRequest(`${path}: ${issue?.message ?? "is not right"}; give ${example}`);
  }
  const ids = parsed.data.members.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new BadRequest(`members: ${twice} is there twice`);
  return parsed.data;
}
