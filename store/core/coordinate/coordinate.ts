import { isDotted } from "../options/keyspace.ts";
import { failed } from "../replies.ts";
import { only } from "../versions/version.ts";
import { AbdPutCoordinator } from "./abd.ts";
import { Proposal } from "./caspaxos.ts";
import type { Exchange } from "./exchange.ts";
import { ForwardCoordinator } from "./forward.ts";
import { GetCoordinator } from "./get.ts";
import { readNeeds, writeNeeds } from "./needs.ts";
import { PutCoordinator } from "./put.ts";
import { bitCount } from "./quorum.ts";
import { QuorumCasCoordinator } from "./quorum-cas.ts";
import { UpdateCoordinator } from "./update.ts";

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
    read(exchange);
  } else {
    if (request.f === "delete") context.metrics.deletes += 1;
    else if (request.f === "cas") context.metrics.compareAndSets += 1;
    else context.metrics.puts += 1;
    write(exchange);
  }
}

function read(exchange: Exchange): void {
  if (exchange.space.keyspace.protocol === "caspaxos") new Proposal(exchange).start();
  else new GetCoordinator(exchange).start();
}

function write(exchange: Exchange): void {
  const { request, space, context } = exchange;
  const { keyspace } = space;
  const value = request.f === "delete" ? null : request.value;
  const isCas = request.f === "cas";
  if (keyspace.protocol === "caspaxos" || (isCas && keyspace.cas === "caspaxos")) {
    new Proposal(exchange).start();
  } else if (isDotted(keyspace)) {
    if (exchange.own >= 0) new UpdateCoordinator(exchange).start();
    else new ForwardCoordinator(exchange).start();
  } else if (isCas) new QuorumCasCoordinator(exchange).start();
  else if (keyspace.protocol === "abd") new AbdPutCoordinator(exchange, value).start();
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
