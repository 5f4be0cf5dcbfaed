import assert from "node:assert/strict";
import type { ClientRequest } from "../request.ts";
import { problemOf } from "./check-request.ts";
import { parseKeyspaces } from "./parse-keyspaces.ts";

const plain: ClientRequest = {
  requestId: "1",
  keyspace: "k",
  key: "x",
  f: "get",
  value: null,
  timeoutUs: 1_000,
  cause: 1,
};

function problem(settings: object, request: Partial<ClientRequest>): string | null {
  const [keyspace] = parseKeyspaces([{ name: "k", ...settings }]);
  assert.ok(keyspace);
  return problemOf({ ...plain, ...request }, keyspace);
}

const put = { f: "put", value: "a" } as const;
const cas = { f: "cas", value: "a" } as const;
const caspaxos = { protocol: "caspaxos" };

describe("requests", () => {
  const good: readonly (readonly [object, Partial<ClientRequest>])[] = [
    [{}, {}],
    [{}, { key: "x".repeat(1_024), timeoutUs: 3_600_000_000 }],
    [{}, { value: "x".repeat(1_048_576), f: "put", w: 3, r: 1, consistency: "EACH_QUORUM" }],
    [{ cas: "quorum" }, { expected: "b", ...cas }],
    [caspaxos, { expected: null, w: 3, r: 2, ...cas }],
    [{ cas: "caspaxos" }, { w: 1, consistency: "ONE", ...put }],
    [{ versions: "siblings" }, { context: "n1#00ff:3,n2#:1", ...put }],
    [{ versions: "pn-counter" }, { f: "increment", value: "-1000000000" }],
    [{ versions: "or-cart" }, { f: "add", value: '"milk"', quantity: 1_000_000 }],
    [{ stamp: "client" }, { clientStampUs: 1, clientId: "client_1.a-b", ...put }],
  ];
  for (const [settings, request] of good) {
    it(`are taken: ${JSON.stringify([settings, request]).slice(0, 80)}`, () => {
      assert.equal(problem(settings, request), null);
    });
  }

  const bad: readonly (readonly [object, Partial<ClientRequest>, string])[] = [
    [{}, { key: "" }, "the key has 0 characters; give 1 to 1024"],
    [{}, { key: "x".repeat(1_025) }, "the key has 1025 characters; give 1 to 1024"],
    [{}, { timeoutUs: 0 }, "a timeout of 0 µs cannot be; give 1 to 3600000000"],
    [{}, { timeoutUs: 1.5 }, "a timeout of 1.5 µs cannot be; give 1 to 3600000000"],
    [{}, { f: "add" }, 'keyspace "k" has lww versions and knows no add; use get, put, delete, cas'],
    [
      { versions: "pn-counter" },
      put,
      'keyspace "k" has pn-counter versions and knows no put; use get, increment',
    ],
    [{}, cas, 'keyspace "k" has no compare-and-set; use put'],
    [{}, { f: "put" }, "put needs a value; use delete to remove the key"],
    [{ cas: "quorum" }, { f: "cas" }, "cas needs a value"],
    [
      {},
      { f: "put", value: "x".repeat(1_048_577) },
      "the value has 1048577 characters; give at most 1048576",
    ],
    [
      { cas: "quorum" },
      { expected: "x".repeat(1_048_577), ...cas },
      "the value has 1048577 characters; give at most 1048576",
    ],
    [{}, { expected: "b", ...put }, "put compares nothing; leave expected out, or use cas"],
    [
      { versions: "pn-counter" },
      { f: "increment", value: "1.5" },
      "an increment is a whole number from -1000000000 to 1000000000, not 1.5",
    ],
    [
      { versions: "or-cart" },
      { f: "add", value: '"milk"', quantity: 0 },
      "a quantity of 0 cannot be; give 1 to 1000000",
    ],
    [{}, { w: 4 }, 'w is 4; keyspace "k" has n = 3, so give 1 to 3'],
    [{}, { r: 0 }, 'r is 0; keyspace "k" has n = 3, so give 1 to 3'],
    [
      {},
      { consistency: "quorum" },
      'there is no consistency level "quorum"; the levels are ONE, TWO, QUORUM, ALL, LOCAL_ONE, LOCAL_QUORUM, EACH_QUORUM',
    ],
    [caspaxos, { r: 1 }, 'r is 1; keyspace "k" decides by ballots, so give 2 to 3'],
    [{ cas: "caspaxos" }, { w: 1, ...cas }, 'w is 1; keyspace "k" decides by ballots, so give 2 to 3'],
    [
      caspaxos,
      { consistency: "ALL" },
      'keyspace "k" decides by ballots, whose quorums must meet; leave the consistency level out',
    ],
    [{}, { context: "n1#:1" }, 'keyspace "k" keeps no causal contexts; leave the context out'],
    [
      { versions: "siblings" },
      { context: "n1", ...put },
      "the context is not one that a read returned; give it unchanged",
    ],
    [{}, { clientId: "c1" }, 'keyspace "k" takes no timestamps from clients; leave stamp and client id out'],
    [
      { stamp: "client" },
      { clientId: "c1", ...put },
      'keyspace "k" wants the client\'s timestamp, in microseconds, as a whole number above 0',
    ],
    [
      { stamp: "client" },
      { clientStampUs: 1, clientId: "c 1", ...put },
      'keyspace "k" wants the client\'s id: 1 to 32 letters, digits, -, _ or .',
    ],
  ];
  for (const [settings, request, text] of bad) {
    it(`are refused: ${text}`, () => {
      assert.equal(problem(settings, request), text);
    });
  }
});
