import type { History } from "../harness/history/history.ts";
import { functionNames } from "../harness/history/history.ts";
import type { HistoryModel } from "./history-models.ts";
import { historyModels, judgedModel } from "./history-models.ts";

/** A model for a history, and why; or why there is none. */
export interface ModelChoice {
  readonly model: HistoryModel | null;
  readonly because: string;
}

/** The first model that has every function of the history. An empty history may as well be one of registers. */
export function chooseModel(history: History): ModelChoice {
  const used = functionsOf(history);
  const model = historyModels.find((name) => used.every((f) => judgedModel(name).functions.includes(f)));
  if (model !== undefined) return { model, because: `its functions are ${used.join(", ")}` };
  return { model: null, because: `no model has all of its functions: ${used.join(", ")}` };
}

/** Why a history cannot be one of that model, or null. */
export function misfitOf(history: History, model: HistoryModel): string | null {
  const { functions } = judgedModel(model);
  const foreign = functionsOf(history).filter((f) => !functions.includes(f));
  if (foreign.length === 0) return null;
  const fitting = historyModels.find((name) =>
    functionsOf(history).every((f) => judgedModel(name).functions.includes(f)),
  );
  const better =
    fitting === undefined ? "no model has all of its functions" : `judge it by the model ${fitting}`;
  return `the history has ${foreign.join(", ")}, and a ${model} has only ${functions.join(", ")}: ${better}`;
}

/** The names of all functions that occur, in the order of their codes. */
function functionsOf({ f, length, otherFunctions }: History): readonly string[] {
  const isUsed = new Uint8Array(256);
  for (let row = 0; row < length; row += 1) isUsed[f[row] ?? 0] = 1;
  return [...functionNames.filter((_, code) => isUsed[code] === 1), ...otherFunctions];
}
