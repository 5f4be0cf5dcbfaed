import assert from "node:assert/strict";
import type { ReplyError } from "../core/request.ts";
import { replyErrors } from "../core/request.ts";
import { httpReply } from "./http-reply.ts";

const statuses: { readonly [error in ReplyError]: number } = {
  QuorumNotMet: 503,
  Timeout: 504,
  Overloaded: 503,
  UnknownKeyspace: 404,
  BadRequest: 400,
  NotReady: 503,
  DiskFailed: 500,
  DiskFull: 507,
  CasMismatch: 412,
  Contention: 409,
};

describe("HTTP replies", () => {
  for (const error of replyErrors) {
    it(`tell ${error} with all its facts`, () => {
      const message = "why, and what would be right";
      const reply = httpReply("PUT", {
        kind: "error",
        error,
        message,
        needed: 2,
        got: 1,
        indeterminate: true,
      });
      const isPassing = error === "Overloaded" || error === "NotReady";
      assert.deepEqual(reply, {
        status: statuses[error],
        headers: isPassing ? { "retry-after": "1" } : {},
        body: `{"error":"${error}","message":"${message}","needed":2,"got":1,"indeterminate":true}`,
      });
    });
  }

  it("pass on what was put as it is: one value, several, or none", () => {
    const ok = { kind: "ok" as const, context: "n1#:1", version: "@1 n1#.1" };
    const headers = { "causal-context": "n1#:1" };
    const version = '"version":"@1 n1#.1"';
    const one = httpReply("GET", { values: ['{"a" : 1}'], ...ok });
    assert.deepEqual(one, { status: 200, headers, body: `{"value":{"a" : 1},${version}}` });
    const two = httpReply("GET", { values: ["1", '"b"'], ...ok });
    assert.deepEqual(two, { status: 200, headers, body: `{"values":[1,"b"],${version}}` });
    const none = httpReply("GET", { values: [], ...ok });
    assert.deepEqual([none.status, none.headers], [404, headers]);
    assert.deepEqual(httpReply("POST", { values: [], ...ok }), {
      status: 200,
      headers,
      body: `{${version}}`,
    });
  });
});
