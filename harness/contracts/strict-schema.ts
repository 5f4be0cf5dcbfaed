import { z } from "zod";
import type { OperatingErrorCode } from "../base/errors.ts";
import { OperatingError } from "../base/errors.ts";

/** An object with these fields and no other; an unknown one is answered with the list of the known. */
export function strict<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys")
        return `unknown field ${quoted(issue.keys)}; known are ${known}`;
      return issue.input === undefined ? "is missing; an object must stand here" : "must be an object";
    },
  });
}

/** One of several objects, told apart by their `kind`. */
export function oneKindOf<
  Options extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(kinds: readonly string[], options: Options): z.ZodDiscriminatedUnion<Options, "kind"> {
  return z.discriminatedUnion("kind", options, {
    error: ({ input }) => {
      const names = kinds.join(", ");
      if (typeof input !== "object" || input === null) return `must be an object with a kind: ${names}`;
      const kind: unknown = Reflect.get(input, "kind");
      return kind === undefined
        ? `is missing; it is one of ${names}`
        : `${JSON.stringify(kind)} is none of ${names}`;
    },
  });
}

/** One of these names. */
export function oneOf<const Names extends readonly string[]>(
  names: Names,
): z.ZodEnum<z.core.util.ToEnum<Names[number]>> {
  return z.enum(names, `must be one of ${names.map((name) => JSON.stringify(name)).join(", ")}`);
}

/** An integer between the two, both included; said in words where it is not. */
export function integer(low: number, high: number = Number.MAX_SAFE_INTEGER): z.ZodInt {
  const range = high === Number.MAX_SAFE_INTEGER ? `of ${low} or more` : `from ${low} to ${high}`;
  const error = `must be an integer ${range}`;
  return z.int(error).min(low, error).max(high, error);
}

/** A text of at least one sign. */
export function text(): z.ZodString {
  return z.string("must be a text").min(1, "must not be empty");
}

/**
 * Checks a value from outside. It is handed back as it came, for the order of its fields is part of a history's
 * bytes.
 *
 * @throws OperatingError with the path, what is wrong there, and what would be right
 */
export function refuseUnless(schema: z.ZodType, json: unknown, code: OperatingErrorCode): void {
  const { error } = schema.safeParse(json);
  if (error === undefined) return;
  const [first] = error.issues;
  if (first !== undefined) throw new OperatingError(code, `${pathText(first.path)}: ${first.message}`);
}

/** A path as it would be written in code: `operations[3].node`. */
export function pathText(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  const joined = parts.join("");
  return joined === "" ? "the whole" : joined.replace(/^\./, "");
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}
