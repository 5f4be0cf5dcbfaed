import type { RequestOptions, StoreAnswer, StoreClient } from "../../store/client/http-client.ts";
import { StoreError } from "../../store/client/http-client.ts";
import type { Completion, Invocation } from "../contracts/target.ts";
import { deadlineUs } from "../contracts/target.ts";
import type { HistoryValue } from "../history/values.ts";

/** Carries an operation out over HTTP. An outcome that is not known for sure is `info`. */
export async function submitOverHttp(client: StoreClient, invocation: Invocation): Promise<Completion> {
  const { value } = invocation;
  try {
    const answer = await perform(client, invocation);
    if (answer === null) return { type: "fail", value, error: `the store has no ${invocation.f}` };
    return completionOf(invocation, answer);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // Definite are a refused connection, and what the store itself says had no effect; nothing else is.
    return { type: error.indeterminate ? "info" : "fail", value, error: error.code };
  }
}

/** Null for a function that the store does not have: nothing was asked. */
async function perform(client: StoreClient, invocation: Invocation): Promise<StoreAnswer | null> {
  const { f, keyspace, key, value } = invocation;
  const options = optionsOf(invocation);
  switch (f) {
    case "read":
      return await client.get(keyspace, key, options);
    case "write":
      return await client.put(keyspace, key, value, options);
    case "delete":
      return await client.delete(keyspace, key, options);
    case "cas": {
      const [expected, wanted] = Array.isArray(value) ? value : [];
      return await client.cas(keyspace, key, { expected, value: wanted }, options);
    }
    default:
      return null;
  }
}

function optionsOf({ op, attempt, w, r, consistency, context, timeoutUs }: Invocation): RequestOptions {
  return {
    idempotencyKey: `${op}.${attempt}`,
    deadlineMs: Math.max(1, Math.floor(deadlineUs(timeoutUs) / 1_000)),
    timeoutMs: Math.max(1, Math.ceil(timeoutUs / 1_000)),
    ...(w === undefined ? {} : { w }),
    ...(r === undefined ? {} : { r }),
    ...(consistency === undefined ? {} : { consistency }),
    ...(context === undefined ? {} : { context }),
  };
}

function completionOf({ f, value }: Invocation, answer: StoreAnswer): Completion {
  const context = answer.context === null ? {} : { context: answer.context };
  if (f !== "read") return { type: "ok", value, ...context };
  // Any JSON that comes back is a value: the store keeps what was put.
  const values = answer.values as readonly HistoryValue[];
  const siblings = values.length > 1 ? { siblings: values } : {};
  return { type: "ok", value: values[0] ?? null, ...siblings, ...context };
}
