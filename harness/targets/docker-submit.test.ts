import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { StoreClient } from "../../store/client/http-client.ts";
import type { Invocation } from "../contracts/target.ts";
import { ClientStamps } from "./client-stamps.ts";
import { submitOverHttp } from "./docker-submit.ts";

const asked: Pick<
  Invocation,
  "op" | "attempt" | "client" | "site" | "node" | "keyspace" | "key" | "timeoutUs"
> = { op: 7, attempt: 0, client: "c1", site: "s1", node: "n1", keyspace: "k", key: "x", timeoutUs: 500_000 };

interface Heard {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

describe("an operation over HTTP", () => {
  let server: Server;
  let client: StoreClient;
  let heard: Heard[] = [];
  let answer: { readonly status: number; readonly body: unknown; readonly context?: string };

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const { pathname } = new URL(request.url ?? "", "http://node");
        const line = `${request.method} ${pathname}`;
        heard.push({ line, headers: request.headers, body: text === "" ? null : JSON.parse(text) });
        const { status, body, context } = answer;
        response.writeHead(status, context === undefined ? {} : { "causal-context": context });
        response.end(JSON.stringify(body));
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    client = new StoreClient({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  });
  beforeEach(() => {
    heard = [];
    answer = { status: 200, body: { version: "@1" } };
  });
  after(() => {
    client.close();
    server.close();
  });

  const changes: readonly [Pick<Invocation, "f" | "value">, string, unknown][] = [
    [{ f: "write", value: 1 }, "PUT /v1/k/x", { value: 1 }],
    [{ f: "delete", value: null }, "DELETE /v1/k/x", null],
    [{ f: "cas", value: [null, 2] }, "PUT /v1/k/x", { expected: null, value: 2 }],
    [{ f: "increment", value: -3 }, "POST /v1/k/x", { increment: -3 }],
    [{ f: "add", value: "milk" }, "POST /v1/k/x", { add: "milk" }],
    [{ f: "add", value: ["milk", 2] }, "POST /v1/k/x", { add: "milk", quantity: 2 }],
    [{ f: "remove", value: "milk" }, "POST /v1/k/x", { remove: "milk" }],
  ];
  for (const [change, line, body] of changes) {
    it(`asks for ${change.f} of ${JSON.stringify(change.value)}`, async () => {
      const completion = await submitOverHttp(client, { ...asked, ...change, context: "n1#:1" }, null);
      assert.deepEqual(completion, { type: "ok", value: change.value });
      assert.deepEqual(
        heard.map((request) => [request.line, request.body]),
        [[line, body]],
      );
      const { headers } = heard[0] ?? assert.fail("nothing was heard");
      assert.deepEqual([headers["idempotency-key"], headers["causal-context"]], ["7.0", "n1#:1"]);
      assert.equal(headers["client-timestamp"], undefined);
    });
  }

  it("reads one value, several siblings, sets, carts and nothing", async () => {
    const read = { ...asked, f: "read", value: null } as const;
    answer = { status: 200, body: { values: [["a"], ["b"]] }, context: "n1#:2" };
    assert.deepEqual(await submitOverHttp(client, read, null), {
      type: "ok",
      value: ["a"],
      siblings: [["a"], ["b"]],
      context: "n1#:2",
    });
    answer = { status: 200, body: { values: [{ milk: 2 }] } };
    assert.deepEqual(await submitOverHttp(client, read, null), { type: "ok", value: { milk: 2 } });
    answer = { status: 404, body: { error: "NotFound", indeterminate: false } };
    assert.deepEqual(await submitOverHttp(client, read, null), { type: "ok", value: null });
  });

  it("is unknown unless the store says that it had no effect", async () => {
    const write = { ...asked, f: "write", value: 1 } as const;
    answer = { status: 503, body: { error: "Timeout", indeterminate: true } };
    assert.deepEqual(await submitOverHttp(client, write, null), { type: "info", value: 1, error: "Timeout" });
    answer = { status: 409, body: { error: "CasMismatch", indeterminate: false } };
    assert.equal((await submitOverHttp(client, write, null)).type, "fail");
  });

  it("carries the client's stamp, the same in every try and a later one in the next operation", async () => {
    const stamps = new ClientStamps([{ name: "k", stamp: "client" }, { name: "other" }], () => 5);
    const write = { ...asked, f: "write", value: 1 } as const;
    for (const tried of [write, { ...write, attempt: 1 }, { ...write, op: 8, client: "c2" }]) {
      await submitOverHttp(client, tried, stamps.of(tried));
    }
    assert.deepEqual(
      heard.map(({ headers }) => [headers["client-timestamp"], headers["client-id"]]),
      [
        ["5000", "c1"],
        ["5000", "c1"],
        ["5001", "c2"],
      ],
    );
    assert.equal(stamps.of({ ...write, f: "read" }), null);
    assert.equal(stamps.of({ ...write, keyspace: "other" }), null);
  });
});
