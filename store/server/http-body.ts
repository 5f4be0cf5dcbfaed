import { isRecord } from "../client/wire.ts";
import type { ClientRequest } from "../core/request.ts";
import { BadRequest } from "./bad-request.ts";

/** Longest value, in bytes of its JSON text in UTF-8 (the design's bound). */
export const maxValueBytes: number = 1_024 * 1_024;

/** What is asked for, and with what. */
export type Asked = Pick<ClientRequest, "f" | "value" | "expected" | "quantity">;

/** Reads what a body asks for. @throws BadRequest */
export function askedBy(method: string, body: unknown): Asked {
  if (method === "GET") return { f: "get", value: null };
  if (method === "DELETE") return { f: "delete", value: null };
  return method === "POST" ? changeOf(body) : replacementOf(body);
}

/** PUT: a value, and for a cas what it is to replace. */
function replacementOf(body: unknown): Asked {
  const fields = fieldsOf(body, '{"value": 1}');
  onlyFields(fields, ["value", "expected"], "the fields are value and, for a cas, expected");
  const value = valueText(fields["value"], "value");
  if (!Object.hasOwn(fields, "expected")) return { f: "put", value };
  const { expected } = fields;
  return { f: "cas", value, expected: expected === null ? null : valueText(expected, "expected") };
}

const changes = "give one of increment, add (with a quantity or without) and remove";

/** POST: a change that counters, sets and carts know. */
function changeOf(body: unknown): Asked {
  const fields = fieldsOf(body, '{"increment": 1}');
  onlyFields(fields, ["increment", "add", "remove", "quantity"], changes);
  const named = (["increment", "add", "remove"] as const).filter((name) => Object.hasOwn(fields, name));
  const [f] = named;
  if (f === undefined || named.length > 1) {
    throw new BadRequest(
      `the body names ${named.length === 0 ? "no change" : named.join(" and ")}; ${changes}`,
    );
  }
  const given = fields[f];
  if (f === "increment") {
    noQuantity(fields, f);
    if (typeof given !== "number" || !Number.isInteger(given)) {
      throw new BadRequest(`increment is ${shown(given)}; it must be a whole number`);
    }
    return { f, value: String(given) };
  }
  const value = valueText(given, f);
  if (f === "remove") {
    noQuantity(fields, f);
    return { f, value };
  }
  const { quantity } = fields;
  if (quantity === undefined) return { f, value };
  if (typeof quantity !== "number" || !Number.isInteger(quantity)) {
    throw new BadRequest(`quantity is ${shown(quantity)}; it must be a whole number`);
  }
  return { f, value, quantity };
}

function noQuantity(fields: Readonly<Record<string, unknown>>, f: string): void {
  if (Object.hasOwn(fields, "quantity")) throw new BadRequest(`${f} takes no quantity; only add does`);
}

function fieldsOf(body: unknown, example: string): Readonly<Record<string, unknown>> {
  if (!isRecord(body)) throw new BadRequest(`the body must be a JSON object such as ${example}`);
  return body;
}

function onlyFields(
  fields: Readonly<Record<string, unknown>>,
  known: readonly string[],
  right: string,
): void {
  const unknown = Object.keys(fields).find((field) => !known.includes(field));
  if (unknown !== undefined) throw new BadRequest(`there is no field ${unknown.slice(0, 64)}; ${right}`);
}

function valueText(value: unknown, name: string): string {
  if (value === undefined || value === null) {
    const wrong = value === null ? "null" : "missing";
    throw new BadRequest(`${name} is ${wrong}; null means "not there": use DELETE`);
  }
  const text = jsonText(value, name);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxValueBytes) {
    throw new BadRequest(`${name} has ${bytes} bytes; up to ${maxValueBytes} are allowed`, { status: 413 });
  }
  // A number like 1e999 is read as infinite, and would be kept as null.
  if (text.includes("null") && hasInfinity(value)) {
    throw new BadRequest(`${name} holds a number that is too large; up to 1.7976931348623157e308 are kept`);
  }
  return text;
}

function jsonText(value: unknown, name: string): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    // JSON.parse reads deeper than JSON.stringify writes.
    if (!(cause instanceof RangeError)) throw cause;
    throw new BadRequest(`${name} is nested too deep; give it less depth`, { cause });
  }
}

/** Never deeper than `JSON.stringify` has been, which takes more of the stack. */
function hasInfinity(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasInfinity);
}

/** What was given, short enough for a sentence. */
function shown(value: unknown): string {
  const text = jsonText(value, "it") ?? "missing";
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
