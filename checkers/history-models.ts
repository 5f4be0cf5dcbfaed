import { present } from "../harness/base/invariant.ts";
import type { Checker } from "../harness/contracts/checker.ts";
import { linearizability } from "./register/linearizability.ts";
import { regular } from "./register/regular.ts";

/** The models that a history file can be judged by, in the order in which they are listed. */
export const historyModels = ["register", "cas-register"] as const;
/** One of these models. */
export type HistoryModel = (typeof historyModels)[number];

/** What judging by a model means. */
export interface JudgedModel {
  readonly name: HistoryModel;
  /** The functions that a history of it may have. */
  readonly functions: readonly string[];
  /** Says valid or unknown for the whole; anomalies of the others count as well. */
  readonly decides: Checker;
  readonly also: readonly Checker[];
}

const judgedModels: readonly JudgedModel[] = [
  {
    name: "register",
    functions: ["read", "write", "delete"],
    decides: linearizability,
    also: [regular],
  },
  {
    name: "cas-register",
    functions: ["read", "write", "delete", "cas"],
    decides: linearizability,
    also: [regular],
  },
];

/** What judging by the model of that name means. */
export function judgedModel(name: HistoryModel): JudgedModel {
  return present(
    judgedModels.find((model) => model.name === name),
    `the model ${name}`,
  );
}
