import assert from "node:assert/strict";
import { divergence, dump, judged, measures, three, writes } from "./convergence.test-support.ts";
import { convergence } from "./convergence.ts";
import type { Happening } from "./world-history.test-support.ts";

describe("convergence", () => {
  it("names replicas that hold different values, with the writes of both", () => {
    assert.deepEqual(
      judged([...writes, dump(11, "n2", 2), dump(10, "n1", 1)]),
      divergence(
        "at rest, at 10.000 ms, the replicas of x differ: n1 holds 1, n2 holds 2; nobody read it after its last change",
        [0, 2],
        [1, 1, 1, 1],
      ),
    );
  });

  it("says nothing of reads where one began after the last change", () => {
    const says = "at rest, at 10.000 ms, the replicas of x differ: n1 holds 1, n2 holds 2";
    const dumps = [dump(10, "n1", 1), dump(11, "n2", 2)];
    const read = { f: "read", value: 2, from: 4.5, to: 6 };
    assert.deepEqual(judged([...writes, ...dumps, read]), divergence(says, [0, 2], [1, 1, 0, 1]));
    const silent: Happening = { f: "read", from: 7, to: 8, type: "info" };
    assert.deepEqual(judged([...writes, ...dumps, read, silent]), divergence(says, [0, 2], [1, 1, 0, 1]));
    const failed: Happening = { f: "write", value: 9, from: 7, to: 8, type: "fail" };
    const never = judged([
      { ...failed, key: "y" },
      { at: 10, dump: "n1", holds: { y: [1] } },
      dump(11, "n2", 2),
    ]);
    assert.ok(never.word === "invalid");
    assert.match(never.anomalies[1]?.says ?? "", /of y differ: .*; nobody read it after its last change$/);
    assert.deepEqual(judged([...writes, ...dumps, read, failed]), divergence(says, [0, 2], [1, 1, 0, 1]));
    for (const tooLate of [
      { ...read, from: 3.5 },
      { ...read, type: "info" as const },
    ]) {
      const verdict = judged([...writes, ...dumps, tooLate]);
      assert.ok(verdict.word === "invalid");
      assert.match(verdict.anomalies[0].says, /; nobody read it after its last change$/);
    }
  });

  it("tells a value from a tombstone, with the last acknowledged delete", () => {
    const again: Happening = { f: "delete", from: 6, to: 7, type: "info" };
    assert.deepEqual(
      judged([...writes, again, dump(10, "n1", 2), dump(11, "n2", null)]),
      divergence(
        "at rest, at 10.000 ms, the replicas of x differ: n1 holds 2, n2 holds nothing; nobody read it after its last change",
        [2, 4],
        [1, 1, 1, 1],
      ),
    );
  });

  it("does not tell a tombstone from nothing", () => {
    const history = [...writes, dump(10, "n1", null), { at: 11, dump: "n2", holds: {} }];
    assert.deepEqual(judged(history), { word: "valid", checked: 3, measures: measures([1, 0, 0, 0]) });
  });

  it("takes siblings in any order, and the fields of an object in any order, but not how often they are there", () => {
    const held = [{ a: 1, b: { c: 2, d: [1, 2] } }, 7, null, "7"];
    const turned = ["7", { b: { d: [1, 2], c: 2 }, a: 1 }, 7];
    const dumps = (other: typeof held): Happening[] => [
      { at: 10, dump: "n1", holds: { x: held } },
      { at: 11, dump: "n2", holds: { x: other } },
    ];
    assert.equal(judged([...writes, ...dumps(turned as typeof held)]).word, "valid");
    assert.equal(judged([...writes, ...dumps([...turned, 7] as typeof held)]).word, "invalid");
    const list = [{ a: 1, b: { c: 2, d: [2, 1] } }, 7, "7"];
    const verdict = judged([...writes, ...dumps(list as typeof held)]);
    assert.ok(verdict.word === "invalid");
    assert.equal(
      verdict.anomalies[0].says,
      'at rest, at 10.000 ms, the replicas of x differ: n1 holds "7" and 7 and {"a":1,"b":{"c":2,"d":[1,2]}}, ' +
        'n2 holds "7" and 7 and {"a":1,"b":{"c":2,"d":[2,1]}}; nobody read it after its last change',
    );
  });

  it("names the last acknowledged change where nobody wrote what is shown as it is", () => {
    const adds: Happening[] = [
      { f: "add", value: "a", from: 0, to: 1 },
      { f: "add", value: "b", from: 2, to: 3 },
      { f: "add", value: "d", from: 4, to: 4.5 },
      { f: "add", value: "c", from: 4.7, to: 5, type: "info" },
    ];
    const sets: Happening[] = [
      { at: 10, dump: "n1", holds: { x: [["a", "b"]] } },
      { at: 11, dump: "n2", holds: { x: [["a"]] } },
    ];
    const says =
      'at rest, at 10.000 ms, the replicas of x differ: n1 holds ["a","b"], n2 holds ["a"]; nobody read it after its last change';
    assert.deepEqual(judged([...adds, ...sets]), divergence(says, [4], [1, 1, 1, 1]));
  });

  it("lists what it names in order, of deletes the last alone", () => {
    const deleted = (from: number): Happening => ({ f: "delete", from, to: from + 0.5 });
    const history: Happening[] = [...writes, deleted(6), { f: "write", value: 3, from: 7, to: 8 }];
    assert.deepEqual(
      judged([...history, dump(10, "n1", 3), dump(11, "n2")]),
      divergence(
        "at rest, at 10.000 ms, the replicas of x differ: n1 holds 3, n2 holds nothing; nobody read it after its last change",
        [6, 8],
        [1, 1, 1, 1],
      ),
    );
  });

  it("compares keys that no operation of the history is about", () => {
    const y = (at: number, node: string, values: readonly number[]): Happening => ({
      at,
      dump: node,
      holds: { y: values },
    });
    assert.deepEqual(judged([...writes, y(10, "n1", [5]), y(11, "n2", [])]), {
      word: "invalid",
      anomalies: [
        {
          kind: "divergence",
          says: "at rest, at 10.000 ms, the replicas of y differ: n1 holds 5, n2 holds nothing",
          evidence: [],
          keyspace: "",
          key: "y",
        },
      ],
      measures: measures([1, 1, 0, 1]),
    });
    assert.deepEqual(judged([...writes, y(10, "n1", [5]), y(11, "n2", [5])]), {
      word: "notChecked",
      because: "no operation on what the replicas hold was answered",
      measures: measures([1, 0, 0, 0]),
    });
  });

  it("keeps keys of the same name in other keyspaces apart, and names keys in order", () => {
    const others = writes.map((write): Happening => ({ ...write, keyspace: "k" }) as Happening);
    const held = (at: number, node: string, value: number): Happening => ({
      at,
      dump: node,
      holds: { x: [value], a: [value] },
    });
    const verdict = judged([...others, held(10, "n1", 1), held(11, "n2", 2)]);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ key, evidence }) => [key, evidence]),
      [
        ["a", []],
        ["x", []],
      ],
    );
    assert.deepEqual(verdict.measures, measures([2, 2, 0, 2]));
  });

  it("takes the last dump of each node", () => {
    const dumps = [dump(10, "n1", 1), dump(11, "n2", 2), dump(12, "n1", 2)];
    assert.deepEqual(judged([...writes, ...dumps]), {
      word: "valid",
      checked: 3,
      measures: measures([1, 0, 0, 0]),
    });
  });

  it("counts the replicas outside the largest group that agrees", () => {
    const dumps = [dump(10, "n1", 1), dump(11, "n2", 2), dump(12, "n3", 2)];
    const says =
      "at rest, at 10.000 ms, the replicas of x differ: n1 holds 1, n2 holds 2, n3 holds 2; nobody read it after its last change";
    assert.deepEqual(judged([...writes, ...dumps], three), divergence(says, [0, 2], [1, 1, 1, 1]));
    const apart = judged([...writes, dump(10, "n1", 1), dump(11, "n2", 2), dump(12, "n3", null)], three);
    assert.deepEqual("measures" in apart && apart.measures, measures([1, 1, 1, 2]));
  });

  it("compares only the holders of a key where there are more nodes than replicas", () => {
    const empty: Happening = { at: 12, dump: "n3", holds: {} };
    const dumps = [dump(10, "n1", 1), dump(11, "n2", 1), empty];
    assert.deepEqual(judged([...writes, ...dumps]), {
      word: "valid",
      checked: 3,
      measures: measures([1, 0, 0, 0]),
    });
    assert.deepEqual(judged([...writes, ...dumps], {}), {
      word: "valid",
      checked: 3,
      measures: measures([1, 0, 0, 0]),
    });
    const alone = [dump(10, "n1", 1), { at: 11, dump: "n2", holds: {} }];
    assert.deepEqual(judged([...writes, ...alone], {}), {
      word: "unknown",
      because: "no key of the keyspace is held by two dumped nodes",
    });
  });

  it("asks for as many holders as there are replicas, where every node was dumped", () => {
    const operations = [{ f: "write", value: 2, from: 0, to: 1, node: "n1" }];
    const dumps = [
      dump(10, "n1", 2),
      ...["n2", "n3", "n4"].map((node, at) => ({ at: 11 + at, dump: node, holds: {} })),
    ];
    const because = "no key of the keyspace is held by two dumped nodes";
    assert.deepEqual(
      judged([...operations, ...dumps], three),
      divergence(
        "at rest, at 10.000 ms, the replicas of x differ: n1 holds 2, 2 more of its 3 replicas hold nothing; nobody read it after its last change",
        [0],
        [1, 1, 1, 1],
      ),
    );
    const undumped = [{ f: "read", value: 2, from: 2, to: 3, node: "n5" }];
    assert.deepEqual(judged([...operations, ...undumped, ...dumps], three), { word: "unknown", because });
    assert.deepEqual(judged([...operations, ...dumps], {}), { word: "unknown", because });
    const deleted = [dump(10, "n1", null), ...dumps.slice(1)];
    assert.deepEqual(judged([...operations, ...deleted], three), { word: "unknown", because });
    const held = [dump(10, "n1", 2), dump(11, "n2", 2), dump(12, "n3", 2), dump(13, "n4", 2)];
    assert.equal(judged([...operations, ...held], three).word, "valid");
    assert.equal(judged([...operations, ...held.slice(0, 3), ...dumps.slice(3)], three).word, "valid");
    const two = judged([...operations, ...held.slice(0, 2), ...dumps.slice(2)], three);
    assert.deepEqual("measures" in two && two.measures, measures([1, 1, 1, 1]));
    const gone = judged([...operations, dump(10, "n1", 2), dump(11, "n2", null), ...dumps.slice(2)], three);
    assert.deepEqual(
      gone,
      divergence(
        "at rest, at 10.000 ms, the replicas of x differ: n1 holds 2, n2 holds nothing, 1 more of its 3 replicas hold nothing; nobody read it after its last change",
        [0],
        [1, 1, 1, 1],
      ),
    );
    const removed = [
      { f: "delete", from: 2, to: 3, node: "n1" },
      { f: "write", value: 5, from: 4, to: 5, node: "n1" },
    ];
    const seen = judged([...operations, ...removed, dump(10, "n1", 5), ...dumps.slice(1)], three);
    assert.deepEqual(seen.word === "invalid" && seen.anomalies[0].evidence, [2, 4]);
    // Two nodes of three replicas: nobody says that these two should hold it.
    assert.deepEqual(judged([...operations, ...dumps.slice(0, 2)], three), { word: "unknown", because });
  });

  it("judges keyspaces apart, keys in order, and adds nothing up", () => {
    const both = {
      keyspaces: [
        { name: "", n: 2, w: 1, r: 1 },
        { name: "k", n: 2 },
      ],
    };
    const operations: Happening[] = ["a", "b"].map((key, at) => ({
      f: "write",
      value: 1,
      key,
      keyspace: "k",
      from: 6 + 2 * at,
      to: 7 + 2 * at,
    }));
    const dumps: Happening[] = [
      { at: 13, dump: "n2", holds: { b: [2], a: [] }, keyspace: "k" },
      { at: 14, dump: "n1", holds: { a: [1], b: [1] }, keyspace: "k" },
    ];
    const agreed = [dump(15, "n1", 2), dump(16, "n2", 2)];
    const verdict = judged([...writes, ...operations, ...dumps, ...agreed], both);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ keyspace, key, evidence, says }) => [keyspace, key, evidence, says]),
      [
        [
          "k",
          "a",
          [6],
          "at rest, at 14.000 ms, the replicas of a differ: n1 holds 1, n2 holds nothing; nobody read it after its last change",
        ],
        [
          "k",
          "b",
          [8],
          "at rest, at 14.000 ms, the replicas of b differ: n1 holds 1, n2 holds 2; nobody read it after its last change",
        ],
      ],
    );
    assert.deepEqual(verdict.measures, [...measures([1, 0, 0, 0]), ...measures([2, 2, 2, 2], "k")]);
    const same = judged(
      [...operations, ...dumps.slice(1), { at: 15, dump: "n2", holds: { a: [1], b: [1] }, keyspace: "k" }],
      both,
    );
    assert.deepEqual(same, { word: "valid", checked: 2, measures: measures([2, 0, 0, 0], "k") });
  });

  it("judges twenty thousand keys, and names as many as a verdict does", () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => [`k${at}`, [at]] as const);
    const held = Object.fromEntries(keys);
    const other = { ...held, k7: [8], k19000: [1, 2] };
    const verdict = judged([
      { f: "write", value: 7, key: "k7", from: 0, to: 1 },
      { at: 2, dump: "n1", holds: held },
      { at: 3, dump: "n2", holds: other },
    ]);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ key, evidence }) => [key, evidence]),
      [
        ["k19000", []],
        ["k7", [0]],
      ],
    );
    assert.deepEqual(verdict.measures, measures([20_000, 2, 1, 2]));
  });

  it("states its name and what it assumes", () => {
    assert.deepEqual(
      [convergence.name, convergence.assumes],
      ["convergence", ["dumps are taken after the mend and the rest", "nothing is written after them"]],
    );
  });
});
