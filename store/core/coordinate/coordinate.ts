import { failed } from "../replies.ts";
import { only } from "../versions/version.ts";
import { AbdPutCoordinator } from "./abd.ts";
import type { Exchange } from "./exchange.ts";
import { GetCoordinator } from "./get.ts";
import { readNeeds, writeNeeds } from "./needs.ts";
import { PutCoordinator } from "./put.ts";
import { bitCount } from "./quorum.ts";

/** Gives a request to the coordinator of its kind: the one place that says which that is. */
export function coordinate(exchange: Exchange): void {
  const { request, context } = exchange;
  const problem = levelProblem(exchange);
  if (problem !== null) {
    context.metrics.refusedRequests += 1;
    exchange.answer(failed("BadRequest", problem, 0, 0, false));
    exchange.close();
  } else if (request.f === "get") {
    context.metrics.gets += 1;
    new GetCoordinator(exchange).start();
  } else {
    if (request.f === "delete") context.metrics.deletes += 1;
    else context.metrics.puts += 1;
    write(exchange);
  }
}

function write(exchange: Exchange): void {
  const { request, space, context } = exchange;
  const { keyspace } = space;
  const value = request.f === "delete" ? null : request.value;
  if (keyspace.protocol === "abd") new AbdPutCoordinator(exchange, value).start();
  else new PutCoordinator(exchange, only(context.mint.stamped(keyspace, request, value))).start();
}

/** A level that asks for replicas where there are none can never be met: better said at once. */
function levelProblem(exchange: Exchange): string | null {
  const { request, context } = exchange;
  const { consistency } = request;
  if (consistency === undefined) return null;
  const asIs = (count: number): number => count;
  const needs = request.f === "get" ? readNeeds(exchange, asIs) : writeNeeds(exchange, asIs);
  if (needs.length > 0 && needs.every(({ among, count }) => bitCount(among) >= count)) return null;
  const where = consistency.startsWith("LOCAL") ? ` in ${context.dc}` : "";
  return `${consistency} needs more replicas of keyspace "${request.keyspace}" than there are${where}`;
}
