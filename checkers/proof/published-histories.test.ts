import assert from "node:assert/strict";
import { checkHistory } from "../check-history.ts";
import { porcupineFolder } from "./native-porcupine.test-support.ts";
import {
  publishedBudget,
  publishedLogs,
  publishedTexts,
  readPublished,
} from "./published-histories.test-support.ts";

const there = porcupineFolder();

describe("the histories that porcupine publishes", () => {
  if (typeof there === "string") {
    it.skip(`are not judged: ${there}`);
    return;
  }

  for (const [what, published] of [
    ["102 logs of etcd", publishedLogs],
    ["6 histories of a key-value store", publishedTexts],
  ] as const) {
    it(`are judged as its own tests judge them: ${what}`, () => {
      const judged = published.map((each) => {
        const { word } = checkHistory(readPublished(there.folder, each), null, publishedBudget(each));
        return `${each.path} ${word}`;
      });
      assert.deepEqual(
        judged,
        published.map(({ path, isLegal }) => `${path} ${isLegal ? "valid" : "invalid"}`),
      );
      assert.equal(judged.length, Number.parseInt(what, 10));
    });
  }
});
