import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import type { NativeHistory, NativeOperation } from "./native-porcupine.test-support.ts";
import { NativeModel, NativeOutcome } from "./native-porcupine.test-support.ts";

/**
 * A history of registers as porcupine takes it. Only what definitely had no effect is left out here, and a
 * refusal that may have had another reason than the value; what else does not matter is the judges' own affair.
 */
export function nativeRegisters(history: History): NativeHistory {
  const operations: NativeOperation[] = [];
  for (let row = 0; row < history.length; row += 1) {
    const operation = registerOperation(history, row);
    if (operation !== null) operations.push(operation);
  }
  return { model: NativeModel.register, operations };
}

const registerFunctions: readonly number[] = [Fn.read, Fn.write, Fn.delete, Fn.cas];

function registerOperation(history: History, row: number): NativeOperation | null {
  const f = cell(history.f, row);
  const outcome = history.outcome[row];
  const place = registerFunctions.indexOf(f);
  if (place < 0) throw new RangeError(`row ${row} is no operation of a register`);
  const asked = {
    key: cell(history.key, row),
    f: place,
    a: cell(history.argument, row),
    b: cell(history.argument2, row),
    call: cell(history.invokeIndex, row),
    result: cell(history.result, row),
  };
  if (outcome === Outcome.ok) return { ...asked, ret: endOf(history, row), outcome: NativeOutcome.ok };
  // A read that said that it does not know did end then: it is in the history, with any answer.
  if (f === Fn.read) return { ...asked, ret: endOf(history, row), outcome: NativeOutcome.unknown };
  if (outcome !== Outcome.fail) return { ...asked, ret: never, outcome: NativeOutcome.unknown };
  const isRefusal = f === Fn.cas && history.details.get(row)?.error === undefined;
  return isRefusal ? { ...asked, ret: endOf(history, row), outcome: NativeOutcome.refused } : null;
}

function endOf(history: History, row: number): number {
  return history.endIndex[row] ?? never;
}

const kvFunctions = ["get", "put", "append"];

/** A history of texts with get, put and append as porcupine takes it; no text is there at first. */
export function nativeTexts(history: History): NativeHistory {
  const operations: NativeOperation[] = [];
  for (let row = 0; row < history.length; row += 1) {
    if (history.outcome[row] !== Outcome.fail) operations.push(textOperation(history, row));
  }
  const texts = history.values.map((value) => (value === null ? "" : String(value)));
  return { model: NativeModel.kv, operations, texts };
}

function textOperation(history: History, row: number): NativeOperation {
  const f = kvFunctions.indexOf(history.otherFunctions[cell(history.f, row) - 16] ?? "");
  if (f < 0) throw new RangeError(`row ${row} is no operation on a text`);
  const isOk = history.outcome[row] === Outcome.ok;
  return {
    key: cell(history.key, row),
    f,
    a: cell(history.argument, row),
    b: 0,
    call: cell(history.invokeIndex, row),
    ret: isOk ? endOf(history, row) : never,
    outcome: isOk ? NativeOutcome.ok : NativeOutcome.unknown,
    result: f === 0 && isOk ? cell(history.result, row) : 0,
  };
}
