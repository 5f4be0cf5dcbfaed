import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply } from "fastify";
import fastify from "fastify";
import type { ClientReply, ClientRequest } from "../core/request.ts";
import { BadRequest } from "./bad-request.ts";
import type { AdminBackEnd } from "./http-admin.ts";
import { addAdminRoutes } from "./http-admin.ts";
import { maxValueBytes } from "./http-body.ts";
import type { HttpReply } from "./http-reply.ts";
import { errorReply, httpReply, okReply } from "./http-reply.ts";
import { parseRequest } from "./http-request.ts";
import type { OpenRequests } from "./open-requests.ts";

/** Room for the JSON around two values of a cas. */
const maxBodyBytes = 2 * maxValueBytes + 4_096;
/** A key of 1 KiB, each byte written with three characters. */
const maxParameterLength = 3 * 1_024;
/** How long a client may take to send a request. Chosen: two values of 1 MiB at 1 Mbit/s take 17 s. */
const requestTimeoutMs = 30_000;
/** Chosen: each costs some 20 KB at rest, and the harness opens a few hundred. */
const maxConnections = 4_096;

/** What the HTTP side may ask of the node. */
export interface HttpBackEnd extends AdminBackEnd {
  readonly open: OpenRequests;
  /** Why the node takes no requests; null when it does. */
  closedBecause(): string | null;
  /** Why others should be asked rather than this node; it may take requests all the same. */
  notReadyBecause(): string | null;
  request(request: ClientRequest, done: (reply: ClientReply) => void): void;
  /** What Prometheus reads. */
  metrics(): Promise<{ readonly type: string; readonly text: string }>;
}

/** Makes the server; it does not listen yet. */
export function makeHttpServer(backEnd: HttpBackEnd): FastifyInstance {
  const server = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: maxParameterLength },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) =>
      void give(reply, errorReply(400, "BadRequest", error.message)),
  });
  server.server.maxConnections = maxConnections;
  takeEveryBodyAsJson(server);
  server.setErrorHandler((error, _request, reply) => give(reply, replyToError(error)));
  server.setNotFoundHandler((request, reply) => {
    const message = `there is no ${request.method} ${request.url.slice(0, 256)}; keys are at /v1/{keyspace}/{key}`;
    return give(reply, errorReply(404, "UnknownRoute", message));
  });
  server.get("/healthz", (_request, reply) => give(reply, okReply({ alive: true, node: backEnd.id })));
  server.get("/readyz", (_request, reply) => {
    const because = backEnd.notReadyBecause();
    if (because !== null) return give(reply, errorReply(503, "NotReady", because));
    return give(reply, okReply({ ready: true, node: backEnd.id }));
  });
  server.get("/metrics", async (_request, reply) => {
    const { type, text } = await backEnd.metrics();
    return reply.type(type).send(text);
  });
  addKeyRoutes(server, backEnd);
  addAdminRoutes(server, backEnd, give);
  return server;
}

function addKeyRoutes(server: FastifyInstance, backEnd: HttpBackEnd): void {
  let count = 0;
  server.route<{ Params: { keyspace: string; key: string }; Querystring: Record<string, unknown> }>({
    method: ["GET", "PUT", "POST", "DELETE"],
    url: "/v1/:keyspace/:key",
    handler(request, reply) {
      const { method, params, query, headers, body } = request;
      count += 1;
      const fallback = { requestId: `${backEnd.incarnation}-${count}`, cause: count % 0x2000_0000 };
      const parsed = parseRequest({ method, ...params, query, headers, body }, fallback);
      const because = backEnd.closedBecause();
      if (because !== null) {
        give(reply, errorReply(503, "NotReady", because));
        return;
      }
      holdOpen(backEnd.open, reply.raw);
      backEnd.request(parsed, (answer) => void give(reply, httpReply(method, answer)));
    },
  });
}

/** A request is open until its answer has left, or its connection has broken. */
function holdOpen(open: OpenRequests, response: ServerResponse): void {
  open.begin();
  response.once("close", () => open.end());
}

/** Statuses of what Node's parser gives up on; anything else is a 400. */
const brokenStatuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** Bytes that are no request: nothing behind them can be one either. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = brokenStatuses[error.code ?? ""] ?? "400 Bad Request";
  const { body } = errorReply(400, "BadRequest", `this is no HTTP request: ${error.message}`);
  const type = "content-type: application/json; charset=utf-8";
  const length = `content-length: ${Buffer.byteLength(body)}`;
  socket.end(`HTTP/1.1 ${status}\r\n${type}\r\n${length}\r\nconnection: close\r\n\r\n${body}`);
  socket.destroySoon();
}

/** Whatever the content type says: nobody should have to type a header for `curl -d`. */
function takeEveryBodyAsJson(server: FastifyInstance): void {
  server.addHook("onRequest", (request, _reply, done) => {
    // One that is malformed would be refused before anybody has looked at the body.
    delete request.headers["content-type"];
    done();
  });
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
  return reply.code(status).headers(headers).type("application/json; charset=utf-8").send(body);
}
