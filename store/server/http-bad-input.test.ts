import assert from "node:assert/strict";
import type { HttpNode } from "./http-node.test-support.ts";
import { HttpNodes } from "./http-node.test-support.ts";
import { testSecret } from "./local-cluster.test-support.ts";

const authorised = { authorization: `Bearer ${testSecret}` };
const long = (count: number): string => "x".repeat(count);
const put = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: "PUT",
  body,
  headers,
});
const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body,
  headers,
});

const keyspaces = [
  { name: "shop", n: 1 },
  { name: "notes", n: 1, versions: "siblings" },
  { name: "count", n: 1, versions: "pn-counter" },
  { name: "tags", n: 1, versions: "or-set" },
  { name: "cart", n: 1, versions: "or-cart" },
  { name: "stamped", n: 1, stamp: "client" },
  { name: "agreed", n: 1, protocol: "caspaxos" },
];

const orderExample = '{"members": [{"id": "n1", "dc": "dc1", "address": "127.0.0.1:7001"}], "dead": []}';
const changes = "give one of increment, add (with a quantity or without) and remove";

/** What is sent, and the status, error and message that must come back. */
const table: readonly (readonly [string, string, RequestInit, number, string, string])[] = [
  ["an absent key", "/v1/shop/absent", {}, 404, "NotFound", "the key is not there"],
  ["an unknown keyspace", "/v1/barn/k", {}, 404, "UnknownKeyspace", 'there is no keyspace "barn"'],
  [
    "an unknown path",
    "/v2/shop/k",
    {},
    404,
    "UnknownRoute",
    "there is no GET /v2/shop/k; keys are at /v1/{keyspace}/{key}",
  ],
  [
    "an unknown method",
    "/v1/shop/k",
    { method: "PATCH" },
    404,
    "UnknownRoute",
    "there is no PATCH /v1/shop/k; keys are at /v1/{keyspace}/{key}",
  ],
  ["an empty key", "/v1/shop/", {}, 400, "BadRequest", "the key has 0 bytes; 1 to 1024 are allowed"],
  [
    "a key over 1 KiB",
    `/v1/shop/${long(1_025)}`,
    {},
    400,
    "BadRequest",
    "the key has 1025 bytes; 1 to 1024 are allowed",
  ],
  [
    "a long key in few characters",
    `/v1/shop/${"%E2%82%AC".repeat(342)}`,
    {},
    400,
    "BadRequest",
    "the key has 1026 bytes; 1 to 1024 are allowed",
  ],
  ["a broken escape", "/v1/shop/%zz", {}, 400, "BadRequest", "'/v1/shop/%zz' is not a valid url component"],
  [
    "no body",
    "/v1/shop/k",
    { method: "PUT" },
    400,
    "BadRequest",
    'the body must be a JSON object such as {"value": 1}',
  ],
  [
    "a body that is not JSON",
    "/v1/shop/k",
    put("["),
    400,
    "BadRequest",
    "the body is not JSON: Unexpected end of JSON input",
  ],
  [
    "a body that is no object",
    "/v1/shop/k",
    put("7"),
    400,
    "BadRequest",
    'the body must be a JSON object such as {"value": 1}',
  ],
  [
    "a body without value",
    "/v1/shop/k",
    put("{}"),
    400,
    "BadRequest",
    'value is missing; null means "not there": use DELETE',
  ],
  [
    "a null value",
    "/v1/shop/k",
    put('{"value":null}'),
    400,
    "BadRequest",
    'value is null; null means "not there": use DELETE',
  ],
  [
    "an unknown field",
    "/v1/shop/k",
    put('{"value":1,"ttl":3}'),
    400,
    "BadRequest",
    "there is no field ttl; the fields are value and, for a cas, expected",
  ],
  [
    "a number that would be kept as null",
    "/v1/shop/k",
    put('{"value":[null,{"a":1e999}]}'),
    400,
    "BadRequest",
    "value holds a number that is too large; up to 1.7976931348623157e308 are kept",
  ],
  [
    "a value that nobody could write out",
    "/v1/shop/k",
    put(`{"value":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
    400,
    "BadRequest",
    "value is nested too deep; give it less depth",
  ],
  [
    "a value over 1 MiB",
    "/v1/shop/k",
    put(`{"value":"${long(1_048_575)}"}`),
    413,
    "BadRequest",
    "value has 1048577 bytes; up to 1048576 are allowed",
  ],
  [
    "a body over all limits",
    "/v1/shop/k",
    put(long(3_000_000)),
    413,
    "BadRequest",
    "Request body is too large",
  ],
  [
    "cas where there is none",
    "/v1/shop/k",
    put('{"value":1,"expected":0}'),
    400,
    "BadRequest",
    'keyspace "shop" has no compare-and-set; use put',
  ],
  [
    "w over n",
    "/v1/shop/k?w=2",
    put('{"value":1}'),
    400,
    "BadRequest",
    'w is 2; keyspace "shop" has n = 1, so give 1 to 1',
  ],
  [
    "w of zero",
    "/v1/shop/k?w=0",
    put('{"value":1}'),
    400,
    "BadRequest",
    'w is "0"; it must be a number from 1 to n',
  ],
  ["r twice", "/v1/shop/k?r=1&r=1", {}, 400, "BadRequest", 'r is ["1","1"]; it must be a number from 1 to n'],
  [
    "a level that is none",
    "/v1/shop/k?consistency=SOME",
    {},
    400,
    "BadRequest",
    'there is no consistency level "SOME"; the levels are ONE, TWO, QUORUM, ALL, LOCAL_ONE, LOCAL_QUORUM, EACH_QUORUM',
  ],
  [
    "an unknown parameter",
    "/v1/shop/k?quorum=2",
    {},
    400,
    "BadRequest",
    "there is no parameter quorum; the parameters are w, r, consistency, deadline",
  ],
  [
    "a deadline of zero",
    "/v1/shop/k?deadline=0",
    {},
    400,
    "BadRequest",
    'deadline is "0"; it must be 1 to 600000 milliseconds',
  ],
  [
    "an endless deadline",
    "/v1/shop/k?deadline=600001",
    {},
    400,
    "BadRequest",
    'deadline is "600001"; it must be 1 to 600000 milliseconds',
  ],
  [
    "a context where there are none",
    "/v1/shop/k",
    { headers: { "causal-context": "x" } },
    400,
    "BadRequest",
    'keyspace "shop" keeps no causal contexts; leave the context out',
  ],
  [
    "a malformed context",
    "/v1/notes/k",
    put('{"value":1}', { "causal-context": "n1#zz:1" }),
    400,
    "BadRequest",
    "the context is not one that a read returned; give it unchanged",
  ],
  [
    "a long request id",
    "/v1/shop/k",
    put("{}", { "idempotency-key": long(129) }),
    400,
    "BadRequest",
    "the idempotency-key header must be given once, with 1 to 128 characters",
  ],
  [
    "a timestamp that is none",
    "/v1/stamped/k",
    put('{"value":1}', { "client-timestamp": "-5", "client-id": "c1" }),
    400,
    "BadRequest",
    'the client-timestamp header is "-5"; it must be microseconds from 1 to 9007199254740991',
  ],
  [
    "a timestamp where nobody asked for one",
    "/v1/shop/k",
    put('{"value":1}', { "client-timestamp": "5", "client-id": "c1" }),
    400,
    "BadRequest",
    'keyspace "shop" takes no timestamps from clients; leave stamp and client id out',
  ],
  [
    "no timestamp where one is needed",
    "/v1/stamped/k",
    put('{"value":1}'),
    400,
    "BadRequest",
    `keyspace "stamped" wants the client's timestamp, in microseconds, as a whole number above 0`,
  ],
  ["no change", "/v1/count/k", post("{}"), 400, "BadRequest", `the body names no change; ${changes}`],
  [
    "two changes",
    "/v1/tags/k",
    post('{"add":1,"remove":2}'),
    400,
    "BadRequest",
    `the body names add and remove; ${changes}`,
  ],
  [
    "an unknown change",
    "/v1/count/k",
    post('{"double":1}'),
    400,
    "BadRequest",
    `there is no field double; ${changes}`,
  ],
  [
    "half an increment",
    "/v1/count/k",
    post('{"increment":0.5}'),
    400,
    "BadRequest",
    "increment is 0.5; it must be a whole number",
  ],
  [
    "a quantity to remove",
    "/v1/cart/k",
    post('{"remove":"milk","quantity":2}'),
    400,
    "BadRequest",
    "remove takes no quantity; only add does",
  ],
  [
    "a put to a counter",
    "/v1/count/k",
    put('{"value":1}'),
    400,
    "BadRequest",
    'keyspace "count" has pn-counter versions and knows no put; use get, increment',
  ],
  [
    "no secret",
    "/v1/admin/clock",
    {},
    401,
    "Unauthorized",
    "the admin side wants the cluster's secret: Authorization: Bearer …",
  ],
  [
    "a wrong secret",
    "/v1/admin/dump/shop",
    { headers: { authorization: "Bearer x" } },
    401,
    "Unauthorized",
    "the admin side wants the cluster's secret: Authorization: Bearer …",
  ],
  [
    "a dump of nothing",
    "/v1/admin/dump/barn",
    { headers: authorised },
    404,
    "UnknownKeyspace",
    'there is no keyspace "barn"',
  ],
  [
    "an unknown peer",
    "/v1/admin/probe/n9",
    { method: "POST", headers: authorised },
    404,
    "UnknownPeer",
    "n9 is not a peer of this node",
  ],
  [
    "a membership without members",
    "/v1/admin/membership",
    post('{"members":[]}', authorised),
    400,
    "BadRequest",
    `members: Too small: expected array to have >=1 items; give ${orderExample}`,
  ],
  [
    "a member without a port",
    "/v1/admin/membership",
    post('{"members":[{"id":"n1","dc":"dc1","address":"here"}]}', authorised),
    400,
    "BadRequest",
    `members.0.address: an address is HOST:PORT; give ${orderExample}`,
  ],
  [
    "a member that is there twice",
    "/v1/admin/membership",
    post(
      '{"members":[{"id":"n1","dc":"d","address":"h:1"},{"id":"n1","dc":"d","address":"h:2"}]}',
      authorised,
    ),
    400,
    "BadRequest",
    "members: n1 is there twice",
  ],
];

describe("bad input over HTTP", () => {
  let nodes: HttpNodes;
  let node: HttpNode;

  before(async () => {
    nodes = await HttpNodes.prepare(keyspaces);
    const [only] = await nodes.start(1);
    assert.ok(only !== undefined);
    node = only;
  });
  after(() => nodes.close());

  for (const [what, path, init, status, error, message] of table) {
    it(`answers ${what} with ${status} ${error}`, async () => {
      const response = await fetch(node.origin + path, init);
      assert.deepEqual(
        { status: response.status, body: await response.json() },
        { status, body: { error, message, needed: 0, got: 0, indeterminate: false } },
      );
    });
  }
});
