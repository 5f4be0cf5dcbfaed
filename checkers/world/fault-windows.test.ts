import assert from "node:assert/strict";
import { never } from "../../harness/history/history.ts";
import { endOfWindow, endsOfLink, faultSince, faultText, faultWindows } from "./fault-windows.ts";
import type { Happening } from "./world-history.test-support.ts";
import { worldHistory } from "./world-history.test-support.ts";

const strike = (at: number, fault: number, where: readonly string[]): Happening => ({
  at,
  strike: fault,
  kind: "pause",
  where,
});

describe("the windows of faults", () => {
  it("last from a strike to the mend of the same fault, or to the end", () => {
    const history = worldHistory({}, [
      { at: 1, mend: 7 },
      strike(2, 1, ["n1"]),
      strike(3, 2, ["n2"]),
      { at: 4, phase: "mend" },
      { at: 5, mend: 1 },
      { at: 6, mend: 1 },
      strike(7, 1, ["n3"]),
    ]);
    assert.deepEqual(
      faultWindows(history).map((window) => [
        window.fault,
        window.kind,
        window.where,
        window.strike.index,
        window.mend?.index ?? null,
        endOfWindow(window),
      ]),
      [
        [1, "pause", ["n1"], 1, 4, 4],
        [2, "pause", ["n2"], 2, null, never],
        [1, "pause", ["n3"], 6, null, never],
      ],
    );
  });

  it("are named with the first three places", () => {
    const names = (where: readonly string[]): string[] =>
      faultWindows(worldHistory({}, [strike(1_500, 4, where)])).flatMap((window) => [
        faultText(window),
        faultSince(window),
      ]);
    assert.deepEqual(names([]), ["fault 4 (pause)", "fault 4 (pause) since 1.500 s"]);
    assert.equal(names(["a", "b", "c"])[0], "fault 4 (pause a, b, c)");
    assert.equal(names(["a→b", "b", "c", "d"])[1], "fault 4 (pause a→b, b, c and 1 more) since 1.500 s");
  });

  it("are about nodes, or about links with two ends", () => {
    assert.deepEqual(endsOfLink("n1→n2"), ["n1", "n2"]);
    assert.equal(endsOfLink("n1"), null);
  });
});
