import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, testSecret } from "./local-cluster.test-support.ts";
import type { StoreServer } from "./store-server.ts";
import { startStoreServer } from "./store-server.ts";

const authorised = { authorization: `Bearer ${testSecret}` };
const long = (count: number): string => "x".repeat(count);
const put = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: "PUT",
  body,
  headers,
});

/** What is sent, and the status, error and message that must come back. */
const table: readonly (readonly [string, string, RequestInit, number, string, RegExp])[] = [
  ["an absent key", "/v1/shop/absent", {}, 404, "NotFound", /the key is not there/],
  ["an unknown keyspace", "/v1/barn/k", {}, 404, "UnknownKeyspace", /there is no keyspace "barn"/],
  ["an unknown path", "/v2/shop/k", {}, 404, "UnknownRoute", /keys are at \/v1\/\{keyspace\}\/\{key\}/],
  ["an unknown method", "/v1/shop/k", { method: "PATCH" }, 404, "UnknownRoute", /no PATCH/],
  ["an empty key", "/v1/shop/", {}, 400, "BadRequest", /the key has 0 bytes/],
  ["a key over 1 KiB", `/v1/shop/${long(1_025)}`, {}, 400, "BadRequest", /1025 bytes; 1 to 1024/],
  [
    "a long key in few characters",
    `/v1/shop/${"%E2%82%AC".repeat(342)}`,
    {},
    400,
    "BadRequest",
    /1026 bytes/,
  ],
  ["a broken escape", "/v1/shop/%zz", {}, 400, "BadRequest", /not a valid url/],
  ["no body", "/v1/shop/k", { method: "PUT" }, 400, "BadRequest", /must be a JSON object/],
  ["a body that is not JSON", "/v1/shop/k", put("{"), 400, "BadRequest", /the body is not JSON/],
  ["a body that is no object", "/v1/shop/k", put("7"), 400, "BadRequest", /must be a JSON object/],
  ["a body without value", "/v1/shop/k", put("{}"), 400, "BadRequest", /value is missing/],
  ["a null value", "/v1/shop/k", put('{"value":null}'), 400, "BadRequest", /value is null; .* use DELETE/],
  ["an unknown field", "/v1/shop/k", put('{"value":1,"ttl":3}'), 400, "BadRequest", /no field ttl/],
  [
    "a value over 1 MiB",
    "/v1/shop/k",
    put(`{"value":"${long(1_048_575)}"}`),
    413,
    "BadRequest",
    /1048577 bytes/,
  ],
  ["a body over all limits", "/v1/shop/k", put(long(3_000_000)), 413, "BadRequest", /too large/],
  [
    "cas where there is none",
    "/v1/shop/k",
    put('{"value":1,"expected":0}'),
    400,
    "BadRequest",
    /compare-and-set/,
  ],
  ["w over n", "/v1/shop/k?w=2", put('{"value":1}'), 400, "BadRequest", /w is 2; .* give 1 to 1/],
  ["w of zero", "/v1/shop/k?w=0", put('{"value":1}'), 400, "BadRequest", /w is "0"/],
  ["r twice", "/v1/shop/k?r=1&r=1", {}, 400, "BadRequest", /r is \["1","1"\]/],
  ["an unknown parameter", "/v1/shop/k?quorum=2", {}, 400, "BadRequest", /no parameter quorum/],
  ["a deadline of zero", "/v1/shop/k?deadline=0", {}, 400, "BadRequest", /deadline is "0"/],
  ["an endless deadline", "/v1/shop/k?deadline=600001", {}, 400, "BadRequest", /1 to 600000/],
  [
    "a context",
    "/v1/shop/k",
    { headers: { "causal-context": "x" } },
    400,
    "BadRequest",
    /no causal contexts/,
  ],
  [
    "a long request id",
    "/v1/shop/k",
    put("{}", { "idempotency-key": long(129) }),
    400,
    "BadRequest",
    /1 to 128/,
  ],
  ["no secret", "/v1/admin/clock", {}, 401, "Unauthorized", /wants the cluster's secret/],
  [
    "a wrong secret",
    "/v1/admin/dump/shop",
    { headers: { authorization: "Bearer x" } },
    401,
    "Unauthorized",
    /./,
  ],
  ["a dump of nothing", "/v1/admin/dump/barn", { headers: authorised }, 404, "UnknownKeyspace", /"barn"/],
  [
    "an unknown peer",
    "/v1/admin/probe/n9",
    { method: "POST", headers: authorised },
    404,
    "UnknownPeer",
    /n9/,
  ],
];

describe("HTTP side of a node", () => {
  let server: StoreServer;
  let directory: string;
  let origin: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "recount-store-"));
    const keyspaces = join(directory, "keyspaces.json");
    await writeFile(keyspaces, '[{"name": "shop", "n": 1}]');
    const [httpPort = 0, peerPort = 0] = await freePorts(2);
    const peer = { host: "127.0.0.1", port: peerPort };
    origin = `http://127.0.0.1:${httpPort}`;
    const options = {
      keyspaces,
      data: join(directory, "n1"),
      secret: testSecret,
      defect: null,
      peer,
      id: "n1",
    };
    const members = [{ id: "n1", dc: "dc1", address: peer }];
    const http = { host: "127.0.0.1", port: httpPort };
    server = await startStoreServer({ ...options, members, http }, () => {});
  });
  after(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  for (const [what, path, init, status, error, says] of table) {
    it(`answers ${what} with ${status} ${error}`, async () => {
      const response = await fetch(origin + path, init);
      const body = (await response.json()) as Record<string, unknown>;
      assert.match(String(body["message"]), says);
      assert.deepEqual(
        [response.status, body["error"], body["indeterminate"], body["needed"], body["got"]],
        [status, error, false, 0, 0],
      );
    });
  }

  it("is alive and ready", async () => {
    for (const path of ["/healthz", "/readyz"]) assert.equal((await fetch(origin + path)).status, 200);
  });

  it("keeps values as they are, whatever the content type says", async () => {
    const value = { list: [1.5, "ünïcode \u0000 \ud83d\ude00", false, null], nested: { "": -0.25 } };
    const body = JSON.stringify({ value });
    await fetch(`${origin}/v1/shop/kept`, put(body, { "content-type": "application/x-www-form-urlencoded" }));
    const got = (await (await fetch(`${origin}/v1/shop/kept`)).json()) as { value: unknown };
    assert.deepEqual(got.value, value);
  });
});
