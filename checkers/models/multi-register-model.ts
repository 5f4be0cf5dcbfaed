import type { HistoryValue } from "../../harness/history/values.ts";
import { sameValue } from "../../harness/history/values.ts";
import type { Model, ModelOperation } from "./model.ts";

/** Registers by the JSON of their keys, in ascending order; one that is missing holds null. */
type Registers = readonly (readonly [key: string, value: HistoryValue])[];

/** A read or write within a transaction. */
interface Part {
  readonly isRead: boolean;
  readonly key: string;
  readonly value: HistoryValue;
}

const kinds: Readonly<Record<string, "read" | "write">> = {
  r: "read",
  read: "read",
  w: "write",
  write: "write",
};

/**
 * Registers that one operation may read and write several of at once. The value of a `txn` is a list of
 * `["r", key, null]` and `["w", key, value]`, as Jepsen has them; its answer has what was read in place of null.
 */
export const multiRegisterModel: Model<Registers> = {
  name: "multi-register",
  partition: "whole",
  initial: [],
  functions: ["txn", "read", "write"],
  step: stepRegisters,
  isReadOnly: (operation) => partsOf(operation).every(({ isRead }) => isRead),
};

function stepRegisters(before: Registers, operation: ModelOperation): Registers | null {
  const parts = partsOf(operation);
  const answers = answersTo(operation, parts);
  if (answers === null) return null;
  let registers = before;
  for (const [at, { isRead, key, value }] of parts.entries()) {
    if (!isRead) registers = withRegister(registers, key, value);
    else if (answers !== "unknown" && !sameValue(heldAt(registers, key), answers[at] ?? null)) return null;
  }
  return registers;
}

/** What was asked for; throws where that is no transaction. */
function partsOf({ f, key, value }: ModelOperation): readonly Part[] {
  if (f !== "txn") return [{ isRead: f === "read", key: JSON.stringify(key), value }];
  const parts = partsIn(value);
  if (parts === null) {
    throw new TypeError(
      `a txn is a list of ["r", key, null] and ["w", key, value], not ${JSON.stringify(value)}`,
    );
  }
  return parts;
}

function partsIn(value: HistoryValue): readonly Part[] | null {
  if (!Array.isArray(value)) return null;
  const parts = value.flatMap((part: HistoryValue): Part[] => {
    const [name, key = null, held = null] = Array.isArray(part) ? part : [];
    const kind = typeof name === "string" && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    return kind === undefined ? [] : [{ isRead: kind === "read", key: JSON.stringify(key), value: held }];
  });
  return parts.length === value.length ? parts : null;
}

/** What each part was answered; null where the answer is none to this transaction. */
function answersTo(
  { f, result }: ModelOperation,
  parts: readonly Part[],
): readonly HistoryValue[] | "unknown" | null {
  // Whoever only wrote need not be told anything.
  const isWrite = parts.every(({ isRead }) => !isRead);
  if (result === undefined || (isWrite && result === null)) return "unknown";
  if (f !== "txn") return [result];
  const answered = partsIn(result);
  if (answered === null || answered.length !== parts.length) return null;
  const fits = answered.every(
    ({ isRead, key }, at) => isRead === parts[at]?.isRead && key === parts[at]?.key,
  );
  return fits ? answered.map(({ value }) => value) : null;
}

function heldAt(registers: Registers, key: string): HistoryValue {
  return registers.find(([name]) => name === key)?.[1] ?? null;
}

function withRegister(registers: Registers, key: string, value: HistoryValue): Registers {
  const before = registers.filter(([name]) => name < key);
  const after = registers.filter(([name]) => name > key);
  // What holds null is left out: a register that was never written is the same.
  return value === null ? [...before, ...after] : [...before, [key, value], ...after];
}
