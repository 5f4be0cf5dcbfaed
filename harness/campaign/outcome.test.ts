import assert from "node:assert/strict";
import type { Counts } from "./counts.ts";
import { addCounts, noCounts } from "./counts.ts";
import type { Untried } from "./outcome.ts";
import { decideCell, decideRow } from "./outcome.ts";
import { defaultEffort, isOver, quotaOf } from "./plan.ts";

const skipped: Untried = { outcome: "skipped", because: "interrupted" };

function counts(runs: number, unknownRuns: number, failingRuns: number): Counts {
  return { ...noCounts, runs, unknownRuns, failingRuns };
}

describe("the outcome of a cell", () => {
  const table: readonly (readonly [string, Counts, Untried | null, string, string])[] = [
    ["100 judged runs without a failure", counts(100, 0, 0), null, "clean", "notFound"],
    ["one failing run among many", counts(100, 0, 1), null, "contradicted", "found"],
    ["one failing run is proof, however few there were", counts(3, 2, 1), null, "contradicted", "found"],
    ["99 judged runs", counts(99, 0, 0), null, "unknown", "unknown"],
    ["a fifth unknown", counts(125, 25, 0), null, "clean", "notFound"],
    ["more than a fifth unknown", counts(130, 27, 0), null, "unknown", "unknown"],
    ["no time left", counts(40, 0, 0), skipped, "skipped", "skipped"],
    ["no time left, but found before", counts(40, 0, 1), skipped, "contradicted", "found"],
  ];
  for (const [title, counted, untried, holds, breaks] of table) {
    it(`is ${holds} or ${breaks}: ${title}`, () => {
      assert.equal(decideCell("holds", counted, untried).outcome, holds);
      assert.equal(decideCell("breaks", counted, untried).outcome, breaks);
    });
  }

  it("says why it is unknown", () => {
    assert.equal(decideCell("holds", counts(60, 2, 0), null).because, "only 58 of 60 runs could be judged");
  });
});

describe("the outcome of a row", () => {
  const row = (expect: "breaks" | "holds", ...outcomes: Parameters<typeof outcomeOnly>[0][]): string =>
    decideRow(expect, outcomes.map(outcomeOnly)).outcome;

  it("is found when one cell shows it", () => {
    assert.equal(row("breaks", "notFound", "unknown", "found"), "found");
  });

  it("is not found only when every cell was tried in full", () => {
    assert.equal(row("breaks", "notFound", "notFound"), "notFound");
    assert.equal(row("breaks", "notFound", "unknown"), "unknown");
    assert.equal(row("breaks", "notFound", "skipped"), "skipped");
  });

  it("is clean only when every cell that can be expressed is", () => {
    assert.equal(row("holds", "clean", "notExpressible", "clean"), "clean");
    assert.equal(row("holds", "clean", "unknown"), "unknown");
    assert.equal(row("holds", "unknown", "clean", "contradicted"), "contradicted");
    assert.equal(row("holds", "notExpressible"), "notExpressible");
  });

  it("takes nothing but the decision from the cell that decides", () => {
    const cell = { outcome: "unknown" as const, because: "too few runs", runs: 3 };
    assert.deepEqual(decideRow("holds", [cell]), { outcome: "unknown", because: "too few runs" });
    assert.deepEqual(decideRow("breaks", [{ ...cell, outcome: "notExpressible" }]), {
      outcome: "notExpressible",
      because: "too few runs",
    });
  });
});

describe("the quota of a trial", () => {
  const effort = { ...defaultEffort, runs: 120 };

  it("goes on after unknown runs until enough are judged, up to a cap", () => {
    const quota = quotaOf("holds", effort);
    assert.equal(isOver(quota, counts(120, 0, 0)), true);
    assert.equal(isOver(quota, counts(120, 1, 0)), false);
    assert.equal(isOver(quota, counts(160, 100, 0)), true);
  });

  it("does not end a clean cell's trial early because of a failure", () => {
    assert.equal(isOver(quotaOf("holds", defaultEffort), counts(20, 0, 5)), false);
  });

  it("looks for an anomaly until it is found, but at least as long as a cell needs to count", () => {
    const quota = quotaOf("breaks", defaultEffort);
    assert.equal(isOver(quota, counts(20, 0, 5)), false);
    assert.equal(isOver(quota, counts(100, 0, 1)), true);
    assert.equal(isOver(quota, counts(1_980, 0, 0)), false);
    assert.equal(isOver(quota, counts(2_000, 0, 0)), true);
  });
});

describe("counts", () => {
  it("keep the lowest failing run, whichever batch is added first", () => {
    const early: Counts = { ...counts(20, 0, 1), firstFound: { runIndex: 7, kind: "stale read" } };
    const late: Counts = { ...counts(20, 0, 1), firstFound: { runIndex: 31, kind: "lost write" } };
    assert.deepEqual(addCounts(early, late), addCounts(late, early));
    assert.equal(addCounts(late, early).firstFound?.runIndex, 7);
  });

  it("add anomalies up by kind", () => {
    const a: Counts = { ...counts(20, 0, 3), anomalies: { "stale read": 2, divergence: 1 } };
    const b: Counts = { ...counts(20, 0, 2), anomalies: { "stale read": 2 } };
    assert.deepEqual(addCounts(a, b).anomalies, { "stale read": 4, divergence: 1 });
  });
});

function outcomeOnly(outcome: ReturnType<typeof decideCell>["outcome"]): ReturnType<typeof decideCell> {
  return { outcome };
}
