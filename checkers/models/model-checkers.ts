import type { Checker } from "../../harness/contracts/checker.ts";
import { counterModel } from "./counter-model.ts";
import { kvModel } from "./kv-model.ts";
import { modelLinearizability } from "./model-linearizability.ts";
import { multiRegisterModel } from "./multi-register-model.ts";
import { mutexModel } from "./mutex-model.ts";
import { queueLinearizability } from "./queue-linearizability.ts";
import { setModel } from "./set-model.ts";

/** Linearizability of each model that has no judge of its own, by the names `<model>-linearizability`. */
export const modelCheckers: readonly Checker[] = [
  modelLinearizability(multiRegisterModel),
  modelLinearizability(setModel),
  queueLinearizability("first in, first out"),
  queueLinearizability("any"),
  modelLinearizability(mutexModel),
  modelLinearizability(kvModel),
  modelLinearizability(counterModel),
];
