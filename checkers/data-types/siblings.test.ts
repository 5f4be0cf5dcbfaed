import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { Deed } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { siblings } from "./siblings.ts";

const write = (value: number, from: number, context?: string, type: Deed["type"] = "ok"): Deed => ({
  f: "write",
  value,
  from,
  to: from + 1,
  type,
  ...(context === undefined ? {} : { context }),
});
const read = (from: number, context: string, ...values: number[]): Deed => ({
  f: "read",
  value: values[0] ?? null,
  from,
  to: from + 1,
  context,
  ...(values.length > 1 ? { siblings: values } : {}),
});
const verdictOf = (...deeds: readonly Deed[]): Verdict =>
  check(siblings, historyOf(deeds, { phases: [{ at: 90, phase: "final" }] }));

describe("siblings", () => {
  it("may be replaced by those who read them, and by nobody else", () => {
    const verdict = verdictOf(
      write(1, 1),
      write(2, 3),
      read(5, "c", 1, 2),
      write(3, 7, "c"),
      write(4, 9),
      read(91, "d", 3, 4),
    );
    assert.deepEqual(verdict, { word: "valid", checked: 1 });
  });

  it("are lost when they are gone though nobody read them", () => {
    assert.deepEqual(verdictOf(write(1, 1), write(2, 3), read(91, "d", 2)), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost write",
          says:
            "p0's x=1 was acknowledged at 2.000 ms, and nobody who had read it wrote or deleted since, " +
            "but at rest it is gone: p2 read x=2 at 92.000 ms",
          evidence: [0, 5],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("are not explained by a write whose context had not shown them", () => {
    const verdict = verdictOf(write(1, 1), read(3, "c", 1), write(2, 5), write(3, 7, "c"), read(91, "d", 3));
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ kind, evidence }) => [kind, evidence]),
      [["lost write", [4, 9]]],
    );
  });

  it("are explained by a replacing write of unknown outcome, and by a delete", () => {
    assert.equal(
      verdictOf(write(1, 1), read(3, "c", 1), write(2, 5, "c", "info"), read(91, "d", 2)).word,
      "valid",
    );
    const gone: Deed = { f: "delete", from: 5, to: 6, context: "c" };
    assert.equal(verdictOf(write(1, 1), read(3, "c", 1), gone, read(91, "d")).word, "valid");
    const failed = verdictOf(write(1, 1), read(3, "c", 1), write(2, 5, "c", "fail"), read(91, "d"));
    assert.equal(failed.word, "invalid");
  });

  it("may go with a delete that carried no context, unless they were written after it", () => {
    const blind: Deed = { f: "delete", from: 5, to: 6 };
    assert.equal(verdictOf(write(1, 1), blind, read(91, "d")).word, "valid");
    assert.equal(verdictOf(blind, write(1, 7), read(91, "d")).word, "invalid");
  });

  it("come back when what replaced them was acknowledged", () => {
    const back = verdictOf(write(1, 1), read(3, "c", 1), write(2, 5, "c"), read(91, "d", 1, 2));
    assert.ok(back.word === "invalid");
    assert.deepEqual(
      back.anomalies.map(({ kind, evidence }) => [kind, evidence]),
      [["value comes back", [0, 4, 7]]],
    );
    const gone: Deed = { f: "delete", from: 5, to: 6, context: "c" };
    const resurrected = verdictOf(write(1, 1), read(3, "c", 1), gone, read(91, "d", 1));
    assert.ok(resurrected.word === "invalid" && resurrected.anomalies[0].kind === "resurrected delete");
  });

  it("that nobody wrote are phantoms", () => {
    const verdict = verdictOf(write(1, 1), read(91, "d", 1, 9));
    assert.deepEqual(verdict, {
      word: "invalid",
      anomalies: [
        {
          kind: "phantom value",
          says: "at rest x shows 9, which nobody wrote",
          evidence: [3],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("may be replaced with the context that their own write returned", () => {
    const own: Deed = { ...write(1, 1), returns: "w" };
    assert.equal(verdictOf(own, write(2, 3, "w"), read(91, "d", 2)).word, "valid");
    assert.equal(verdictOf(own, write(2, 3, "w"), read(91, "d", 1, 2)).word, "valid");
    const refused: Deed = { ...write(1, 1, undefined, "fail"), returns: "w" };
    assert.equal(verdictOf(refused, write(3, 3), write(2, 5, "w"), read(91, "d", 2)).word, "valid");
  });

  it("may go with a write whose context nobody knows, unless they were written after it", () => {
    assert.equal(verdictOf(write(1, 1), write(2, 3, "?"), read(91, "d", 2)).word, "valid");
    assert.equal(verdictOf(write(2, 3, "?"), write(1, 5), read(91, "d", 2)).word, "invalid");
    const open: Deed = { f: "delete", from: 5, to: 6, type: "info" };
    assert.equal(verdictOf(open, write(1, 7), read(91, "d")).word, "valid");
  });

  it("come back only where what replaced them was acknowledged before the rest", () => {
    const shown = [write(1, 1), read(3, "c", 1)];
    const back = (...deeds: readonly Deed[]): Verdict => verdictOf(...shown, ...deeds);
    const open = write(3, 5, "c", "info");
    assert.equal(back(open, read(91, "d", 1, 3)).word, "valid");
    assert.equal(back(open, write(2, 7, "c"), read(91, "d", 1, 2)).word, "invalid");
    assert.equal(back(write(2, 7, "c"), open, read(91, "d", 1, 2)).word, "invalid");
    assert.equal(back({ ...write(2, 89, "c"), to: 90.5 }, read(91, "d", 1, 2)).word, "valid");
    const first = back(write(2, 7, "c"), write(4, 9, "c"), read(91, "d", 1, 2, 4));
    assert.ok(first.word === "invalid");
    assert.deepEqual(first.anomalies, [
      {
        kind: "value comes back",
        says: "at rest x=1 is there, though somebody who had read it replaced it: p2 wrote x=2 (acknowledged at 8.000 ms)",
        evidence: [0, 4, 9],
        keyspace: "",
        key: "x",
      },
    ]);
  });

  it("of unknown outcome need not be there", () => {
    assert.equal(verdictOf(write(1, 1, undefined, "info"), read(91, "d")).word, "valid");
  });

  it("are judged under a name, and with assumptions", () => {
    const { name, assumes } = siblings;
    const expected = [
      "written values are unique",
      "contexts are those that reads returned",
      "reads come after the rest",
    ];
    assert.deepEqual({ name, assumes }, { name: "siblings", assumes: expected });
  });

  it("are not judged where a value was written twice", () => {
    assert.deepEqual(verdictOf(write(1, 1), write(1, 3), read(91, "d", 1)), {
      word: "notChecked",
      because: "x has values that were written twice: p1 wrote x=1 (acknowledged at 4.000 ms)",
    });
    assert.equal(verdictOf(write(1, 1, undefined, "fail"), write(1, 3), read(91, "d", 1)).word, "valid");
  });

  it("are judged at rest, and only on registers", () => {
    assert.deepEqual(verdictOf(write(1, 1)), {
      word: "notChecked",
      because: "no read of x was answered at rest",
    });
    const mixed = verdictOf(write(1, 1), { f: "increment", value: 1, from: 3, to: 4 }, read(91, "d", 1));
    assert.equal(mixed.word, "notChecked");
    assert.deepEqual(verdictOf({ f: "increment", value: 1, from: 1, to: 2 }), {
      word: "notChecked",
      because: "x is no register: it has other operations",
    });
  });
});
