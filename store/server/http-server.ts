import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fastify from "fastify";
import type { DumpedKey } from "../core/node.ts";
import type { ClientReply, ClientRequest } from "../core/request.ts";
import type { HttpReply } from "./http-reply.ts";
import { errorReply, httpReply } from "./http-reply.ts";
import { BadRequest, deadlineMs, maxValueBytes, parseRequest } from "./http-request.ts";
import type { LinkState } from "./peer-link.ts";

/** Room for the JSON around two values of a cas. */
const maxBodyBytes = 2 * maxValueBytes + 4_096;
/** A key of 1 KiB, each byte written with three characters. */
const maxParameterLength = 3 * 1_024;

/** What the HTTP side may ask of the node. */
export interface HttpBackEnd {
  readonly id: string;
  readonly secret: string;
  readonly incarnation: string;
  isReady(): boolean;
  request(request: ClientRequest, done: (reply: ClientReply) => void): void;
  clock(): { readonly wallClockUs: number; readonly monotonicUs: number };
  hasKeyspace(keyspace: string): boolean;
  dump(keyspace: string): readonly DumpedKey[];
  links(): readonly LinkState[];
  /** Null when there is no such peer. */
  probe(peer: string, timeoutMs: number): Promise<number> | null;
}

/** Makes the server; it does not listen yet. */
export function makeHttpServer(backEnd: HttpBackEnd): FastifyInstance {
  const server = fastify({
    bodyLimit: maxBodyBytes,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: maxParameterLength },
    frameworkErrors: (error, _request, reply) =>
      void give(reply, errorReply(400, "BadRequest", error.message)),
  });
  takeEveryBodyAsJson(server);
  server.setErrorHandler((error, _request, reply) => give(reply, replyToError(error)));
  server.setNotFoundHandler((request, reply) => {
    const message = `there is no ${request.method} ${request.url}; keys are at /v1/{keyspace}/{key}`;
    return give(reply, errorReply(404, "UnknownRoute", message));
  });
  server.get("/healthz", () => ({ alive: true, node: backEnd.id }));
  server.get("/readyz", (_request, reply) => {
    if (!backEnd.isReady())
      return give(reply, errorReply(503, "NotReady", "the node is starting or stopping"));
    return { ready: true, node: backEnd.id };
  });
  addKeyRoutes(server, backEnd);
  addAdminRoutes(server, backEnd);
  return server;
}

function addKeyRoutes(server: FastifyInstance, backEnd: HttpBackEnd): void {
  let count = 0;
  server.route<{ Params: { keyspace: string; key: string }; Querystring: Record<string, unknown> }>({
    method: ["GET", "PUT", "DELETE"],
    url: "/v1/:keyspace/:key",
    handler(request, reply) {
      const { method, params, query, headers, body } = request;
      count += 1;
      const fallback = { requestId: `${backEnd.incarnation}-${count}`, cause: count % 0x2000_0000 };
      const parsed = parseRequest({ method, ...params, query, headers, body }, fallback);
      if (!backEnd.isReady()) {
        give(reply, errorReply(503, "NotReady", "the node is starting or stopping"));
        return;
      }
      backEnd.request(parsed, (answer) => void give(reply, httpReply(method, answer)));
    },
  });
}

function addAdminRoutes(server: FastifyInstance, backEnd: HttpBackEnd): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    if (!isAuthorised(request.headers.authorization, backEnd.secret)) {
      throw new BadRequest("the admin side wants the cluster's secret: Authorization: Bearer …", 401);
    }
  };
  server.get("/v1/admin/clock", { onRequest }, () => ({
    ...backEnd.clock(),
    incarnation: backEnd.incarnation,
  }));
  server.get("/v1/admin/links", { onRequest }, () => ({ links: backEnd.links() }));
  server.get<{ Params: { keyspace: string } }>(
    "/v1/admin/dump/:keyspace",
    { onRequest },
    (request, reply) => {
      const { keyspace } = request.params;
      if (!backEnd.hasKeyspace(keyspace)) {
        return give(reply, errorReply(404, "UnknownKeyspace", `there is no keyspace "${keyspace}"`));
      }
      return { keys: backEnd.dump(keyspace).map(dumpedKey) };
    },
  );
  server.post<{ Params: { peer: string }; Querystring: { deadline?: unknown } }>(
    "/v1/admin/probe/:peer",
    { onRequest },
    async (request, reply) => {
      const { peer } = request.params;
      const probed = backEnd.probe(peer, deadlineMs(request.query.deadline));
      if (probed === null)
        return give(reply, errorReply(404, "UnknownPeer", `${peer} is not a peer of this node`));
      try {
        return { peer, roundTripMs: await probed };
      } catch (error) {
        const because = error instanceof Error ? error.message : String(error);
        return give(reply, errorReply(504, "Unreachable", `${peer}: ${because}`));
      }
    },
  );
}

function dumpedKey({ key, values }: DumpedKey): Record<string, unknown> {
  const entries = values.map(({ value, version, deleted }) => ({
    value: value === null ? null : JSON.parse(value),
    version,
    deleted,
  }));
  return { key, entries };
}

/** Whatever the content type says: nobody should have to type a header for `curl -d`. */
function takeEveryBodyAsJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    try {
      return done(null, JSON.parse(body.toString()));
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      return done(new BadRequest(`the body is not JSON: ${because}`));
    }
  });
}

function replyToError(error: unknown): HttpReply {
  if (error instanceof BadRequest) {
    return errorReply(error.status, error.status === 401 ? "Unauthorized" : "BadRequest", error.message);
  }
  // Errors of the framework (a body that is too long, a broken encoding) carry the status that fits.
  if (error instanceof Error && "statusCode" in error && typeof error.statusCode === "number") {
    if (error.statusCode < 500) return errorReply(error.statusCode, "BadRequest", error.message);
  }
  throw error;
}

function give(reply: FastifyReply, { status, headers, body }: HttpReply): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

function isAuthorised(header: string | undefined, secret: string): boolean {
  const given = Buffer.from(header ?? "");
  const expected = Buffer.from(`Bearer ${secret}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
