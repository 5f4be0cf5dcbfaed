import type { Checker } from "../../harness/contracts/checker.ts";
import { check } from "../../harness/contracts/checker.ts";
import type { History } from "../../harness/history/history.ts";
import { Outcome } from "../../harness/history/history.ts";
import { historyText } from "../../harness/history/lines.ts";
import { kvModel } from "../models/kv-model.ts";
import type { Model } from "../models/model.ts";
import { modelLinearizability } from "../models/model-linearizability.ts";
import { queueModel } from "../models/queue-model.ts";
import { setModel } from "../models/set-model.ts";
import { searchModel } from "../search/search.ts";
import { nativeObjects } from "./native-operations.test-support.ts";
import type { NativeJudge, NativeVerdict } from "./native-porcupine.test-support.ts";
import type { RandomObject } from "./random-objects.test-support.ts";
import { randomObject } from "./random-objects.test-support.ts";
import { Disagreement } from "./small-judges.test-support.ts";

/** What was compared of objects other than registers. */
export interface ObjectTally {
  histories: number;
  illegal: number;
  /** Histories that porcupine did not answer in time, which prove nothing. */
  unanswered: number;
}

/** Histories a process of porcupine judges one after the other. */
const batch = 500;
/** Chosen: as for registers. */
const effort = { timeoutMs: 5_000 };

const objectModels: Readonly<Record<RandomObject, Model>> = {
  kv: kvModel as Model,
  set: setModel as Model,
  queue: queueModel as Model,
};

/**
 * Judges random texts, sets or queues by native porcupine and by the product's models.
 *
 * @throws Disagreement
 */
export function compareObjects(
  native: NativeJudge,
  kind: RandomObject,
  count: number,
  seed: number,
): ObjectTally {
  const checker = modelLinearizability(objectModels[kind], searchModel);
  const tally: ObjectTally = { histories: 0, illegal: 0, unanswered: 0 };
  for (let done = 0; done < count; done += batch) {
    const histories = Array.from({ length: Math.min(batch, count - done) }, (_, at) =>
      randomObject(kind, seed + done + at),
    );
    const answers = native(
      histories.map((history) => nativeObjects(history, kind)),
      effort,
    );
    for (const [at, { verdict }] of answers.entries()) {
      tally.histories += 1;
      if (verdict === "Illegal") tally.illegal += 1;
      if (verdict === "Unknown") tally.unanswered += 1;
      else agree(checker, histories[at], verdict);
    }
  }
  return tally;
}

function agree(checker: Checker, history: History | undefined, verdict: NativeVerdict["verdict"]): void {
  if (history === undefined) throw new RangeError("more verdicts than histories");
  const { word } = check(checker, history);
  if (word === (verdict === "Ok" ? "valid" : "invalid")) return;
  const { outcome, length } = history;
  // Where nothing was answered, nothing is judged.
  const isSilent = !outcome.subarray(0, length).includes(Outcome.ok);
  if (word === "notChecked" && verdict === "Ok" && isSilent) return;
  throw new Disagreement(`${checker.name} says ${word}, porcupine ${verdict}:\n${historyText(history)}`);
}
