import { cell } from "../harness/history/cell.ts";
import type { History } from "../harness/history/history.ts";
import { functionNames } from "../harness/history/history.ts";
import type { HistoryModel } from "./history-models.ts";
import { historyModels, judgedModel } from "./history-models.ts";
import { isAnsweredRead } from "./register/register-operations.ts";

/** A model for a history, and why; or why there is none. */
export interface ModelChoice {
  readonly model: HistoryModel | null;
  readonly because: string;
}

/** What a header may say of the versions that a keyspace keeps, and the model that this means. */
const modelOfVersions: ReadonlyMap<unknown, HistoryModel> = new Map([
  ["siblings", "siblings"],
  ["pn-counter", "pn-counter"],
  ["or-set", "or-set"],
  ["or-cart", "cart"],
]);

/**
 * What a history is of: what its header says of its keyspaces; else what its answers show; else the first model
 * that has all of its functions.
 */
export function chooseModel(history: History): ModelChoice {
  const used = functionsOf(history);
  if (used.length === 0) return { model: "register", because: "it has no operation" };
  // Whatever is only read may as well be a register.
  if (used.join() === "read") return { model: "register", because: "its only function is read" };
  const fitting = historyModels.filter((name) => hasAll(name, used));
  const shown = toldByHeader(history) ?? shownByAnswers(history);
  if (shown?.model && fitting.includes(shown.model)) return shown;
  // Models that promise less than another with their functions come after it in the list.
  const [model] = fitting;
  const list = used.join(", ");
  if (model === undefined) return { model: null, because: `no model has all of its functions: ${list}` };
  return { model, because: used.length === 1 ? `its only function is ${list}` : `its functions are ${list}` };
}

/** Why a history cannot be one of that model, or null. */
export function misfitOf(history: History, model: HistoryModel): string | null {
  const used = functionsOf(history);
  const { functions } = judgedModel(model);
  const foreign = used.filter((f) => !functions.includes(f));
  if (foreign.length === 0) return null;
  const { model: better } = chooseModel(history);
  const advice = better === null ? "no model has all of its functions" : `judge it by the model ${better}`;
  return `the history has ${foreign.join(", ")}, and the model ${model} has only ${functions.join(", ")}: ${advice}`;
}

function hasAll(name: HistoryModel, used: readonly string[]): boolean {
  const { functions } = judgedModel(name);
  return used.every((f) => functions.includes(f));
}

/** The names of all functions that occur, in the order of their codes. */
function functionsOf({ f, length, otherFunctions }: History): readonly string[] {
  const isUsed = new Uint8Array(256);
  for (let row = 0; row < length; row += 1) isUsed[cell(f, row)] = 1;
  return [...functionNames.filter((_, code) => isUsed[code] === 1), ...otherFunctions];
}

function toldByHeader({ header }: History): ModelChoice | null {
  const told = new Set(header.keyspaces?.map(({ versions }) => versions));
  const [versions] = told;
  const model = modelOfVersions.get(versions);
  return told.size === 1 && model !== undefined ? { model, because: `its keyspaces keep ${versions}` } : null;
}

function shownByAnswers(history: History): ModelChoice | null {
  const details = [...history.details.values()];
  if (details.some(({ siblings }) => (siblings?.length ?? 0) > 1)) {
    return { model: "siblings", because: "reads of it answer several values at once" };
  }
  const shapes = shapesRead(history);
  if (shapes.has("number") && shapes.size === 1)
    return { model: "counter", because: "its reads answer numbers" };
  if (shapes.has("object") && shapes.size === 1) return { model: "cart", because: "its reads answer fields" };
  if (details.some(({ sentContext }) => sentContext !== undefined)) {
    return { model: "or-set", because: "its operations carry contexts of reads" };
  }
  return null;
}

/** What values the answered reads have, as JSON tells them apart, but for those that found nothing. */
function shapesRead(history: History): ReadonlySet<string> {
  const shapes = new Set<string>();
  for (let row = 0; row < history.length; row += 1) {
    const value = isAnsweredRead(history, row) ? (history.values[cell(history.result, row)] ?? null) : null;
    if (value !== null) shapes.add(Array.isArray(value) ? "list" : typeof value);
  }
  return shapes;
}
