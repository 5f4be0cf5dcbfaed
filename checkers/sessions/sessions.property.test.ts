import assert from "node:assert/strict";
import fc from "fast-check";
import type { Checker } from "../../harness/contracts/checker.ts";
import { check } from "../../harness/contracts/checker.ts";
import type { Deed, Scene } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { atomicHistory } from "../proof/random-register.test-support.ts";
import { monotonicReads } from "./monotonic-reads.ts";
import { acknowledgedPrefix, prefix } from "./prefix.ts";
import type { QuorumModel } from "./quorum-model.test-support.ts";
import { quorumHistory } from "./quorum-model.test-support.ts";
import { readYourWrites } from "./read-your-writes.ts";
import { monotonicWrites, writesFollowReads } from "./session-writes.ts";

const atRest = [monotonicWrites, writesFollowReads];
const all: readonly Checker[] = [readYourWrites, monotonicReads, ...atRest];
const final = (at: number): Scene => ({ phases: [{ at, phase: "final" }] });

/** How often each checker found something, and how often it judged anything. */
function count(
  model: QuorumModel,
  checkers: readonly Checker[],
  seed: number,
  most?: number,
): Record<string, [number, number]> {
  const counts: Record<string, [number, number]> = {};
  fc.assert(
    fc.property(quorumHistory(model, most), ({ deeds, restAt }) => {
      const history = historyOf(deeds, final(restAt));
      for (const checker of checkers) {
        const { word } = check(checker, history);
        const before = counts[checker.name] ?? [0, 0];
        counts[checker.name] = [
          before[0] + (word === "invalid" ? 1 : 0),
          before[1] + (word === "valid" || word === "invalid" ? 1 : 0),
        ];
      }
    }),
    { numRuns: 300, seed },
  );
  return counts;
}

describe("session guarantees", () => {
  const strict: readonly QuorumModel[] = [
    { w: 2, r: 2, reads: "quorum", keys: ["x"] },
    { w: 3, r: 1, reads: "quorum", keys: ["x", "y"] },
    { w: 1, r: 3, reads: "quorum", keys: ["x"] },
  ];
  for (const model of strict) {
    it(`never accuse a strict quorum of breaking what it keeps: 3/${model.w}/${model.r}`, () => {
      const counts = count(model, [readYourWrites, ...atRest], 1);
      for (const { name } of [readYourWrites, ...atRest]) {
        assert.equal(counts[name]?.[0], 0, name);
        assert.ok((counts[name]?.[1] ?? 0) > 50, `${name} judged ${counts[name]?.[1]} histories`);
      }
    });
  }

  it("find reads that go back where quorums are strict and reads write nothing back", () => {
    const [found = 0] =
      count({ w: 2, r: 2, reads: "quorum", keys: ["x"] }, [monotonicReads], 2)[monotonicReads.name] ?? [];
    assert.ok(found > 5, `${found} found`);
  });

  it("find what one acknowledgement and one answer break", () => {
    const counts = count({ w: 1, r: 1, reads: "quorum", keys: ["x"] }, all, 3);
    assert.ok((counts[readYourWrites.name]?.[0] ?? 0) > 20);
    assert.ok((counts[monotonicReads.name]?.[0] ?? 0) > 20);
    // All writes reach all replicas in the end, in the order of clean clocks.
    assert.equal(counts[monotonicWrites.name]?.[0], 0);
    assert.equal(counts[writesFollowReads.name]?.[0], 0);
  });

  it("never accuse a strict quorum of hiding an acknowledged question", () => {
    for (const [w, r] of [
      [2, 2],
      [3, 1],
      [1, 3],
    ] as const) {
      const counts = count({ w, r, reads: "quorum", keys: ["x", "y"] }, [acknowledgedPrefix], 8, 60);
      const [found = 0, judged = 0] = counts[acknowledgedPrefix.name] ?? [];
      assert.equal(found, 0);
      assert.ok(judged > 100, `${judged} judged`);
    }
  });

  it("find hidden questions where quorums miss each other, acknowledged ones and others", () => {
    const both = [prefix, acknowledgedPrefix];
    const counts = count({ w: 1, r: 1, reads: "quorum", keys: ["x", "y"] }, both, 9, 60);
    const [any = 0] = counts[prefix.name] ?? [];
    const [acknowledged = 0] = counts[acknowledgedPrefix.name] ?? [];
    assert.ok(acknowledged > 10 && any >= acknowledged, `${any} and ${acknowledged} found`);
  });

  it("never accuse those who write to all and read from all of hiding a question", () => {
    const counts = count({ w: 3, r: 3, reads: "quorum", keys: ["x", "y"] }, [prefix], 11, 60);
    const [found = 0, judged = 0] = counts[prefix.name] ?? [];
    assert.equal(found, 0);
    assert.ok(judged > 100, `${judged} judged`);
  });

  it("never accuse a session that stays on one replica of reading backwards", () => {
    const counts = count({ w: 1, r: 1, reads: "own", keys: ["x"] }, [monotonicReads, readYourWrites], 4);
    assert.equal(counts[monotonicReads.name]?.[0], 0);
    assert.ok((counts[readYourWrites.name]?.[0] ?? 0) > 20);
  });

  it("never accuse sessions that carry a token", () => {
    const counts = count({ w: 1, r: 1, reads: "token", keys: ["x"] }, all, 5);
    for (const { name } of all) assert.equal(counts[name]?.[0], 0, name);
  });

  it("never accuse a correct register, whoever the sessions are, even where their operations overlap", () => {
    let judged = 0;
    const variety = { deletes: true, cas: true, repeated: true };
    const chosenSessions = fc.array(fc.nat({ max: 2 }), { minLength: 12 });
    fc.assert(
      fc.property(atomicHistory(variety), chosenSessions, fc.nat({ max: 30 }), (deeds, chosen, restAt) => {
        const inSessions = deeds.map((deed, at): Deed => ({ ...deed, session: `s${chosen[at]}` }));
        const history = historyOf(inSessions, final(restAt + 0.5));
        for (const checker of all) {
          const { word } = check(checker, history);
          assert.ok(word === "valid" || word === "notChecked", checker.name);
          if (word === "valid") judged += 1;
        }
      }),
      { numRuns: 3_000, seed: 6 },
    );
    assert.ok(judged > 100, `${judged} judged`);
  });

  it("give evidence that is a breach by itself", () => {
    let judged = 0;
    fc.assert(
      fc.property(quorumHistory({ w: 1, r: 1, reads: "quorum", keys: ["x"] }), ({ deeds, restAt }) => {
        const history = historyOf(deeds, final(restAt));
        for (const checker of [readYourWrites, monotonicReads]) {
          const verdict = check(checker, history);
          if (verdict.word !== "invalid") continue;
          for (const { evidence, kind } of verdict.anomalies) {
            const rows = new Set(evidence.map((index) => history.invokeIndex.indexOf(index)));
            const byStart = [...deeds].sort((a, b) => a.from - b.from);
            const witness = byStart.filter((_, row) => rows.has(row));
            const again = check(checker, historyOf(witness));
            assert.ok(again.word === "invalid" && again.anomalies[0].kind === kind);
            judged += 1;
          }
        }
      }),
      { numRuns: 500, seed: 7 },
    );
    assert.ok(judged > 100, `${judged} witnesses`);
  });
});
