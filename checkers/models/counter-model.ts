import type { Model, ModelOperation } from "./model.ts";

/** A number, 0 at first, with `increment` (or `add`), `decrement` and `read`. */
export const counterModel: Model<number> = {
  name: "counter",
  partition: "key",
  initial: 0,
  functions: ["increment", "add", "decrement", "read"],
  step(count, operation) {
    const { f, result } = operation;
    if (f === "decrement") return count - amountOf(operation);
    if (f !== "read") return count + amountOf(operation);
    return result === undefined || (result ?? 0) === count ? count : null;
  },
  isReadOnly: ({ f }) => f === "read",
};

function amountOf({ f, value }: ModelOperation): number {
  if (!Number.isSafeInteger(value))
    throw new TypeError(`${f} takes a whole number, not ${JSON.stringify(value)}`);
  return value as number;
}
