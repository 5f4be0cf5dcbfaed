import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Measure, Verdict } from "../../harness/history/verdict.ts";
import { convergence } from "./convergence.ts";
import type { Happening } from "./world-history.test-support.ts";
import { worldHistory } from "./world-history.test-support.ts";

const writes: readonly Happening[] = [
  { f: "write", value: 1, from: 0, to: 1 },
  { f: "write", value: 2, from: 2, to: 3 },
  { f: "delete", from: 4, to: 5 },
];
const header = { keyspaces: [{ name: "", n: 2, w: 1, r: 1 }] };
const three = { keyspaces: [{ name: "", n: 3, w: 2, r: 2 }] };

function measures(
  [compared, differ, unread, odd]: readonly [number, number, number, number],
  of?: string,
): Measure[] {
  const count = (name: string, value: number): Measure => ({
    name,
    ...(of === undefined ? {} : { of }),
    value,
    unit: "count",
  });
  return [
    count("keys compared at rest", compared),
    count("keys that differ at rest", differ),
    count("keys that differ and were not read since they changed", unread),
    count("replicas that differ from the most of their key", odd),
  ];
}

const divergence = (
  says: string,
  evidence: readonly number[],
  counts: readonly [number, number, number, number],
): Verdict => ({
  word: "invalid",
  anomalies: [{ kind: "divergence", says, evidence, keyspace: "", key: "x" }],
  measures: measures(counts),
});
const judged = (happenings: readonly Happening[], of: Parameters<typeof worldHistory>[0] = header): Verdict =>
  check(convergence, worldHistory(of, happenings));
const dump = (at: number, node: string, ...values: readonly (number | string | null)[]): Happening => ({
  at,
  dump: node,
  holds: { x: values },
});

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
    const failed: Happening = { f: "write", value: 9, from: 7, to: 8, type: "fail" };
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
      { f: "add", value: "c", from: 4, to: 5, type: "info" },
    ];
    const sets: Happening[] = [
      { at: 10, dump: "n1", holds: { x: [["a", "b"]] } },
      { at: 11, dump: "n2", holds: { x: [["a"]] } },
    ];
    const says =
      'at rest, at 10.000 ms, the replicas of x differ: n1 holds ["a","b"], n2 holds ["a"]; nobody read it after its last change';
    assert.deepEqual(judged([...adds, ...sets]), divergence(says, [2], [1, 1, 1, 1]));
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
    // Two nodes of three replicas: nobody says that these two should hold it.
    assert.deepEqual(judged([...operations, ...dumps.slice(0, 2)], three), { word: "unknown", because });
  });

  it("judges keyspaces apart, keys in order, and adds nothing up", () => {
    const both = { keyspaces: [...header.keyspaces, { name: "k", n: 2 }] };
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
    const agreed = [dump(11, "n1", 2), dump(12, "n2", 2)];
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

  it("judges a hundred thousand keys, and names as many as a verdict does", () => {
    const keys = Array.from({ length: 100_000 }, (_, at) => [`k${at}`, [at]] as const);
    const held = Object.fromEntries(keys);
    const other = { ...held, k7: [8], k90000: [1, 2] };
    const verdict = judged([
      { f: "write", value: 7, key: "k7", from: 0, to: 1 },
      { at: 2, dump: "n1", holds: held },
      { at: 3, dump: "n2", holds: other },
    ]);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ key, evidence }) => [key, evidence]),
      [
        ["k90000", []],
        ["k7", [0]],
      ],
    );
    assert.deepEqual(verdict.measures, measures([100_000, 2, 1, 2]));
  });

  it("states its name and what it assumes", () => {
    assert.deepEqual(
      [convergence.name, convergence.assumes],
      ["convergence", ["dumps are taken after the mend and the rest", "nothing is written after them"]],
    );
  });
});
