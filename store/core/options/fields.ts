import { KeyspaceError } from "./keyspace-error.ts";

/** An object of plain data. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object. @throws KeyspaceError */
export function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new KeyspaceError(path, `${shown(value)} is not an object`, "give {…}");
}

/** Refuses every field but those. @throws KeyspaceError */
export function onlyFields(fields: Fields, path: string, known: readonly string[]): void {
  for (const field of Object.keys(fields)) {
    if (known.includes(field)) continue;
    const right = `the settings are ${known.join(", ")}`;
    throw new KeyspaceError(`${path}.${field}`, "there is no such setting", right);
  }
}

/** An integer in a range, or the default where it is left out. @throws KeyspaceError */
export function integer(
  value: unknown,
  path: string,
  low: number,
  high: number,
  otherwise: number | null,
): number {
  if (value === undefined) {
    if (otherwise !== null) return otherwise;
    throw new KeyspaceError(path, "it is missing", `give an integer from ${low} to ${high}`);
  }
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new KeyspaceError(path, `${shown(value)} is out of range`, `give an integer from ${low} to ${high}`);
}

/** The value, or the first of the choices where it is left out. @throws KeyspaceError */
export function oneOf<Choice extends string>(
  value: unknown,
  path: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  if (value === undefined) return choices[0];
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  const right = `the choices are ${choices.map(shown).join(", ")}`;
  throw new KeyspaceError(path, `${shown(value)} is not a choice`, right);
}

/** A value as people would have typed it. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value) ?? typeof value;
}
