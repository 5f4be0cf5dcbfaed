import assert from "node:assert/strict";
import type { Verdict } from "../../harness/history/verdict.ts";
import { dump, judged, writes } from "./convergence.test-support.ts";
import type { Happening } from "./world-history.test-support.ts";

describe("what convergence asks of dumps", () => {
  it("is not checked without dumps or with empty ones, and unknown with a single one", () => {
    assert.deepEqual(judged(writes), {
      word: "notChecked",
      because: "the history has no dump of the replicas",
    });
    const empty = ["n1", "n2"].map((node, at) => ({ at: 10 + at, dump: node, holds: {}, keyspace: "k" }));
    assert.deepEqual(judged([...writes, ...empty]), {
      word: "notChecked",
      because: "no replica of k holds anything",
    });
    assert.deepEqual(judged([...writes, { at: 10, dump: "n1", holds: { x: [1] }, keyspace: "k" }]), {
      word: "unknown",
      because: "only one replica of k was dumped",
    });
  });

  it("is not checked while a fault is there", () => {
    const dumps = [dump(10, "n1", 1), dump(12, "n2", 2)];
    const strike = (at: number, fault: number): Happening => ({
      at,
      strike: fault,
      kind: "kill",
      where: ["n1"],
    });
    const because = (fault: number): Verdict => ({
      word: "notChecked",
      because: `fault ${fault} was not mended when the replicas were dumped`,
    });
    assert.deepEqual(judged([...writes, strike(6, 3), ...dumps]), because(3));
    assert.deepEqual(judged([...writes, strike(6, 3), { at: 11, mend: 3 }, ...dumps]), because(3));
    assert.deepEqual(judged([...writes, { at: 5, phase: "strike" }, strike(6, 3), ...dumps]), because(3));
    assert.deepEqual(
      judged([...writes, strike(6, 3), strike(7, 4), { at: 8, mend: 3 }, ...dumps]),
      because(4),
    );
    assert.equal(
      judged([...writes, strike(6, 3), { at: 8, mend: 3 }, strike(11, 4), ...dumps]).word,
      "invalid",
    );
  });

  it("does not believe dumps after which something was written", () => {
    const dumps = [dump(10, "n1", 1), dump(12, "n2", 2)];
    const late = { f: "write", value: 3, from: 9, to: 11 };
    assert.deepEqual(judged([...writes, ...dumps, late]), {
      word: "invalid",
      anomalies: [
        {
          kind: "broken assumption",
          says: "p5 wrote x=3 (acknowledged at 11.000 ms), after a replica had been dumped",
          evidence: [6],
          keyspace: "",
          key: "x",
        },
      ],
    });
    for (const harmless of [
      { ...late, type: "info" as const },
      { ...late, f: "read" },
      { ...late, keyspace: "k" },
      { ...late, to: 9.5 },
    ]) {
      const verdict = judged([...writes, ...dumps, harmless]);
      assert.ok(
        verdict.word === "invalid" && verdict.anomalies[0].kind === "divergence",
        JSON.stringify(harmless),
      );
    }
  });
});
