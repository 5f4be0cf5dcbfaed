/** Deepest state that is looked into. Chosen: far beyond any model, far below the stack. */
const deepest = 64;

/** What of a value JSON would lose, in words; null where it would lose nothing. */
export function notPlain(value: unknown, depth = 0): string | null {
  if (value === null || typeof value === "string" || typeof value === "boolean") return null;
  if (typeof value === "number") return Number.isFinite(value) ? null : `the number ${value}`;
  if (typeof value === "undefined") return "undefined";
  if (typeof value !== "object") return `a ${typeof value}`;
  if (depth === deepest) return `more than ${deepest} levels`;
  return Array.isArray(value) ? firstNotPlain(value, depth) : notPlainObject(value, depth);
}

function notPlainObject(value: object, depth: number): string | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return firstNotPlain(Object.values(value), depth);
  return `a ${value.constructor.name}`;
}

function firstNotPlain(values: readonly unknown[], depth: number): string | null {
  for (const value of values) {
    const wrong = notPlain(value, depth + 1);
    if (wrong !== null) return wrong;
  }
  return null;
}
