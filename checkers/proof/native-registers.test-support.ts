import type { History } from "../../harness/history/history.ts";
import { checkHistory } from "../check-history.ts";
import { nativeRegisters } from "./native-operations.test-support.ts";
import type { NativeJudge } from "./native-porcupine.test-support.ts";
import { randomRegister } from "./random-histories.test-support.ts";
import type { SmallOperation } from "./small-histories.test-support.ts";
import { historyInterleaved, historyOfSmall, writtenOut } from "./small-histories.test-support.ts";
import type { Tally } from "./small-judges.test-support.ts";
import { Disagreement, freshTally, judgeSmall } from "./small-judges.test-support.ts";

/** What was compared with native porcupine. */
export interface NativeTally extends Tally {
  /** Histories of several keys, judged as wholes by the product's whole path. */
  wholes: number;
  /** Histories that porcupine did not answer in time, which prove nothing. */
  unanswered: number;
}

/** Histories a process of porcupine judges one after the other. */
const batch = 500;
/** Keys of a history that is judged as a whole. */
const keysOfWhole = 4;
/** Chosen: a history of at most 45 operations takes it some milliseconds, unless it explodes. */
const effort = { timeoutMs: 5_000 };

/**
 * Judges random registers by native porcupine and by the product, so many that porcupine answered `count` of them: by search,
 * zones and linearizability key by key, and each four of them, interleaved, by the whole path.
 *
 * @throws Disagreement
 */
export function compareRegisters(native: NativeJudge, count: number, seed: number): NativeTally {
  const tally: NativeTally = { ...freshTally(), wholes: 0, unanswered: 0 };
  let drawn = 0;
  while (tally.histories < count) {
    const first = seed + drawn;
    const histories = Array.from({ length: Math.min(batch, count - tally.histories) }, (_, at) =>
      randomRegister(first + at),
    );
    drawn += histories.length;
    const answers = native(
      histories.map((operations) => nativeRegisters(historyOfSmall([operations]))),
      effort,
    );
    const answered = histories.filter((_, at) => answers[at]?.verdict !== "Unknown");
    const known = answers
      .filter(({ verdict }) => verdict !== "Unknown")
      .map(({ verdict }) => verdict === "Ok");
    tally.unanswered += histories.length - answered.length;
    judgeSmall(answered, known, tally);
    compareWholes(native, answered, known, tally);
  }
  return tally;
}

function compareWholes(
  native: NativeJudge,
  histories: readonly (readonly SmallOperation[])[],
  known: readonly boolean[],
  tally: NativeTally,
): void {
  const wholes: { readonly history: History; readonly parts: readonly (readonly SmallOperation[])[] }[] = [];
  for (let at = 0; at + keysOfWhole <= histories.length; at += keysOfWhole) {
    // Mostly legal ones: else nearly every whole has a key that is not.
    const parts = [...histories.keys()]
      .slice(at, at + keysOfWhole)
      .filter((place) => known[place] === true || place % 8 === 0)
      .map((place) => histories[place] ?? []);
    if (parts.length > 0) wholes.push({ history: historyInterleaved(parts), parts });
  }
  const answers = native(
    wholes.map(({ history }) => nativeRegisters(history)),
    effort,
  );
  for (const [at, { history, parts }] of wholes.entries()) {
    const { word, because } = checkHistory(history, "cas-register");
    const isLegal = answers[at]?.verdict === "Ok";
    tally.wholes += 1;
    if (word === (isLegal ? "valid" : "invalid") || (isLegal && nothingAnswered(parts))) continue;
    const told = parts.map(writtenOut).join("\nand, at the same time, on another key\n");
    throw new Disagreement(`check says ${word} (${because}), porcupine ${answers[at]?.verdict}:\n${told}`);
  }
}

/** Then no checker may say that it is valid. */
function nothingAnswered(parts: readonly (readonly SmallOperation[])[]): boolean {
  return parts.flat().every(({ outcome }) => outcome !== "ok");
}
