import assert from "node:assert/strict";
import type { FaultColumn } from "../harness/contracts/claim.ts";
import { faultColumns } from "../harness/contracts/claim.ts";
import type { Results } from "../harness/contracts/results.ts";
import type { MatrixCell } from "./matrix-cell.ts";
import { reportModel } from "./model.ts";
import { cell, claim, resultsOf, sampleResults, settings } from "./results.test-support.ts";

function cellAt(results: Results, label: string, fault: FaultColumn): MatrixCell | undefined {
  const rows = reportModel(results).groups.flatMap((group) => group.rows);
  return rows.find(({ setting }) => setting.label === label)?.cells[faultColumns.indexOf(fault)];
}

describe("report model", () => {
  it("tells refuted, allowed, observed, missed, clean, unknown and impossible cells apart", () => {
    const results = sampleResults();
    const kinds = (
      [
        ["3/2/2", "latency"],
        ["3/2/2", "crash"],
        ["3/2/2", "clock skew"],
        ["3/2/2", "partition"],
        ["3/1/1", "latency"],
        ["3/1/1", "partition"],
        ["3/2/2 + blocking repair", "pause"],
        ["3/2/2 + blocking repair", "crash"],
        ["abd 3/2/2", "power loss"],
        ["abd 3/2/2", "mixed"],
      ] as const
    ).map(([label, fault]) => cellAt(results, label, fault)?.kind);
    assert.deepEqual(kinds, [
      "contradicts",
      "allowed",
      "observed",
      "clean",
      "allowed",
      "missed",
      "contradicted",
      "unknown",
      "notExpressible",
      "untried",
    ]);
  });

  it("counts each kind of cell once", () => {
    const model = reportModel(sampleResults());
    const cells = model.groups.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
    for (const [kind, count] of Object.entries(model.counts)) {
      assert.equal(cells.filter((each) => each.kind === kind).length, count, kind);
    }
    assert.equal(cells.length, 6 * faultColumns.length);
  });

  it("names a cell after its gravest anomaly, with that anomaly's rate", () => {
    const both = cell(settings.majority, "pause", {
      outcome: "found",
      runs: 500,
      anomalies: { "stale read": 50, "lost write": 2 },
    });
    const found = cellAt(
      resultsOf([claim("X", "breaks", "found", ["stale read", "lost write"], [both])]),
      "3/2/2",
      "pause",
    );
    assert.deepEqual([found?.name, found?.detail, found?.code], ["lost write", "1 in 250", "LW"]);
    assert.match(found?.says ?? "", /Also seen: stale read/);
  });

  it("lets a contradicted row speak before a refuted one, and what is unknown before what is clean", () => {
    const lost = cell(settings.all, "pause", { outcome: "contradicted", anomalies: { "stale read": 1 } });
    const grave = cell(settings.all, "pause", { outcome: "found", anomalies: { "lost write": 9 } });
    const rows = [
      claim("A", "breaks", "found", ["lost write"], [grave]),
      claim("B", "holds", "contradicted", ["stale read"], [lost]),
    ];
    assert.equal(cellAt(resultsOf(rows), "3/3/3", "pause")?.kind, "contradicted");
    const open = [
      claim("A", "holds", "clean", ["lost write"], [cell(settings.all, "pause", { outcome: "clean" })]),
      claim(
        "B",
        "holds",
        "unknown",
        ["stale read"],
        [cell(settings.all, "pause", { outcome: "unknown", runs: 9 })],
      ),
    ];
    assert.equal(cellAt(resultsOf(open), "3/3/3", "pause")?.kind, "unknown");
  });

  it("does not let an eventual setting off for divergence", () => {
    const apart = cell(settings.eventual, "crash", { outcome: "found", anomalies: { divergence: 3 } });
    const found = cellAt(
      resultsOf([claim("X", "breaks", "found", ["divergence"], [apart])]),
      "3/1/1",
      "crash",
    );
    assert.equal(found?.kind, "contradicts");
  });

  it("leaves runs that could not be judged out of rates", () => {
    const half = {
      ...cell(settings.all, "none", { outcome: "found", runs: 100, anomalies: { "lost write": 5 } }),
      unknownRuns: 50,
    };
    assert.equal(
      cellAt(resultsOf([claim("X", "breaks", "found", ["lost write"], [half])]), "3/3/3", "none")?.detail,
      "1 in 10",
    );
  });

  it("gives each claim a verdict, loud where it is not the expected one", () => {
    const verdicts = reportModel(sampleResults()).claims.map(
      ({ id, verdict }) => `${id} ${verdict.tone} ${verdict.word}`,
    );
    assert.deepEqual(verdicts, [
      "Q2 bad refuted",
      "Q4 shown shown",
      "C3 bad refuted",
      "D1 bad refuted",
      "Q3 exp held",
      "Q9 fallen contradicted",
      "Q10 exp held",
    ]);
    const vain = claim(
      "X",
      "breaks",
      "notFound",
      ["lost write"],
      [cell(settings.all, "none", { outcome: "notFound" })],
    );
    assert.deepEqual(reportModel(resultsOf([vain])).claims[0]?.verdict, {
      tone: "fallen",
      word: "not found",
      detail: "expected lost write",
    });
  });

  it("lists each counterexample once, with the rate of its own kind", () => {
    const views = reportModel(sampleResults()).counterexamples;
    assert.deepEqual(
      views.map(({ counterexample, hits, runs }) => [counterexample.name, hits, runs]),
      [
        ["Q2-3-2-2-latency", 10, 1_180],
        ["C3-3-3-3-clock-skew", 13, 400],
        ["D1-3-2-2-partition", 120, 400],
      ],
    );
  });
});
