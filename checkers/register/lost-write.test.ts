import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { Deed, Scene } from "../history-of.test-support.ts";
import { historyOf } from "../history-of.test-support.ts";
import { lostWrite } from "./lost-write.ts";

const final = { phases: [{ at: 50, phase: "final" }] } as const satisfies Scene;
const twoWrites: readonly Deed[] = [
  { f: "write", value: 1, from: 0, to: 1 },
  { f: "write", value: 2, from: 2, to: 3 },
];

describe("lost-write", () => {
  it("names the write that every final read misses, and the read", () => {
    const history = historyOf(
      [...twoWrites, { f: "read", value: 1, from: 60, to: 61 }, { f: "read", value: 1, from: 62, to: 63 }],
      final,
    );
    assert.deepEqual(check(lostWrite, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost write",
          says:
            "p1's x=2 was acknowledged at 3.000 ms, but at rest every read of x shows what had been there " +
            "before: p2 read x=1 at 61.000 ms",
          evidence: [0, 2, 5],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("is silent where one final read still shows it, or something later", () => {
    const seen: Deed[] = [
      ...twoWrites,
      { f: "read", value: 1, from: 60, to: 61 },
      { f: "read", value: 2, from: 62, to: 63 },
    ];
    assert.deepEqual(check(lostWrite, historyOf(seen, final)), { word: "valid", checked: 2 });
    const replaced: Deed[] = [
      ...twoWrites,
      { f: "write", value: 3, from: 4, to: 5 },
      { f: "read", value: 1, from: 6, to: 7 },
      { f: "read", value: 3, from: 60, to: 61 },
    ];
    assert.deepEqual(check(lostWrite, historyOf(replaced, final)), { word: "valid", checked: 3 });
  });

  it("is silent where something beside it, or of unknown outcome, is what is shown", () => {
    const beside: Deed[] = [
      { f: "write", value: 1, from: 0, to: 3 },
      { f: "write", value: 2, from: 1, to: 2 },
      { f: "read", value: 1, from: 60, to: 61 },
    ];
    assert.equal(check(lostWrite, historyOf(beside, final)).word, "valid");
    const unknown: Deed[] = [
      { f: "write", value: 1, from: 0, to: 1, type: "info" },
      { f: "write", value: 2, from: 2, to: 3 },
      { f: "read", value: 1, from: 60, to: 61 },
    ];
    assert.equal(check(lostWrite, historyOf(unknown, final)).word, "valid");
    const deleted: Deed[] = [
      { f: "delete", from: 0, to: null },
      { f: "write", value: 2, from: 2, to: 3 },
      { f: "read", value: null, from: 60, to: 61 },
    ];
    assert.equal(check(lostWrite, historyOf(deleted, final)).word, "valid");
  });

  it("names a write doomed by an earlier delete with a later timestamp", () => {
    const doomed: Deed[] = [
      { f: "delete", from: 0, to: 1 },
      { f: "write", value: 2, from: 2, to: 3 },
      { f: "read", value: null, from: 60, to: 61 },
    ];
    const verdict = check(lostWrite, historyOf(doomed, final));
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(verdict.anomalies[0].evidence, [0, 2, 5]);
  });

  it("names the last of several lost writes: the others may have been replaced by it", () => {
    const history = historyOf(
      [
        ...twoWrites,
        { f: "write", value: 3, from: 4, to: 5 },
        { f: "write", value: 4, from: 6, to: 7 },
        { f: "read", value: 1, from: 60, to: 61 },
      ],
      final,
    );
    const verdict = check(lostWrite, history);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ evidence }) => evidence),
      [[0, 6, 9]],
    );
  });

  it("is silent while a replica still holds the write", () => {
    const deeds: Deed[] = [...twoWrites, { f: "read", value: 1, from: 60, to: 61 }];
    const held = {
      ...final,
      dumps: [
        { at: 70, node: "n1", holds: 1 },
        { at: 71, node: "n2", holds: 2 },
      ],
    };
    assert.equal(check(lostWrite, historyOf(deeds, held)).word, "valid");
    const gone = {
      ...final,
      dumps: [
        { at: 70, node: "n1", holds: 1 },
        { at: 71, node: "n2", holds: 1 },
      ],
    };
    assert.equal(check(lostWrite, historyOf(deeds, gone)).word, "invalid");
  });

  it("judges by the dumps alone where there are no final reads", () => {
    const history = historyOf([...twoWrites], { dumps: [{ at: 70, node: "n1", holds: 1 }] });
    assert.deepEqual(check(lostWrite, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost write",
          says: "p1's x=2 was acknowledged at 3.000 ms, but at rest no replica holds it: they show x=1",
          evidence: [0, 2],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("takes two later reads where there is neither rest nor dump", () => {
    const once: Deed[] = [...twoWrites, { f: "read", value: 1, from: 4, to: 5 }];
    assert.equal(check(lostWrite, historyOf(once)).word, "notChecked");
    const twice: Deed[] = [...once, { f: "read", value: 1, from: 6, to: 7 }];
    assert.equal(check(lostWrite, historyOf(twice)).word, "invalid");
    const seenAgain: Deed[] = [...twice, { f: "read", value: 2, from: 8, to: 9 }];
    assert.equal(check(lostWrite, historyOf(seenAgain)).word, "valid");
  });

  it("names a write that was visible for a while and is gone at rest", () => {
    const history = historyOf(
      [...twoWrites, { f: "read", value: 2, from: 4, to: 5 }, { f: "read", value: 1, from: 60, to: 61 }],
      final,
    );
    assert.equal(check(lostWrite, history).word, "invalid");
  });

  it("names what every later read shows, the first one too, where there is no rest", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "read", value: null, from: 2, to: 3 },
      { f: "read", value: null, from: 4, to: 5 },
    ]);
    assert.deepEqual(check(lostWrite, history), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost write",
          says:
            "p0's x=1 was acknowledged at 1.000 ms, but afterwards every read of x shows what had been there " +
            "before: p1 found nothing at x at 3.000 ms",
          evidence: [0, 2],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("names all that the replicas show, nothing too", () => {
    const dumps = [
      { at: 70, node: "n1", holds: 1 },
      { at: 71, node: "n2", holds: null },
    ];
    assert.deepEqual(check(lostWrite, historyOf([...twoWrites], { dumps })), {
      word: "invalid",
      anomalies: [
        {
          kind: "lost write",
          says:
            "p1's x=2 was acknowledged at 3.000 ms, but at rest no replica holds it: they show x=1 or nothing " +
            "at x",
          evidence: [0, 2],
          keyspace: "",
          key: "x",
        },
      ],
    });
    const bare = historyOf(twoWrites.slice(0, 1), { dumps: dumps.slice(1) });
    const verdict = check(lostWrite, bare);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ says }) => says),
      ["p0's x=1 was acknowledged at 1.000 ms, but at rest no replica holds it: they show nothing at x"],
    );
  });

  it("is silent where what is shown is of nobody known", () => {
    const deeds: Deed[] = [
      { f: "read", value: null, from: 0, to: 1 },
      { f: "write", value: 1, from: 2, to: 3 },
    ];
    const dumped = historyOf(deeds, { dumps: [{ at: 4, node: "n1", holds: 99 }] });
    assert.deepEqual(check(lostWrite, dumped), { word: "valid", checked: 1 });
    const phantom = historyOf([...deeds, { f: "read", value: 99, from: 60, to: 61 }], final);
    assert.deepEqual(check(lostWrite, phantom), { word: "valid", checked: 1 });
  });

  it("is silent where the last to write what is shown ended after the write began", () => {
    const deeds: Deed[] = [
      { f: "write", value: 1, from: 0, to: 9 },
      { f: "write", value: 1, from: 1, to: 2 },
      { f: "write", value: 2, from: 3, to: 4 },
      { f: "read", value: 1, from: 60, to: 61 },
    ];
    assert.deepEqual(check(lostWrite, historyOf(deeds, final)), { word: "valid", checked: 3 });
    const retried = deeds.map((deed, at) => ({ ...deed, to: [2.5, 9, 4, 61][at] ?? 0 }));
    assert.deepEqual(check(lostWrite, historyOf(retried, final)), { word: "valid", checked: 3 });
  });

  it("judges neither deletes nor writes of unknown outcome", () => {
    const deleted: Deed[] = [
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "delete", from: 2, to: 3 },
      { f: "write", value: 2, from: 4, to: 5, type: "info" },
      { f: "read", value: 1, from: 60, to: 61 },
    ];
    assert.deepEqual(check(lostWrite, historyOf(deleted, final)), { word: "valid", checked: 1 });
    const dumped = historyOf(
      deleted.slice(0, 3).filter(({ f }) => f === "write"),
      {
        dumps: [{ at: 70, node: "n1", holds: 1 }],
      },
    );
    assert.deepEqual(check(lostWrite, dumped), { word: "valid", checked: 1 });
  });

  it("is not checked where nothing could miss a write, or the key is no register", () => {
    const late = [...twoWrites, { f: "read" as const, value: 1, from: 4, to: 5 }];
    assert.deepEqual(check(lostWrite, historyOf(late, final)), {
      word: "notChecked",
      because: "no write is followed by reads that could miss it",
    });
    const counter = historyOf([...twoWrites, { f: "increment", value: 1, from: 4, to: 5 }], final);
    assert.deepEqual(check(lostWrite, counter), {
      word: "notChecked",
      because: "x is no register: it has other operations",
    });
  });

  it("says what it is called, and what it assumes", () =>
    assert.deepEqual(
      [lostWrite.name, lostWrite.assumes],
      ["lost-write", ["null is never written", "the final reads, where there are any, come after the rest"]],
    ));

  it("takes one read where the history began at rest", () => {
    const late: Deed[] = [
      { f: "write", value: 1, from: 1, to: 2 },
      { f: "read", value: null, from: 3, to: 4 },
    ];
    const verdict = check(lostWrite, historyOf(late, { phases: [{ at: 0, phase: "final" }] }));
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ says }) => says),
      [
        "p0's x=1 was acknowledged at 2.000 ms, but at rest every read of x shows what had been there before: " +
          "p1 found nothing at x at 4.000 ms",
      ],
    );
  });
});
