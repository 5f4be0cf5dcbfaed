import type { HistoryValue } from "../../harness/history/values.ts";
import { sameValue } from "../../harness/history/values.ts";
import type { Model, ModelOperation } from "./model.ts";

/** A state must not be null itself: that would read as "forbidden". */
interface Held {
  readonly value: HistoryValue;
}

const empty: Held = { value: null };

/** A register with reads, writes and deletes; `null` is what it holds at first and after a delete. */
export const registerModel: Model<Held> = {
  name: "register",
  partition: "key",
  initial: empty,
  functions: ["read", "write", "delete"],
  step: stepRegister,
  isReadOnly: neverWrites,
};

/** A register that has compare-and-set, too: `[expected, new]`. */
export const casRegisterModel: Model<Held> = {
  ...registerModel,
  name: "cas-register",
  functions: ["read", "write", "delete", "cas"],
  refusals: ["cas"],
};

function neverWrites({ f, outcome }: ModelOperation): boolean {
  return f === "read" || outcome === "fail";
}

function stepRegister(held: Held, operation: ModelOperation): Held | null {
  const { f, value, result } = operation;
  if (f === "write") return { value };
  if (f === "delete") return empty;
  if (f === "cas") return stepCas(held, operation);
  return result === undefined || sameValue(held.value, result) ? held : null;
}

function stepCas(held: Held, { value, outcome }: ModelOperation): Held | null {
  const [expected = null, next = null] = Array.isArray(value) ? value : [];
  const hits = sameValue(held.value, expected);
  if (outcome === "fail") return hits ? null : held;
  if (hits) return { value: next };
  return outcome === "ok" ? null : held;
}
