import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { NodeLink } from "../client/http-client.ts";
import type { DumpedKey } from "../core/dumped-key.ts";
import type { MembershipState } from "../core/membership/membership-state.ts";
import { BadRequest } from "./bad-request.ts";
import type { HttpReply } from "./http-reply.ts";
import { errorReply, okReply } from "./http-reply.ts";
import { deadlineMs, onlyParameters } from "./http-request.ts";
import type { MembershipOrder } from "./membership-order.ts";
import { parseMembershipOrder } from "./membership-order.ts";

/** What operators may ask of the node. */
export interface AdminBackEnd {
  readonly id: string;
  readonly secret: string;
  readonly incarnation: string;
  clock(): { readonly wallClockUs: number; readonly monotonicUs: number };
  hasKeyspace(keyspace: string): boolean;
  dump(keyspace: string): readonly DumpedKey[];
  links(): readonly NodeLink[];
  /** Null when there is no such peer. */
  probe(peer: string, timeoutMs: number): Promise<number> | null;
  membership(): MembershipState;
  /** Begins a change of membership; says what stands in its way, or null. */
  changeMembership(order: MembershipOrder): string | null;
  /** Fetches from the peers all that this node may have lost. */
  resync(): void;
}

type Give = (reply: FastifyReply, answer: HttpReply) => FastifyReply;

/** Everything under /v1/admin wants the cluster's secret. */
export function addAdminRoutes(server: FastifyInstance, backEnd: AdminBackEnd, give: Give): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    if (!isAuthorised(request.headers.authorization, backEnd.secret)) {
      throw new BadRequest("the admin side wants the cluster's secret: Authorization: Bearer …", {
        status: 401,
      });
    }
  };
  server.get("/v1/admin/clock", { onRequest }, (_request, reply) =>
    give(reply, okReply({ ...backEnd.clock(), incarnation: backEnd.incarnation })),
  );
  server.get("/v1/admin/links", { onRequest }, (_request, reply) =>
    give(reply, okReply({ links: backEnd.links() })),
  );
  server.get<{ Params: { keyspace: string } }>(
    "/v1/admin/dump/:keyspace",
    { onRequest },
    ({ params: { keyspace } }, reply) =>
      backEnd.hasKeyspace(keyspace)
        ? give(reply, dumpReply(backEnd.dump(keyspace)))
        : give(reply, errorReply(404, "UnknownKeyspace", `there is no keyspace "${keyspace}"`)),
  );
  server.post<{ Params: { peer: string }; Querystring: Record<string, unknown> }>(
    "/v1/admin/probe/:peer",
    { onRequest },
    async ({ params: { peer }, query }, reply) => give(reply, await probed(backEnd, peer, query)),
  );
  server.get("/v1/admin/membership", { onRequest }, (_request, reply) =>
    give(reply, okReply({ ...backEnd.membership() })),
  );
  server.post("/v1/admin/membership", { onRequest }, ({ body }, reply) => {
    const problem = backEnd.changeMembership(parseMembershipOrder(body));
    if (problem !== null) return give(reply, errorReply(409, "Conflict", problem));
    return give(reply, { ...okReply({ begun: true }), status: 202 });
  });
  server.post("/v1/admin/resync", { onRequest }, (_request, reply) => {
    backEnd.resync();
    return give(reply, { ...okReply({ resynchronising: true }), status: 202 });
  });
}

async function probed(
  backEnd: AdminBackEnd,
  peer: string,
  query: Readonly<Record<string, unknown>>,
): Promise<HttpReply> {
  onlyParameters(query, ["deadline"]);
  const probing = backEnd.probe(peer, deadlineMs(query["deadline"]));
  if (probing === null) return errorReply(404, "UnknownPeer", `${peer} is not a peer of this node`);
  try {
    return okReply({ peer, roundTripMs: await probing });
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return errorReply(504, "Unreachable", `${peer}: ${because}`);
  }
}

/** Values are JSON already, and passed on as they are. */
function dumpReply(keys: readonly DumpedKey[]): HttpReply {
  const lines = keys.map(({ key, values }) => {
    const entries = values.map(
      ({ value, version, deleted }) =>
        `{"value":${value ?? "null"},"version":${JSON.stringify(version)},"deleted":${deleted}}`,
    );
    return `{"key":${JSON.stringify(key)},"entries":[${entries.join(",")}]}`;
  });
  return { status: 200, headers: {}, body: `{"keys":[${lines.join(",")}]}` };
}

function isAuthorised(header: string | undefined, secret: string): boolean {
  const given = Buffer.from(header ?? "");
  const expected = Buffer.from(`Bearer ${secret}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
