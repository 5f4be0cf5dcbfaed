import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Deed, Scene } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { deletes } from "./deletes.ts";

const keyspace = (n: number, w: number, r: number, more: object = {}): Scene => ({
  header: { keyspaces: [{ name: "", n, w, r, ...more }] },
});
const deleted: readonly Deed[] = [
  { f: "write", value: 1, from: 0, to: 1 },
  { f: "delete", from: 2, to: 3 },
];
const cameBack: readonly Deed[] = [
  ...deleted,
  { f: "read", value: null, from: 4, to: 5 },
  { f: "read", value: 1, from: 6, to: 7 },
];

describe("deletes", () => {
  it("names a deleted value that is read after a read found nothing, where quorums overlap", () => {
    assert.deepEqual(check(deletes, historyOf(cameBack, keyspace(3, 2, 2))), {
      word: "invalid",
      anomalies: [
        {
          kind: "resurrected delete",
          says:
            "p1's delete was acknowledged at 3.000 ms, and p2 found nothing at x at 5.000 ms, but then p3 read " +
            "x=1 at 7.000 ms, written before the delete (ended at 1.000 ms)",
          evidence: [0, 2, 4, 6],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("claims nothing before the rest where quorums need not overlap, or nothing is known of them", () => {
    const quorums = [keyspace(3, 1, 1), keyspace(3, 2, 2, { sloppy: true }), {}];
    for (const scene of quorums) assert.equal(check(deletes, historyOf(cameBack, scene)).word, "valid");
    const weakRead = cameBack.map((deed, at) => (at === 3 ? { ...deed, r: 1 } : deed));
    assert.equal(check(deletes, historyOf(weakRead, keyspace(3, 2, 2))).word, "valid");
  });

  it("calls a delete lost and undone when its value is read at rest and nobody found nothing", () => {
    const history = historyOf([...deleted, { f: "read", value: 1, from: 60, to: 61 }], {
      phases: [{ at: 50, phase: "final" }],
    });
    const verdict = check(deletes, history);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ kind, says, evidence }) => ({ kind, says, evidence })),
      [
        {
          kind: "resurrected delete",
          says:
            "p1's delete was acknowledged at 3.000 ms, the cluster was mended and came to rest, but then p2 " +
            "read x=1 at 61.000 ms, written before the delete (ended at 1.000 ms)",
          evidence: [0, 2, 5],
        },
        {
          kind: "lost delete",
          says:
            "p1's delete was acknowledged at 3.000 ms, and no read ever found nothing, but then p2 read x=1 " +
            "at 61.000 ms, written before the delete (ended at 1.000 ms)",
          evidence: [0, 2, 5],
        },
      ],
    );
  });

  it("calls it resurrected, not lost, at rest when a read found nothing in between, at any quorum", () => {
    const history = historyOf(
      [...deleted, { f: "read", value: null, from: 4, to: 5 }, { f: "read", value: 1, from: 60, to: 61 }],
      { ...keyspace(3, 1, 1), phases: [{ at: 50, phase: "final" }] },
    );
    const verdict = check(deletes, history);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ kind }) => kind),
      ["resurrected delete"],
    );
  });

  it("is silent where the value was written beside the delete, again after it, or with unknown outcome", () => {
    const scene = { ...keyspace(3, 2, 2), phases: [{ at: 50, phase: "final" as const }] };
    const read: Deed = { f: "read", value: 1, from: 60, to: 61 };
    const beside: Deed[] = [{ f: "write", value: 1, from: 0, to: 3 }, { f: "delete", from: 1, to: 4 }, read];
    const again: Deed[] = [...deleted, { f: "write", value: 1, from: 10, to: 11 }, read];
    const unknown: Deed[] = [
      { f: "write", value: 1, from: 0, to: null },
      { f: "delete", from: 1, to: 4 },
      read,
    ];
    for (const deeds of [beside, again, unknown]) {
      assert.deepEqual(check(deletes, historyOf(deeds, scene)), { word: "valid", checked: 1 });
    }
  });

  it("does not count a delete of unknown outcome, nor a read that began before it ended", () => {
    const scene = { ...keyspace(3, 2, 2), phases: [{ at: 50, phase: "final" as const }] };
    const unknown = historyOf(
      [
        { f: "write", value: 1, from: 0, to: 1 },
        { f: "delete", from: 2, to: 3, type: "info" },
        { f: "read", value: 1, from: 60, to: 61 },
      ],
      scene,
    );
    assert.equal(check(deletes, unknown).word, "notChecked");
    const early = historyOf(
      [...deleted.slice(0, 1), { f: "delete", from: 2, to: 5 }, { f: "read", value: 1, from: 4, to: 7 }],
      keyspace(3, 2, 2),
    );
    assert.equal(check(deletes, early).word, "notChecked");
  });

  const strict = keyspace(3, 2, 2);
  const found = (value: number | null, from: number, to: number, more: Partial<Deed> = {}): Deed => ({
    f: "read",
    value,
    from,
    to,
    ...more,
  });

  it("names a value once, however often it comes back", () => {
    const verdict = check(deletes, historyOf([...cameBack, found(1, 8, 9)], strict));
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ evidence }) => evidence),
      [[0, 2, 4, 6]],
    );
  });

  it("takes no other read between for one that found nothing", () => {
    const others = [
      [found(7, 4, 5)],
      [found(null, 4, 5, { type: "fail" })],
      [found(null, 4, 7)],
      [found(null, 2.5, 5)],
    ];
    for (const between of others) {
      const verdict = check(deletes, historyOf([...deleted, ...between, found(1, 6, 8)], strict));
      assert.equal(verdict.word, "valid");
    }
  });

  it("takes a read beside the one of the old value for none that found nothing before", () => {
    const scene: Scene = { phases: [{ at: 50, phase: "final" }] };
    const verdict = check(deletes, historyOf([...deleted, found(null, 60, 63), found(1, 61, 64)], scene));
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ kind, evidence }) => [kind, evidence]),
      [
        ["resurrected delete", [0, 2, 6]],
        ["lost delete", [0, 2, 6]],
      ],
    );
  });

  it("is silent before the rest, and where the delete came after it", () => {
    const scene = (at: number): Scene => ({ phases: [{ at, phase: "final" }] });
    const deeds = [...deleted, found(1, 4, 6)];
    for (const at of [1.5, 2.5, 5, 50]) {
      assert.deepEqual(check(deletes, historyOf(deeds, scene(at))), { word: "valid", checked: 1 });
    }
    assert.equal(check(deletes, historyOf(deeds, scene(3.5))).word, "invalid");
  });

  it("is silent while one of two writes of the value may come after the delete", () => {
    const deeds: Deed[] = [
      { f: "write", value: 1, from: 0, to: 9 },
      { f: "write", value: 1, from: 1, to: 2 },
      { f: "delete", from: 3, to: 4 },
      found(null, 5, 6),
      found(1, 7, 8),
    ];
    assert.deepEqual(check(deletes, historyOf(deeds, strict)), { word: "valid", checked: 2 });
  });

  it("lets reads find nothing after two deletes, and counts those that began after the first", () => {
    const deeds: Deed[] = [
      found(null, 0, 1),
      { f: "delete", from: 2, to: 4 },
      found(null, 3, 5),
      { f: "delete", from: 6, to: 7 },
      found(null, 8, 9),
      found(null, 10, 11),
    ];
    assert.deepEqual(check(deletes, historyOf(deeds, strict)), { word: "valid", checked: 2 });
  });

  it("takes a delete that failed for none", () => {
    const failed = deleted.map((deed, at): Deed => (at === 1 ? { ...deed, type: "fail" } : deed));
    assert.deepEqual(check(deletes, historyOf([...failed, found(null, 4, 5), found(1, 6, 7)], strict)), {
      word: "notChecked",
      because: "no acknowledged delete is followed by a read",
    });
  });

  it("judges no key that is no register", () => {
    const history = historyOf([...cameBack, { f: "add", value: 7, from: 8, to: 9 }], strict);
    assert.deepEqual(check(deletes, history), {
      word: "notChecked",
      because: "x is no register: it has other operations",
    });
  });

  it("says what it is called, and what it assumes", () =>
    assert.deepEqual(
      [deletes.name, deletes.assumes],
      ["deletes", ["null is never written", "a value is not written again after the delete"]],
    ));
});
