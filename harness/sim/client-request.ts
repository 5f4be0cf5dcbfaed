import type { ClientReply, ClientRequest } from "../../store/core/request.ts";
import type { OperationFunction } from "../contracts/scenario.ts";
import type { Completion, Invocation } from "../contracts/target.ts";
import { addedItem, deadlineUs } from "../contracts/target.ts";
import type { HistoryValue } from "../history/values.ts";
import { parsedValue, textOf } from "./values.ts";

/** How the store calls what operations do. */
const functionsOfStore: { readonly [F in OperationFunction]: ClientRequest["f"] } = {
  read: "get",
  write: "put",
  delete: "delete",
  cas: "cas",
  add: "add",
  remove: "remove",
  increment: "increment",
};

/** One try of an operation as a request; `stampUs` is the client's, where clients stamp. */
export function requestOf(invocation: Invocation, cause: number, stampUs: number | null): ClientRequest {
  const { op, attempt, client, keyspace, key, f, timeoutUs } = invocation;
  return {
    requestId: `${op}.${attempt}`,
    keyspace,
    key,
    f: functionsOfStore[f],
    value: textToStore(invocation),
    timeoutUs: deadlineUs(timeoutUs),
    cause,
    ...(stampUs === null ? nothingMore : { clientStampUs: stampUs, clientId: client }),
    ...optionsOf(invocation),
  };
}

/** What a client makes of the store's answer. */
export function completionOf(invocation: Invocation, reply: ClientReply): Completion {
  const { f, value } = invocation;
  if (reply.kind === "error") {
    return { type: reply.indeterminate ? "info" : "fail", value, error: reply.error };
  }
  const context = reply.context === null ? nothingMore : { context: reply.context };
  if (f !== "read") return { type: "ok", value, ...context };
  if (reply.values.length > 1) {
    const siblings = reply.values.map(parsedValue);
    return { type: "ok", value: siblings[0] ?? null, siblings, ...context };
  }
  const only = reply.values[0];
  return { type: "ok", value: only === undefined ? null : parsedValue(only), ...context };
}

const nothingMore = {};

/** What a put writes, an add adds; a cas has a pair of the value that it expects and the new one. */
function textToStore({ f, value }: Invocation): string | null {
  if (f === "read" || f === "delete") return null;
  if (f === "add") return optionalText(addedItem(value).item);
  return optionalText(f === "cas" && Array.isArray(value) ? value[1] : value);
}

function optionalText(value: HistoryValue | undefined): string | null {
  return value === undefined || value === null ? null : textOf(value);
}

type RequestOptions = Pick<ClientRequest, "w" | "r" | "consistency" | "context" | "expected" | "quantity">;

/** What an invocation may say beyond the ordinary. */
function optionsOf(invocation: Invocation): RequestOptions {
  const { w, r, consistency, context } = invocation;
  return {
    ...(w === undefined ? nothingMore : { w }),
    ...(r === undefined ? nothingMore : { r }),
    ...(consistency === undefined ? nothingMore : { consistency }),
    ...(context === undefined ? nothingMore : { context }),
    ...valueOptionsOf(invocation),
  };
}

function valueOptionsOf({ f, value }: Invocation): Pick<RequestOptions, "expected" | "quantity"> {
  if (f === "cas" && Array.isArray(value)) return { expected: optionalText(value[0]) };
  const quantity = f === "add" ? addedItem(value).quantity : null;
  return quantity === null ? nothingMore : { quantity };
}
