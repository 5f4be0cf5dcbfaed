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
    assert.deepEqual(verdict, {
      word: "invalid",
      anomalies: [
        {
          kind: "resurrected delete",
          says:
            'at rest "milk" is in x, though every add of it had ended before the read whose context its remove ' +
            "carried: p2 called remove on x (acknowledged at 6.000 ms)",
          evidence: [0, 4, 7],
          keyspace: "",
          key: "x",
        },
      ],
    });
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
    assert.deepEqual(verdict, {
      word: "invalid",
      anomalies: [
        {
          kind: "phantom value",
          says: 'p2 read x=["eggs","milk"] at 92.000 ms: nobody added "milk"',
          evidence: [5],
          keyspace: "",
          key: "x",
        },
      ],
    });
    const shown = verdictOf(add("eggs", 1), remove("milk", 3), read(91, "d", ["eggs", "milk"]));
    assert.deepEqual(kindsOf(shown), [["phantom value", [5]]]);
    const removedOnly = verdictOf(add("eggs", 1), remove("milk", 3), read(91, "d", ["eggs"]));
    assert.deepEqual(removedOnly, { word: "valid", checked: 1 });
  });

  it("asks for the quantities of a cart that are certainly there, and for no more than may be", () => {
    const cart = (count: number): Deed => read(91, "d", { milk: count });
    const two = [add(["milk", 2], 1), add(["milk", 3], 3)];
    assert.equal(verdictOf(...two, cart(5)).word, "valid");
    assert.deepEqual(verdictOf(...two, cart(4)), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost write",
          says: 'at rest p2 found 4 of "milk" in x, but 5 were acknowledged that no remove had observed',
          evidence: [0, 2, 5],
          keyspace: "",
          key: "x",
        },
      ],
    });
    assert.deepEqual(verdictOf(...two, cart(6)), {
      word: "invalid",
      anomalies: [
        {
          kind: "duplicated element",
          says: 'at rest p2 found 6 of "milk" in x, but no more than 5 were added',
          evidence: [0, 2, 5],
          keyspace: "",
          key: "x",
        },
      ],
    });
    // One of unknown outcome counts or doesn't; an item alone is one of it.
    const maybe = [add(["milk", 2], 1), add("milk", 3, "info")];
    for (const count of [2, 3]) assert.equal(verdictOf(...maybe, cart(count)).word, "valid");
    for (const count of [1, 4]) assert.equal(verdictOf(...maybe, cart(count)).word, "invalid");
    assert.equal(verdictOf(add(["milk", "many"], 1), cart(1)).word, "valid");
    assert.equal(verdictOf(add(["milk", "many"], 1), cart(2)).word, "invalid");
    assert.equal(verdictOf(add(["milk", 2], 1), read(91, "d", { milk: "1" })).word, "valid");
    assert.equal(verdictOf(add(["milk", 2], 1), read(91, "d", { milk: "many" })).word, "valid");
  });

  it("knows how many of a cart's item a remove has left", () => {
    const some = [
      add(["milk", 2], 1),
      read(3, "c", { milk: 2 }),
      add(["milk", 3], 5),
      remove("milk", 7, "c"),
    ];
    const left = (count: number): Verdict => verdictOf(...some, read(91, "d", { milk: count }));
    assert.equal(left(3).word, "valid");
    assert.deepEqual(kindsOf(left(2)), [["lost write", [4, 9]]]);
    assert.deepEqual(left(5), {
      word: "invalid",
      anomalies: [
        {
          kind: "resurrected delete",
          says:
            'at rest p4 found 5 of "milk" in x, but no more than 3 can be left: the others had been added before ' +
            "the read whose context a remove carried, p3 called remove on x (acknowledged at 8.000 ms)",
          evidence: [0, 4, 6, 9],
          keyspace: "",
          key: "x",
        },
      ],
    });
    assert.deepEqual(kindsOf(left(6)), [["duplicated element", [0, 4, 9]]]);
    // What ran beside the read may have been observed or not.
    const beside = [add(["milk", 2], 1, "ok", 4), read(3, "c", { milk: 2 }), remove("milk", 7, "c")];
    for (const count of [1, 2])
      assert.equal(verdictOf(...beside, read(91, "d", { milk: count })).word, "valid");
    assert.equal(verdictOf(...beside, read(91, "d", {})).word, "valid");
    assert.deepEqual(kindsOf(verdictOf(...beside, read(91, "d", { milk: 3 }))), [
      ["duplicated element", [0, 7]],
    ]);
  });

  it("names no more than five adds of many", () => {
    const many = Array.from({ length: 7 }, (_, at) => add(["milk", 1], 1 + 2 * at));
    assert.deepEqual(kindsOf(verdictOf(...many, read(91, "d", { milk: 6 }))), [
      ["lost write", [0, 2, 4, 6, 8, 15]],
    ]);
    assert.deepEqual(kindsOf(verdictOf(...many, read(91, "d", { milk: 8 }))), [
      ["duplicated element", [0, 2, 4, 6, 8, 15]],
    ]);
  });

  it("goes by the remove whose read began last", () => {
    const removed = [add("milk", 1), read(3, "c", ["milk"]), add("milk", 5), read(7, "e", ["milk"])];
    const both = [remove("milk", 11, "e"), remove("milk", 9, "c")];
    assert.deepEqual(kindsOf(verdictOf(...removed, ...both, read(91, "d", ["milk"]))), [
      ["resurrected delete", [0, 10, 13]],
    ]);
    const gone: Deed = { f: "delete", from: 13, to: 14, context: "c" };
    assert.deepEqual(kindsOf(verdictOf(...removed, ...both, gone, read(91, "d", ["milk"]))), [
      ["resurrected delete", [0, 10, 15]],
    ]);
    assert.equal(verdictOf(...removed, remove("milk", 9, "c"), read(91, "d", ["milk"])).word, "valid");
    assert.equal(
      verdictOf(...removed, remove("milk", 9, "e", "info"), read(91, "d", ["milk"])).word,
      "valid",
    );
    assert.equal(verdictOf(...removed, remove("milk", 9, "e", "fail"), read(91, "d", [])).word, "invalid");
  });

  it("tells too many from a remove that took none of them", () => {
    const own = { ...add(["milk", 2], 1), returns: "a" };
    const many = verdictOf(own, remove("milk", 3, "a"), read(91, "d", { milk: 3 }));
    assert.deepEqual(kindsOf(many), [["duplicated element", [0, 5]]]);
  });

  it("names the removes whose reads began at the same time by the first", () => {
    const twice = [add("milk", 1), read(3, "c", ["milk"]), remove("milk", 5, "c"), remove("milk", 7, "c")];
    assert.deepEqual(kindsOf(verdictOf(...twice, read(91, "d", ["milk"]))), [
      ["resurrected delete", [0, 4, 9]],
    ]);
  });

  it("takes a context that an add returned for one that may have observed it", () => {
    const own = { ...add("milk", 1), returns: "a" };
    assert.equal(verdictOf(own, remove("milk", 3, "a"), read(91, "d", [])).word, "valid");
    assert.equal(verdictOf(own, remove("milk", 3, "a"), read(91, "d", ["milk"])).word, "valid");
    assert.deepEqual(kindsOf(verdictOf(own, add("milk", 3), remove("milk", 5, "a"), read(91, "d", []))), [
      ["lost write", [2, 7]],
    ]);
    // One that a read returned too stands for what that read saw.
    const both = verdictOf(own, read(3, "a", ["milk"]), remove("milk", 5, "a"), read(91, "d", ["milk"]));
    assert.deepEqual(kindsOf(both), [["resurrected delete", [0, 4, 7]]]);
  });

  it("says what it is called, and what it assumes", () => {
    const { name, assumes } = observedSet;
    const expected = ["contexts are those that answers returned", "reads come after the rest"];
    assert.deepEqual({ name, assumes }, { name: "observed-set", assumes: expected });
  });

  it("takes nothing, and what is no set, for an empty one", () => {
    for (const shown of [null, 7, "milk"]) {
      assert.deepEqual(kindsOf(verdictOf(add("milk", 1), read(91, "d", shown))), [["lost write", [0, 3]]]);
    }
  });

  it("leaves out what was asked for after the rest", () => {
    assert.equal(
      verdictOf(add("milk", 1), read(91, "d", ["milk"]), add("eggs", 93), remove("milk", 95)).word,
      "valid",
    );
    assert.equal(verdictOf(add("milk", 1), remove("milk", 93), read(95, "d", [])).word, "invalid");
  });

  it("says what it can't judge", () => {
    assert.deepEqual(verdictOf(add("milk", 1)), {
      word: "notChecked",
      because: "no read of x was answered at rest",
    });
    const noSet = { word: "notChecked", because: "x is no set" };
    assert.deepEqual(verdictOf(add("milk", 1), { f: "write", value: 1, from: 3, to: 4 }), noSet);
    assert.deepEqual(verdictOf(read(91, "d", [])), noSet);
    assert.deepEqual(verdictOf({ f: "write", value: 1, from: 1, to: 2 }), {
      word: "notChecked",
      because: "x is no set",
    });
  });
});
