import type { RequestOptions, StoreAnswer, StoreClient } from "../../store/client/http-client.ts";
import { StoreError } from "../../store/client/http-client.ts";
import { unreachable } from "../base/invariant.ts";
import type { Completion, Invocation } from "../contracts/target.ts";
import { addedItem, deadlineUs } from "../contracts/target.ts";
import type { HistoryValue } from "../history/values.ts";
import type { ClientStamp } from "./client-stamps.ts";

/** Null but for writes where clients stamp. */
type Stamp = ClientStamp | null;

/** Carries an operation out over HTTP. An outcome that is not known for sure is `info`. */
export async function submitOverHttp(
  client: StoreClient,
  invocation: Invocation,
  stamp: Stamp,
): Promise<Completion> {
  const { value } = invocation;
  try {
    return completionOf(invocation, await perform(client, invocation, stamp));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // Definite are a refused connection, and what the store itself says had no effect; nothing else is.
    return { type: error.indeterminate ? "info" : "fail", value, error: error.code };
  }
}

async function perform(client: StoreClient, invocation: Invocation, stamp: Stamp): Promise<StoreAnswer> {
  const { f, keyspace, key, value } = invocation;
  const options = optionsOf(invocation, stamp);
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
    case "increment":
      return await client.increment(keyspace, key, Number(value), options);
    case "add": {
      const { item, quantity } = addedItem(value);
      return await client.add(keyspace, key, item, quantity === null ? options : { quantity, ...options });
    }
    case "remove":
      return await client.remove(keyspace, key, value, options);
    default:
      return unreachable(f);
  }
}

function optionsOf(invocation: Invocation, stamp: Stamp): RequestOptions {
  const { op, attempt, w, r, consistency, context, timeoutUs } = invocation;
  return {
    ...(stamp ?? {}),
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
