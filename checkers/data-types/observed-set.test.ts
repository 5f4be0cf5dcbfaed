import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { observedSet } from "./observed-set.ts";

const add = (
  value: HistoryValue,
  from: number,
  type: Deed["type"] = "ok",
  to: number | null = from + 1,
): Deed => ({
  f: "add",
  value,
  from,
  to,
  type,
});
const remove = (value: string, from: number, context?: string, type: Deed["type"] = "ok"): Deed => ({
  f: "remove",
  value,
  from,
  to: from + 1,
  type,
  ...(context === undefined ? {} : { context }),
});
const read = (from: number, context: string, value: HistoryValue): Deed => ({
  f: "read",
  value,
  from,
  to: from + 1,
  context,
});
const verdictOf = (...deeds: readonly Deed[]): Verdict =>
  check(observedSet, historyOf(deeds, { phases: [{ at: 90, phase: "final" }] }));
const kindsOf = (verdict: Verdict): readonly (readonly [string, readonly number[]])[] =>
  verdict.word === "invalid" ? verdict.anomalies.map(({ kind, evidence }) => [kind, evidence]) : [];

describe("observed-set", () => {
  it("keeps what was added beside a remove, and drops what the remove had observed", () => {
    const verdict = verdictOf(
      add("milk", 1),
      add("eggs", 3),
      read(5, "c", ["eggs", "milk"]),
      add("milk", 7),
      remove("milk", 9, "c"),
      remove("eggs", 11, "c"),
      read(91, "d", ["milk"]),
    );
    assert.deepEqual(verdict, { word: "valid", checked: 1 });
  });

  it("names an add that is gone though no remove had observed it", () => {
    assert.deepEqual(
      verdictOf(
        add("milk", 1),
        read(3, "c", ["milk"]),
        add("milk", 5),
        remove("milk", 7, "c"),
        read(91, "d", []),
      ),
      {
        word: "invalid",
        anomalies: [
          {
            kind: "lost write",
            says:
              'p2\'s add of "milk" to x was acknowledged at 6.000 ms, and no remove had observed it, ' +
              "but at rest it is gone: p4 read x=[] at 92.000 ms",
            evidence: [4, 9],
            keyspace: "",
            key: "x",
          },
        ],
      },
    );
  });

  it("names an item that is back though every add of it was observed by its remove", () => {
    const verdict = verdictOf(
      add("milk", 1),
      read(3, "c", ["milk"]),
      remove("milk", 5, "c"),
      read(91, "d", ["milk"]),
    );
    assert.deepEqual(kindsOf(verdict), [["resurrected delete", [0, 4, 7]]]);
  });

  it("is in no doubt where an add of unknown outcome may have come later", () => {
    const late = add("milk", 7, "info", 8);
    const verdict = verdictOf(
      add("milk", 1),
      read(3, "c", ["milk"]),
      remove("milk", 5, "c"),
      late,
      read(91, "d", ["milk"]),
    );
    assert.deepEqual(verdict, { word: "valid", checked: 1 });
  });

  it("takes a remove without context for one that may have observed whatever was there", () => {
    assert.equal(verdictOf(add("milk", 1), remove("milk", 3), read(91, "d", [])).word, "valid");
    assert.deepEqual(kindsOf(verdictOf(remove("milk", 1), add("milk", 3), read(91, "d", []))), [
      ["lost write", [2, 5]],
    ]);
  });

  it("reads carts by their fields, and deletes as removes of all", () => {
    const cart = { milk: 2 };
    assert.equal(verdictOf(add(["milk", 2], 1), read(91, "d", cart)).word, "valid");
    const gone: Deed = { f: "delete", from: 5, to: 6, context: "c" };
    assert.equal(verdictOf(add(["milk", 2], 1), read(3, "c", cart), gone, read(91, "d", {})).word, "valid");
    assert.deepEqual(kindsOf(verdictOf(add("milk", 1), read(3, "c", cart), gone, read(91, "d", cart))), [
      ["resurrected delete", [0, 4, 7]],
    ]);
  });

  it("names items that nobody added", () => {
    const verdict = verdictOf(add("milk", 1, "fail"), add("eggs", 3), read(91, "d", ["eggs", "milk"]));
    assert.deepEqual(kindsOf(verdict), [["phantom value", [5]]]);
  });

  it("says what it can't judge", () => {
    assert.deepEqual(verdictOf(add("milk", 1)), {
      word: "notChecked",
      because: "no read of x was answered at rest",
    });
    assert.deepEqual(verdictOf({ f: "write", value: 1, from: 1, to: 2 }), {
      word: "notChecked",
      because: "x is no set",
    });
  });
});
