import type { Agent, IncomingMessage } from "node:http";
import { request } from "node:http";
import { StoreError } from "./store-error.ts";
import { isRecord } from "./wire.ts";

/** The longest answer that is read: a dump of a test's keyspace. */
const maxAnswerBytes = 256 * 1024 * 1024;

/** Where requests go, and over which connections. */
export interface Door {
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
}

/** One request, ready to be sent. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
}

/** What came back, and was a success. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly context: string | null;
}

/** Sends a request and reads its answer. Nothing is ever tried twice. @throws StoreError for anything but a success */
export function exchange(
  { host, port, agent }: Door,
  { method, path, body, timeoutMs, ...rest }: Exchange,
): Promise<Answer> {
  const headers: Record<string, string | number> = { ...rest.headers };
  if (body !== null) {
    headers["content-type"] = "application/json";
    headers["content-length"] = Buffer.byteLength(body);
  }
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, agent, method, path, headers });
    const timer = setTimeout(() => {
      asked.destroy(new StoreError("ClientTimeout", `no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error instanceof StoreError ? error : connectionError(error));
    };
    asked.on("error", fail);
    asked.on("response", (response) => {
      readAnswer(response).then((answer) => {
        clearTimeout(timer);
        resolve(answer);
      }, fail);
    });
    asked.end(body ?? undefined);
  });
}

/** A refused connection carried nothing; on any other, the request may have got through. */
function connectionError(cause: Error): StoreError {
  const isRefused = "code" in cause && cause.code === "ECONNREFUSED";
  if (isRefused) return new StoreError("ConnectionRefused", cause.message, { indeterminate: false, cause });
  return new StoreError("ConnectionLost", cause.message, { cause });
}

/** Reads an answer to its end. @throws StoreError for anything but a success */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new StoreError("BadAnswer", "the answer is too long");
  }
  const status = response.statusCode ?? 0;
  const body = parseBody(Buffer.concat(chunks).toString("utf8"), status);
  if (status >= 300) throw errorOf(status, body);
  const context = response.headers["causal-context"];
  return { status, body, context: typeof context === "string" ? context : null };
}

function parseBody(text: string, status: number): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body)) return body;
    throw badAnswer(status, "is not an object");
  } catch (cause) {
    throw cause instanceof StoreError ? cause : badAnswer(status, "is not JSON", cause);
  }
}

function badAnswer(status: number, wrong: string, cause?: unknown): StoreError {
  return new StoreError("BadAnswer", `an answer of status ${status} that ${wrong}`, { status, cause });
}

/** Only what the store itself says may make an error a definite one. */
function errorOf(status: number, body: Readonly<Record<string, unknown>>): StoreError {
  const { error, message, needed, got, indeterminate } = body;
  return new StoreError(
    typeof error === "string" ? error : "BadAnswer",
    String(message ?? `status ${status}`),
    {
      status,
      needed: typeof needed === "number" ? needed : 0,
      got: typeof got === "number" ? got : 0,
      indeterminate: indeterminate !== false,
    },
  );
}
