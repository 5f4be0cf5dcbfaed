import assert from "node:assert/strict";
import { never } from "../../harness/history/history.ts";
import { hasOrder, registerApply } from "../search/plain-search.test-support.ts";
import { fewestOperations } from "./fewest.ts";
import type { KeyProblem } from "./key-problem.ts";
import { partOfProblem } from "./key-problem.ts";
import type { KeyShape } from "./random-key.test-support.ts";
import { anyShape, randomKey } from "./random-key.test-support.ts";
import { checkZones } from "./zones.ts";

const isLinearizable = (problem: KeyProblem): boolean => hasOrder(problem, registerApply(problem));

/** Without compare-and-sets, the zones decide all of these; deletes and reads of nothing meet often. */
const withDeletes = (seed: number): KeyShape => ({
  ...anyShape(seed),
  operations: 6 + (seed % 12),
  clients: 2 + (seed % 5),
  deletes: 20 + (seed % 30),
  cas: 0,
  lies: 5 + (seed % 25),
  again: 0,
});

/** Counts what was answered, and checks each answer against all orders. */
function judgeMany(shapeOf: (seed: number) => KeyShape, seeds: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const problem = randomKey(shapeOf(seed), seed);
    const { answer, gap } = checkZones(problem);
    const expected = isLinearizable(problem);
    if (answer === "open") assert.notEqual(gap, null, `seed ${seed}`);
    else assert.equal(answer, expected ? "linearizable" : "illegal", `seed ${seed}`);
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return counts;
}

describe("zones", () => {
  it("agree with every order tried, on reads, writes, deletes, cas, refusals and repeated values", () => {
    const counts = judgeMany(anyShape, 4_000);
    assert.ok(
      (counts.get("linearizable") ?? 0) > 2_000 && (counts.get("illegal") ?? 0) > 300,
      "of both kinds",
    );
    assert.ok((counts.get("open") ?? 0) < 1_000, "few are left open");
  });

  it("agree with every order tried, and leave nothing open, where the only repeated value is nothing", () => {
    const counts = judgeMany(withDeletes, 6_000);
    assert.equal(counts.get("open"), undefined);
    assert.ok(
      (counts.get("linearizable") ?? 0) > 2_000 && (counts.get("illegal") ?? 0) > 2_000,
      "of both kinds",
    );
  });

  it("give evidence that is illegal by itself", () => {
    let judged = 0;
    for (let seed = 1; seed <= 6_000; seed += 1) {
      const problem = randomKey(seed % 2 === 0 ? anyShape(seed) : withDeletes(seed), seed);
      const { clashes, unexplained } = checkZones(problem);
      const fewest =
        unexplained < 0
          ? []
          : [fewestOperations(problem, unexplained, (part) => checkZones(part).answer === "illegal")];
      for (const operations of [...clashes, ...fewest]) {
        assert.deepEqual(
          operations,
          [...new Set(operations)].sort((a, b) => a - b),
        );
        const part = partOfProblem(problem, operations);
        assert.equal(isLinearizable(part), false, `seed ${seed}: ${operations}`);
        assert.equal(checkZones(part).answer, "illegal", `seed ${seed}: ${operations}`);
        judged += 1;
      }
    }
    assert.ok(judged > 600, `${judged} judged`);
  });

  it("show of everything that needs an unwritten value that it happened, and that nobody wrote it in time", () => {
    let judged = 0;
    for (let seed = 1; seed <= 4_000; seed += 1) {
      const problem = randomKey(anyShape(seed), seed);
      const { needs, leaves, ret } = problem;
      for (const [operation, ...proof] of checkZones(problem).unwritten) {
        const value = needs[operation] ?? -1;
        const end = ret[operation] ?? never;
        problem.call.forEach((began, other) => {
          assert.ok(other === operation || leaves[other] !== value || began > end, `seed ${seed}`);
        });
        assert.equal(proof.length > 0, end === never, `seed ${seed}`);
        judged += 1;
      }
    }
    assert.ok(judged > 200, `${judged} judged`);
  });
});
