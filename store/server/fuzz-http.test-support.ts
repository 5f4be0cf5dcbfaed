import type { Agent, ClientRequest } from "node:http";
import { request } from "node:http";
import { connect } from "node:net";
import type { FuzzRandom } from "./fuzz-random.test-support.ts";
import { testSecret } from "./local-cluster.test-support.ts";

/** Every request is answered within this, whatever it asks for. Chosen: far above the longest deadline asked for. */
const patienceMs = 15_000;
/** A connection that has sent half a request and closes need not be answered. */
const rawPatienceMs = 2_000;

/** The statuses that the store gives on purpose. What is not among them, 500 above all, is a bug. */
const statuses: ReadonlySet<number> = new Set([
  200, 202, 400, 401, 404, 408, 409, 412, 413, 414, 417, 431, 503, 504,
]);

/** Keyspaces that may be written to; the one that must stay as it is is not among them. */
export const fuzzedKeyspaces = ["f-lww", "f-sib", "f-count", "f-set", "f-cart", "f-cas", "f-stamp"] as const;

/** What came of a request. */
export interface Fuzzed {
  readonly status: number | null;
  /** What is wrong, with all that is needed to see it again; null where nothing is. */
  readonly problem: string | null;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One request made of likely and unlikely pieces. */
export function fuzzHttp(random: FuzzRandom, port: number, agent: Agent): Promise<Fuzzed> {
  const asked = anyRequest(random);
  return new Promise((resolve) => {
    const end = (status: number | null, because: string | null): void => {
      clearTimeout(timer);
      const told = `${asked.method} ${asked.path} ${JSON.stringify(asked.headers)} ${asked.body.toString("hex").slice(0, 400)}`;
      resolve({ status, problem: because === null ? null : `${because}: ${told}` });
    };
    let sent: ClientRequest;
    const timer = setTimeout(() => {
      sent.destroy();
      end(null, `no answer within ${patienceMs} ms`);
    }, patienceMs);
    const length = asked.body.length > 0 ? { "content-length": String(asked.body.length) } : {};
    const headers = { ...asked.headers, ...length };
    try {
      sent = request({
        host: "127.0.0.1",
        port,
        agent,
        method: asked.method,
        path: asked.path,
        headers,
      });
    } catch {
      // What Node's own client does not let through is for `fuzzRawHttp`.
      end(null, null);
      return;
    }
    sent.on("error", (error) => end(null, mayBreak(error) ? null : `the connection broke, ${error.message}`));
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        end(response.statusCode ?? 0, wrongAnswer(asked.method, response.statusCode ?? 0, chunks)),
      );
      response.on("error", (error) => end(null, `the answer broke off, ${error.message}`));
    });
    sent.end(asked.body);
  });
}

/** A refused body closes its connection, and what is sent behind it may meet that. */
function mayBreak(error: NodeJS.ErrnoException): boolean {
  return error.code === "ECONNRESET" || error.code === "EPIPE";
}

function wrongAnswer(method: string, status: number, chunks: readonly Buffer[]): string | null {
  if (!statuses.has(status)) return `status ${status}`;
  if (status < 300 || method === "HEAD") return null;
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Readonly<Record<string, unknown>>;
    const isWhole = typeof body["error"] === "string" && typeof body["message"] === "string";
    return isWhole ? null : "an error without error or message";
  } catch {
    return `status ${status} with a body that is not JSON`;
  }
}

function anyRequest(random: FuzzRandom): Asked {
  return random.chance(40) ? likelyRequest(random) : unlikelyRequest(random);
}

/** One that the store carries out, unless what the key holds forbids it. */
function likelyRequest(random: FuzzRandom): Asked {
  const keyspace = random.pick(fuzzedKeyspaces);
  const path = `/v1/${keyspace}/k${random.below(50)}`;
  const count = random.chance(30) ? `?${random.pick(["w", "r"])}=${1 + random.below(3)}` : "";
  if (random.chance(40)) return { method: "GET", path: path + count, headers: {}, body: Buffer.alloc(0) };
  const item = random.pick(["milk", "eggs", 7, { size: "large" }]);
  const changes: Readonly<Record<string, unknown>> = {
    "f-count": { increment: random.below(100) - 50 },
    "f-set": random.chance(70) ? { add: item } : { remove: item },
    "f-cart": random.chance(70) ? { add: item, quantity: 1 + random.below(3) } : { remove: item },
    "f-cas": { expected: random.pick([null, 1, 2]), value: random.pick([1, 2]) },
  };
  const change = changes[keyspace];
  const isPost = change !== undefined && keyspace !== "f-cas";
  const method = isPost ? "POST" : random.chance(85) || keyspace === "f-cas" ? "PUT" : "DELETE";
  const stamp = { "client-timestamp": `${1 + random.below(1_000_000)}`, "client-id": "c1" };
  const body = method === "DELETE" ? "" : JSON.stringify(change ?? { value: anyJson(random, 3) });
  return {
    method,
    path: path + count,
    headers: keyspace === "f-stamp" ? stamp : {},
    body: Buffer.from(body),
  };
}

function unlikelyRequest(random: FuzzRandom): Asked {
  const method = random.pick([
    "GET",
    "PUT",
    "PUT",
    "POST",
    "POST",
    "DELETE",
    "PATCH",
    "HEAD",
    "OPTIONS",
    "LINK",
  ]);
  const headers: Record<string, string> = {};
  for (const name of ["causal-context", "idempotency-key", "client-timestamp", "client-id", "content-type"]) {
    if (random.chance(15)) headers[name] = headerValue(random);
  }
  if (random.chance(30))
    headers["authorization"] = random.chance(50) ? `Bearer ${testSecret}` : headerValue(random);
  return { method, path: anyPath(random) + anyQuery(random), headers, body: anyBody(random, method) };
}

function headerValue(random: FuzzRandom): string {
  const some = [
    "n1#3f2a77aa00112233:7",
    "n0#:1,n1#:2",
    "c1",
    "17000000000000",
    "-1",
    "1e9",
    "x".repeat(300),
  ] as const;
  return random.chance(60) ? random.pick(some) : random.text(20).replace(/[^\u0021-\u007e]/g, "x");
}

function anyPath(random: FuzzRandom): string {
  const kind = random.below(20);
  if (kind < 15) return `/v1/${encodeURIComponent(random.pick(fuzzedKeyspaces))}/${anyKey(random)}`;
  if (kind === 15) return `/v1/${safely(random.text(10))}/${anyKey(random)}`;
  if (kind === 16) return random.pick(["/healthz", "/readyz", "/metrics", "/", "/v1", "/v1/f-lww"]);
  if (kind === 17) {
    const what = random.pick([
      "clock",
      "links",
      "dump/f-lww",
      "dump/x",
      "membership",
      "probe/n1",
      "probe/n0",
      "nothing",
    ]);
    return `/v1/admin/${what}`;
  }
  return `/${random.text(40).replace(/[^\u0021-\u007e]|[# ]/g, "%")}`;
}

function anyKey(random: FuzzRandom): string {
  if (random.chance(70)) return `k${random.below(50)}`;
  if (random.chance(10)) return "x".repeat(1_000 + random.below(60));
  return safely(random.text(30));
}

/** Lone surrogates cannot be encoded: they are sent as broken escapes. */
function safely(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return "%ed%a0%80";
  }
}

function anyQuery(random: FuzzRandom): string {
  if (random.chance(60)) return "";
  const names = ["w", "r", "consistency", "deadline", "x"] as const;
  const values = [
    "1",
    "2",
    "3",
    "4",
    "0",
    "-1",
    "99999999",
    "ONE",
    "QUORUM",
    "ALL",
    "SOME",
    "",
    "%00",
    "[]",
  ] as const;
  const one = (): string => {
    const name = random.pick(names);
    return `${name}=${name === "deadline" ? random.pick(["1", "20", "300", "0", "x"]) : random.pick(values)}`;
  };
  return `?${Array.from({ length: 1 + random.below(3) }, one).join("&")}`;
}

function anyBody(random: FuzzRandom, method: string): Buffer {
  if (method === "GET" || method === "HEAD") return Buffer.alloc(0);
  const text = Buffer.from(JSON.stringify(bodyObject(random, method)));
  if (random.chance(70)) return text;
  return random.chance(60) ? random.mutated(text) : random.bytes(200);
}

function bodyObject(random: FuzzRandom, method: string): unknown {
  const value = anyJson(random, 3);
  // Two members cannot hold three replicas: no order that is made here is ever carried out.
  if (random.chance(5))
    return { members: [{ id: random.text(3), dc: "dc1", address: "127.0.0.1:1" }], dead: value };
  if (method === "POST") {
    const change = random.pick(["increment", "add", "remove"]);
    const amount = change === "increment" && random.chance(80) ? random.below(100) - 50 : value;
    return { [change]: amount, ...(random.chance(20) ? { quantity: random.below(4) } : {}) };
  }
  return { value, ...(random.chance(15) ? { expected: anyJson(random, 1) } : {}) };
}

function anyJson(random: FuzzRandom, depth: number): unknown {
  switch (random.below(depth > 0 ? 8 : 6)) {
    case 0:
      return random.pick([null, true, false, 0]);
    case 1:
      return random.pick([-0.5, 1e300, 2 ** 53, 1]);
    case 6:
      return Array.from({ length: random.below(4) }, () => anyJson(random, depth - 1));
    case 7:
      return Object.fromEntries([[random.text(6), anyJson(random, depth - 1)]]);
    default:
      return random.text(random.chance(2) ? 5_000 : 30);
  }
}

/** One connection with bytes that are hardly a request; whatever comes back, it must not be a 500. */
export function fuzzRawHttp(random: FuzzRandom, port: number): Promise<Fuzzed> {
  const bytes = rawBytes(random);
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    let answer = "";
    socket.setTimeout(rawPatienceMs, () => socket.destroy());
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    // A connection that the node breaks off is what such bytes deserve.
    socket.on("error", () => {});
    socket.on("close", () => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
      const isWrong = /HTTP\/1\.1 500/.test(answer);
      const problem = isWrong ? `status 500 for the bytes ${bytes.toString("hex").slice(0, 2_000)}` : null;
      resolve({ status: status === undefined ? null : Number(status), problem });
    });
    socket.write(bytes);
    socket.end();
  });
}

function rawBytes(random: FuzzRandom): Buffer {
  if (random.chance(25)) return random.bytes(400);
  const { method, path, body } = anyRequest(random);
  const length = random.chance(70) ? body.length : random.pick([0, 5, body.length + 9, 99_999_999, -3]);
  const framing = random.chance(80) ? `content-length: ${length}` : "transfer-encoding: chunked";
  const version = random.chance(90) ? "1.1" : random.pick(["1.0", "2.0", "9", ""]);
  const extra = random.chance(20) ? `${random.text(12)}: ${random.text(12)}\r\n` : "";
  const head = `${method} ${path} HTTP/${version}\r\nhost: x\r\nconnection: close\r\n${extra}${framing}\r\n\r\n`;
  const whole = Buffer.concat([Buffer.from(head), body]);
  return random.chance(60) ? random.mutated(whole) : whole;
}
