import assert from "node:assert/strict";
import { checkersFor } from "./history-models.ts";
import type { Scene } from "./history-of.test-support.ts";
import { historyOf } from "./history-of.test-support.ts";

describe("the checkers of a model", () => {
  it("compare replicas where the history has a dump, and not for its other marks", () => {
    const namesFor = (scene: Scene): string[] =>
      checkersFor(historyOf([{ f: "write", value: 1, from: 0, to: 1 }], scene), "siblings").map(
        ({ name }) => name,
      );
    assert.deepEqual(namesFor({ phases: [{ at: 8, phase: "strike" }] }), ["siblings"]);
    assert.deepEqual(namesFor({ dumps: [{ at: 8, node: "n1", holds: 1 }] }), ["siblings", "convergence"]);
  });
});
