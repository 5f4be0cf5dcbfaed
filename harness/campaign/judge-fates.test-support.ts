/** Checkers that some keys are the death of, for tests of threads; and, in a thread, their entry. */
import { isMainThread } from "node:worker_threads";
import { combineVerdicts, tasksByKey } from "../../checkers/verdicts.ts";
import type { Checker } from "../contracts/checker.ts";
import type { CheckerNamed } from "./judge-work.ts";
import { serveJudge } from "./judge-work.ts";

/** What keys of these names do to the thread that judges them. */
const fates: Readonly<Record<string, () => void>> = { exits: () => process.exit(3), hogs: hog };

/** Takes memory until there is none. */
function hog(): void {
  const taken: string[][] = [];
  for (let at = 0; at < 1_000_000; at += 1) {
    taken.push(Array.from({ length: 1_000 }, (_, each) => `${at} ${each}`));
  }
}

/** Valid wherever it survives. */
const survivor: Checker = {
  name: "survivor",
  assumes: [],
  tasks: tasksByKey,
  run: (history, { key }) => {
    fates[history.keys[key]?.key ?? ""]?.();
    return { word: "valid", checked: 1 };
  },
  combine: (partials) => combineVerdicts(partials),
};

/** Throws over a key of that name, as a checker with a bug would. */
const buggy: Checker = {
  ...survivor,
  name: "buggy",
  run: (history, { key }) => {
    if (history.keys[key]?.key === "bug") throw new RangeError("a bug of the checker");
    return { word: "valid", checked: 1 };
  },
};

export const fatefulCheckers: readonly Checker[] = [survivor, buggy];

export const fatefulNamed: CheckerNamed = (name) =>
  fatefulCheckers.find((each) => each.name === name) ?? null;

if (!isMainThread) serveJudge(fatefulNamed);
