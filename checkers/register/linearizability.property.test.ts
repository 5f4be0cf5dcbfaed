import assert from "node:assert/strict";
import fc from "fast-check";
import { ampleBudget, check } from "../../harness/contracts/checker.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { isLinearizable, isRegular } from "../proof/brute-force.test-support.ts";
import type { Variety } from "../proof/random-register.test-support.ts";
import { anyRegisterHistory, atomicHistory } from "../proof/random-register.test-support.ts";
import { hasOrder, registerApply } from "../search/plain-search.test-support.ts";
import { searchRegister } from "../search/search.ts";
import { deletes } from "./deletes.ts";
import { partOfProblem, problemOfKey } from "./key-problem.ts";
import { linearizability } from "./linearizability.ts";
import { lostWrite } from "./lost-write.ts";
import { regular } from "./regular.ts";

const varieties: readonly (Variety & { readonly name: string })[] = [
  { name: "unique values", deletes: false, cas: false, repeated: false },
  { name: "deletes", deletes: true, cas: false, repeated: false },
  { name: "repeated values and cas", deletes: true, cas: true, repeated: true },
];

function searchAnswer(deeds: readonly Deed[]): boolean {
  return searchRegister(problemOfKey(historyOf(deeds), 0), ampleBudget).answer === "linearizable";
}

/** What an operation may be, apart from when. */
type Kind = Pick<Deed, "f" | "value"> & { readonly isPending?: boolean };

/** Every history of `count` operations: each way their spans can lie, each choice of kinds. */
function* everyHistory(count: number, kinds: readonly Kind[]): Generator<Deed[]> {
  const choices = Array.from({ length: count }).reduce<number>((product) => product * kinds.length, 1);
  for (const spans of everyOrder(Array.from({ length: 2 * count }, (_, tick) => tick))) {
    for (let code = 0; code < choices; code += 1) {
      let rest = code;
      yield spans.map((span) => {
        const { isPending, ...kind } = kinds[rest % kinds.length] ?? { f: "read", value: null };
        rest = Math.trunc(rest / kinds.length);
        return isPending ? { ...kind, from: span.from, to: null } : { ...kind, ...span };
      });
    }
  }
}

/** Every way in which spans can lie over these ticks, the first to begin listed first. */
function everyOrder(ticks: readonly number[]): { from: number; to: number }[][] {
  const [first, ...rest] = ticks;
  if (first === undefined) return [[]];
  return rest.flatMap((to) =>
    everyOrder(rest.filter((tick) => tick !== to)).map((others) => [{ from: first, to }, ...others]),
  );
}

/** Tries each history, or each n-th, against every order; gives how many there were. */
function agreeOnAll(most: number, kinds: readonly Kind[], everyNth = 1): number {
  let histories = 0;
  let number = 0;
  for (let count = 1; count <= most; count += 1) {
    for (const deeds of everyHistory(count, kinds)) {
      number += 1;
      if (number % everyNth !== 0) continue;
      const { word } = check(linearizability, historyOf(deeds));
      const isValid = word === "valid" || (word === "notChecked" && deeds.every(({ to }) => to === null));
      assert.equal(isValid, isLinearizable(deeds), `${word}: ${JSON.stringify(deeds)}`);
      histories += 1;
    }
  }
  return histories;
}

describe("linearizability", () => {
  const plain: readonly Kind[] = [
    { f: "read", value: null },
    { f: "read", value: 1 },
    { f: "read", value: 2 },
    { f: "write", value: 1 },
    { f: "write", value: 2 },
  ];

  it("agrees with every order tried, on every history of up to four operations with two values", () => {
    assert.equal(agreeOnAll(4, plain), 5 + 3 * 25 + 15 * 125 + 105 * 625);
  });

  it("agrees with every order tried, on every history of up to three operations with deletes and pending ones", () => {
    const more: readonly Kind[] = [
      ...plain,
      { f: "delete" },
      { f: "write", value: 1, isPending: true },
      { f: "write", value: 2, isPending: true },
      { f: "delete", isPending: true },
    ];
    assert.equal(agreeOnAll(3, more), 9 + 3 * 81 + 15 * 729);
  });

  it("agrees with every order tried, on each eleventh history of up to five operations with one value", () => {
    const kinds: readonly Kind[] = [
      { f: "read", value: null },
      { f: "read", value: 1 },
      { f: "write", value: 1 },
    ];
    assert.equal(agreeOnAll(5, kinds, 11), Math.trunc((3 + 3 * 9 + 15 * 27 + 105 * 81 + 945 * 243) / 11));
  });

  for (const variety of varieties) {
    it(`agrees with every order tried, zones and search alike: ${variety.name}`, () => {
      fc.assert(
        fc.property(anyRegisterHistory(variety, 7), (deeds) => {
          const expected = isLinearizable(deeds);
          const verdict = check(linearizability, historyOf(deeds));
          if (verdict.word !== "notChecked") assert.equal(verdict.word, expected ? "valid" : "invalid");
          assert.equal(searchAnswer(deeds), expected);
        }),
        { numRuns: 4_000, seed: 1 },
      );
    });

    it(`finds nothing wrong with a correct register: ${variety.name}`, () => {
      fc.assert(
        fc.property(atomicHistory(variety), (deeds) => {
          const history = historyOf(deeds);
          for (const checker of [linearizability, regular, lostWrite, deletes]) {
            const { word } = check(checker, history);
            assert.ok(word === "valid" || word === "notChecked", `${checker.name} says ${word}`);
          }
        }),
        { numRuns: 1_500, seed: 2 },
      );
    });
  }

  it("gives evidence that is a violation by itself", () => {
    let judged = 0;
    fc.assert(
      fc.property(anyRegisterHistory({ deletes: true, cas: false, repeated: false }, 8), (deeds) => {
        const history = historyOf(deeds);
        const verdict = check(linearizability, history);
        if (verdict.word !== "invalid") return;
        for (const { evidence, kind } of verdict.anomalies) {
          // Without other lines, an event's index is the place of its tick among all ticks.
          const ticks = deeds
            .flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
            .sort((a, b) => a - b);
          const witness = deeds.filter(({ from }) => evidence.includes(ticks.indexOf(from)));
          assert.equal(witness.length, evidence.length);
          assert.ok(witness.length <= 8);
          assert.equal(isLinearizable(witness), false, kind);
          if (kind === "stale read") assert.equal(isRegular(witness), false);
          judged += 1;
        }
      }),
      { numRuns: 4_000, seed: 3 },
    );
    assert.ok(judged > 1_000, `${judged} witnesses`);
  });

  it("gives evidence that is a violation by itself, whatever a key was used for", () => {
    const kinds = new Map<string, number>();
    const cas = { deletes: false, cas: true, repeated: false };
    const anything = fc.oneof(...[...varieties, cas].map((variety) => anyRegisterHistory(variety, 8)));
    fc.assert(
      fc.property(anything, (deeds) => {
        const history = historyOf(deeds);
        const verdict = check(linearizability, history);
        if (verdict.word !== "invalid") return;
        const problem = problemOfKey(history, 0);
        for (const { evidence, kind } of verdict.anomalies) {
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
          // A value that nobody wrote needs no other proof, and a part of a history would explain it as a write.
          if (kind === "phantom value" || kind === "failed write visible") continue;
          const isMeant = (row: number): boolean => evidence.includes(history.invokeIndex[row] ?? -1);
          const operations = Array.from(problem.rows.keys()).filter((at) => isMeant(problem.rows[at] ?? -1));
          const part = partOfProblem(problem, operations);
          assert.equal(operations.length, evidence.length, kind);
          assert.equal(hasOrder(part, registerApply(part)), false, `${kind}: ${JSON.stringify(verdict)}`);
        }
      }),
      { numRuns: 6_000, seed: 8 },
    );
    for (const kind of [
      "stale read",
      "read inversion",
      "value comes back",
      "lost update",
      "not linearizable",
    ])
      assert.ok((kinds.get(kind) ?? 0) > 2, `${kind}: ${kinds.get(kind)}`);
  });

  it("agrees with the definition of regularity", () => {
    fc.assert(
      fc.property(anyRegisterHistory({ deletes: true, cas: false, repeated: true }, 7), (deeds) => {
        const verdict = check(regular, historyOf(deeds));
        const { word } = verdict;
        assert.equal(word === "notChecked" ? "valid" : word, isRegular(deeds) ? "valid" : "invalid");
      }),
      { numRuns: 6_000, seed: 4 },
    );
  });

  it("finds a stale read that is planted in a correct history", () => {
    const variety = { deletes: false, cas: false, repeated: false };
    fc.assert(
      fc.property(atomicHistory(variety), (deeds) => {
        const end = 3 * deeds.length;
        const planted: Deed[] = [
          ...deeds,
          { f: "write", value: 1_000, from: end, to: end + 1 },
          { f: "write", value: 1_001, from: end + 2, to: end + 3 },
          { f: "read", value: 1_000, from: end + 4, to: end + 5 },
        ];
        const verdict = check(linearizability, historyOf(planted));
        assert.ok(verdict.word === "invalid" && verdict.anomalies.some(({ kind }) => kind === "stale read"));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("finds the same violations whether the indices are dense or far apart", () => {
    fc.assert(
      fc.property(anyRegisterHistory({ deletes: false, cas: false, repeated: false }), (deeds) => {
        const history = historyOf(deeds);
        const spread = (column: Int32Array): Int32Array =>
          column.map((index) => (index === 0x7fff_ffff ? index : index * 1_000_000));
        const sparse = {
          ...history,
          invokeIndex: spread(history.invokeIndex),
          completeIndex: spread(history.completeIndex),
        };
        assert.deepEqual(problemOfKey(sparse, 0), problemOfKey(history, 0));
      }),
      { numRuns: 500, seed: 6 },
    );
  });
});
