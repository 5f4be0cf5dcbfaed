import type { NodeContext, Space } from "../node-context.ts";
import type { Placement } from "../placement.ts";
import { allOf } from "../placement.ts";
import type { ClientRequest } from "../request.ts";
import { isConsistencyLevel, needsOfLevel } from "./consistency-level.ts";
import type { Need } from "./quorum.ts";

/** A request, who carries it out, and where its key is. */
interface Placed {
  readonly context: Pick<NodeContext, "dc" | "policies">;
  readonly space: Pick<Space, "keyspace">;
  readonly placement: Placement;
  readonly request: ClientRequest;
}

/** What a planted defect may make of a count. */
type Adjust = (count: number) => number;

/** What a write needs: w of the owners, and while owners change w of the old and w of the new ones. */
export function writeNeeds(exchange: Placed, adjust: Adjust): readonly Need[] {
  const { context, space, placement, request } = exchange;
  const { current, next, nodes } = placement;
  const w = request.w ?? space.keyspace.w;
  if (next === 0) return needsOf(exchange, current, w, adjust);
  if (context.policies.countsUnionOfOwners(space.keyspace)) {
    return needsOf(exchange, allOf(nodes.length), w, adjust);
  }
  return [...needsOf(exchange, current, w, adjust), ...needsOf(exchange, next, w, adjust)];
}

/** What a read needs: r of the owners that reads ask. */
export function readNeeds(exchange: Placed, adjust: Adjust): readonly Need[] {
  const { space, placement, request } = exchange;
  return needsOf(exchange, placement.read, request.r ?? space.keyspace.r, adjust);
}

/** Every replica of any of the needs. */
export function unionOf(all: readonly Need[]): number {
  let among = 0;
  for (const need of all) among |= need.among;
  return among;
}

function needsOf(
  { context, placement, request }: Placed,
  owners: number,
  count: number,
  adjust: Adjust,
): readonly Need[] {
  const { consistency } = request;
  if (consistency === undefined || !isConsistencyLevel(consistency)) {
    return plainNeed(owners, adjust(count));
  }
  const needs = needsOfLevel(consistency, owners, placement, context.dc);
  return needs.map((need) => ({ among: need.among, count: adjust(need.count) }));
}

/** Needs of few replicas are made once and shared: every request has two of them. */
const mostShared = 1 << 7;
const shared: (readonly Need[] | undefined)[] = [];

function plainNeed(among: number, count: number): readonly Need[] {
  if (among >= mostShared || count >= 8) return [{ among, count }];
  const place = (among << 3) | count;
  const known = shared[place];
  if (known !== undefined) return known;
  const made: readonly Need[] = [{ among, count }];
  shared[place] = made;
  return made;
}
