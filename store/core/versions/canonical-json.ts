/** Lists and objects inside one another. Chosen: no item needs more, and no stack is too small for it. */
export const mostNestedJson = 32;

/** A JSON text in one form only: no spaces, fields sorted. Null where it is none, or nested too deep. */
export function canonicalJson(text: string): string | null {
  try {
    return textOf(JSON.parse(text), 0);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function textOf(value: unknown, depth: number): string | null {
  if (depth > mostNestedJson) return null;
  if (Array.isArray(value))
    return joined(
      "[",
      value.map((item) => textOf(item, depth + 1)),
      "]",
    );
  if (typeof value === "object" && value !== null) return joined("{", fieldsOf(value, depth), "}");
  // A number may be too large for the format that JSON's readers use.
  return typeof value === "number" && !Number.isFinite(value) ? null : JSON.stringify(value);
}

function fieldsOf(value: object, depth: number): readonly (string | null)[] {
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([name, field]) => {
    const text = textOf(field, depth + 1);
    return text === null ? null : `${JSON.stringify(name)}:${text}`;
  });
}

function joined(open: string, parts: readonly (string | null)[], close: string): string | null {
  return parts.includes(null) ? null : `${open}${parts.join(",")}${close}`;
}
