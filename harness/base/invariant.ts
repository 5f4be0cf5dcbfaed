/** A bug in Recount itself. Never caught below the command line, which exits with status 70. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** Throws when something that only a bug could make false is false. */
export function invariant(fact: boolean, because: string): asserts fact {
  if (!fact) throw new InvariantViolation(because);
}

/** Ends an exhaustive `switch`: adding a case to the union breaks the build, not the run. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unexpected case ${JSON.stringify(value)}`);
}

/** The value, where a bug alone could make it undefined. */
export function present<Value>(value: Value | undefined | null, what: string): Value {
  if (value === undefined || value === null) throw new InvariantViolation(`${what} is missing`);
  return value;
}
