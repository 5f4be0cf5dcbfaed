import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import { Interner } from "../../harness/history/interner.ts";
import { functionName } from "../../harness/history/lines.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
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

/** Functions of objects by the numbers that the native judge has for them. */
const functionsOf = {
  kv: ["get", "put", "append"],
  set: ["read", "add", "remove"],
  queue: ["dequeue", "enqueue"],
} as const;

/** A history of texts, sets or queues as porcupine takes it. */
export function nativeObjects(history: History, kind: keyof typeof functionsOf): NativeHistory {
  const operations: NativeOperation[] = [];
  const texts = new Interner<string>();
  texts.idOf("");
  for (let row = 0; row < history.length; row += 1) {
    if (history.outcome[row] === Outcome.fail) continue;
    const f = (functionsOf[kind] as readonly string[]).indexOf(functionName(history, row));
    if (f < 0) throw new RangeError(`row ${row} is no operation of a ${kind}`);
    const isOk = history.outcome[row] === Outcome.ok;
    const textOf = (value: number): number => texts.idOf(nativeText(kind, history.values[value] ?? null));
    operations.push({
      key: cell(history.key, row),
      f,
      a: textOf(cell(history.argument, row)),
      b: 0,
      call: cell(history.invokeIndex, row),
      ret: isOk ? endOf(history, row) : never,
      outcome: isOk ? NativeOutcome.ok : NativeOutcome.unknown,
      result: isOk ? textOf(cell(history.result, row)) : 0,
    });
  }
  return { model: NativeModel[kind], operations, texts: texts.items };
}

/** Sets and queues as the native judge writes them: a comma behind each element, those of a set in order. */
function nativeText(kind: keyof typeof functionsOf, value: HistoryValue): string {
  if (value === null) return "";
  if (kind === "kv") return String(value);
  const elements = Array.isArray(value) ? value : [value];
  return elements
    .map((element: HistoryValue) => `${element},`)
    .sort()
    .join("");
}
