import assert from "node:assert/strict";
import type { Budget } from "../../harness/contracts/checker.ts";
import { ampleBudget, check } from "../../harness/contracts/checker.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import type { SearchOutcome } from "../search/problem.ts";
import type { Call } from "./calls.test-support.ts";
import { callsOf, inTurn } from "./calls.test-support.ts";
import { counterModel } from "./counter-model.ts";
import { kvModel } from "./kv-model.ts";
import type { Model } from "./model.ts";
import { modelLinearizability } from "./model-linearizability.ts";
import { multiRegisterModel } from "./multi-register-model.ts";
import { queueModel } from "./queue-model.ts";
import { casRegisterModel } from "./register-model.ts";
import { setModel } from "./set-model.ts";

function judged<State>(model: Model<State>, calls: readonly Call[], budget: Budget = ampleBudget): Verdict {
  return check(modelLinearizability(model), callsOf(calls), budget);
}

/** A queue that says what it does: for tests of how its failures are told. */
function queueThat(step: Model<readonly unknown[]>["step"]): Model<readonly unknown[]> {
  return { name: "odd", partition: "key", initial: [], step };
}

describe("linearizability of a model", () => {
  it("has a name and says what it assumes", () => {
    const { name, assumes } = modelLinearizability(queueModel);
    assert.equal(name, "queue-linearizability");
    assert.deepEqual(assumes, [
      "at first a queue is as its model says",
      "an operation of unknown outcome takes effect at most once, at any time after it began",
    ]);
  });

  it("calls a history valid that some order explains, and counts what was answered", () => {
    const calls: Call[] = [
      { f: "enqueue", value: 1, from: 0, to: 3 },
      { f: "enqueue", value: 2, from: 1, to: 2 },
      { f: "dequeue", result: 2, from: 4, to: 5 },
      { f: "dequeue", result: 1, from: 6, to: 7 },
      { f: "dequeue", from: 8, to: null },
    ];
    assert.deepEqual(judged(queueModel, calls), { word: "valid", checked: 4 });
  });

  it("names the operations that no order explains, and the longest orders", () => {
    const calls = inTurn([
      { f: "enqueue", value: 1 },
      { f: "enqueue", value: 2 },
      { f: "dequeue", result: 2 },
      { f: "dequeue", result: 1 },
      { f: "enqueue", value: 3 },
    ]);
    assert.deepEqual(judged(queueModel, calls), {
      word: "invalid",
      anomalies: [
        {
          kind: "not linearizable",
          says:
            "no order of these 3 operations explains what they were answered: " +
            "p0 called enqueue 1 on x (acknowledged at 1.000 ms); p1 called enqueue 2 on x (acknowledged at 3.000 ms); " +
            "p2 called dequeue on x and got 2 at 5.000 ms",
          evidence: [0, 2, 4],
          keyspace: "",
          key: "x",
          partialOrders: [{ order: [0, 2], refused: [4] }],
        },
      ],
    });
  });

  it("says that nothing explains a single answer", () => {
    const calls = inTurn([
      { f: "enqueue", value: 1 },
      { f: "dequeue", result: 1 },
      { f: "dequeue", result: 9 },
    ]);
    assert.deepEqual(judged(queueModel, calls), {
      word: "invalid",
      anomalies: [
        {
          kind: "not linearizable",
          says: "nothing explains this answer: p2 called dequeue on x and got 9 at 5.000 ms",
          evidence: [4],
          keyspace: "",
          key: "x",
          partialOrders: [{ order: [], refused: [4] }],
        },
      ],
    });
  });

  it("tells how far the longest order comes where the operations are many", () => {
    const adds = Array.from({ length: 13 }, (_, value) => ({ f: "add", value }));
    const most = Array.from({ length: 12 }, (_, value) => value);
    const verdict = judged(setModel, inTurn([...adds, { f: "read", result: most }]));
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(verdict.anomalies[0].evidence, [24, 26]);
    const counts = Array.from({ length: 12 }, () => ({ f: "increment", value: 1 }));
    const long = judged(counterModel, inTurn([...counts, { f: "read", result: 11 }]));
    assert.ok(long.word === "invalid");
    const [{ says, evidence, partialOrders }] = long.anomalies;
    assert.equal(evidence.length, 13);
    assert.equal(partialOrders?.[0]?.order.length, 12);
    assert.equal(
      says,
      "no order of 13 operations on x explains what they were answered: " +
        "the longest has 12 of them, and stops at p12 read x=11 at 25.000 ms",
    );
  });

  it("judges each key, and in each keyspace, by itself", () => {
    const calls = inTurn([
      { f: "enqueue", value: 1, key: "a" },
      { f: "dequeue", result: 1, key: "b" },
      { f: "dequeue", result: 1, key: "a", keyspace: "s" },
      { f: "dequeue", result: 1, key: "a" },
    ]);
    const verdict = judged(queueModel, calls);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ keyspace, key, evidence }) => [keyspace, key, evidence]),
      [
        ["", "b", [2]],
        ["s", "a", [4]],
      ],
    );
  });

  it("judges a whole keyspace where keys depend on one another", () => {
    const put = [
      ["w", "x", 1],
      ["w", "y", 1],
    ];
    const calls = inTurn([
      { f: "txn", key: "", value: put },
      { f: "read", key: "x", result: 1 },
      { f: "read", key: "y", result: null },
      { f: "read", key: "x", keyspace: "s", result: null },
      { f: "read", key: "y", keyspace: "s", result: 5 },
    ]);
    const verdict = judged(multiRegisterModel, calls);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(
      verdict.anomalies.map(({ keyspace, key, evidence }) => [keyspace, key, evidence]),
      [
        ["", "", [0, 4]],
        ["s", "y", [8]],
      ],
    );
    assert.deepEqual(judged(multiRegisterModel, calls.slice(0, 2)), { word: "valid", checked: 2 });
    const strange = [
      ...calls.slice(0, 1),
      { f: "append", key: "z", keyspace: "s", value: 1, from: 20, to: 21 },
    ];
    assert.deepEqual(judged(multiRegisterModel, strange), { word: "valid", checked: 1 });
    assert.deepEqual(judged(multiRegisterModel, strange.slice(1)), {
      word: "notChecked",
      because: "the keyspace s is no multi-register: it has append operations",
    });
    assert.deepEqual(judged(multiRegisterModel, [{ f: "append", from: 0, to: 1 }]), {
      word: "notChecked",
      because: "the history is no multi-register: it has append operations",
    });
  });

  it("leaves what has other functions alone", () => {
    const verdict = judged(
      queueModel,
      inTurn([
        { f: "enqueue", value: 1 },
        { f: "peek", result: 2 },
      ]),
    );
    assert.deepEqual(verdict, { word: "notChecked", because: "x is no queue: it has peek operations" });
    assert.equal(
      judged(
        queueThat((state) => state),
        inTurn([{ f: "peek" }]),
      ).word,
      "valid",
    );
  });

  it("does not call valid what was never answered", () => {
    assert.deepEqual(judged(queueModel, []), { word: "notChecked", because: "no operation in the history" });
    const calls: Call[] = [
      { f: "enqueue", value: 1, from: 0, to: null },
      { f: "enqueue", value: 2, from: 1, to: 2, type: "fail" },
      { f: "dequeue", result: 4, from: 3, to: 4, type: "info" },
    ];
    assert.deepEqual(judged(queueModel, calls), {
      word: "notChecked",
      because: "no operation on x was answered",
    });
  });

  it("lets an operation of unknown outcome happen late, or not at all", () => {
    const late: Call[] = [
      { f: "put", value: "a", from: 0, to: 1, type: "info" },
      { f: "get", result: "", from: 2, to: 3 },
      { f: "get", result: "a", from: 4, to: 5 },
      { f: "append", value: "b", from: 6, to: null },
      { f: "get", result: "a", from: 7, to: 8 },
      { f: "get", result: "zzz", from: 9, to: 10, type: "info" },
    ];
    assert.deepEqual(judged(kvModel, late), { word: "valid", checked: 3 });
    const twice = judged(kvModel, [...late, { f: "get", result: "", from: 11, to: 12 }]);
    assert.ok(twice.word === "invalid");
    assert.deepEqual(twice.anomalies[0].evidence, [7, 11]);
    const failed = judged(kvModel, [
      { f: "put", value: "a", from: 0, to: 1, type: "fail" },
      ...late.slice(1),
    ]);
    assert.ok(failed.word === "invalid");
    assert.deepEqual(failed.anomalies[0].evidence, [4]);
  });

  it("hears of refusals by the data, not of other failures", () => {
    const refused: Call[] = [
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "cas", value: [1, 2], from: 2, to: 3, type: "fail" },
    ];
    const verdict = judged(casRegisterModel, refused);
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(verdict.anomalies[0].evidence, [0, 2]);
    const down = refused.map((call) => (call.f === "cas" ? { ...call, error: "down" } : call));
    assert.deepEqual(judged(casRegisterModel, down), { word: "valid", checked: 1 });
    const won: Call[] = [...refused.slice(0, 1), { f: "cas", value: [1, 2], from: 2, to: 3 }];
    assert.deepEqual(judged(casRegisterModel, [...won, { f: "read", result: 2, from: 4, to: 5 }]), {
      word: "valid",
      checked: 3,
    });
    assert.equal(
      judged(casRegisterModel, [...won, { f: "read", result: 1, from: 4, to: 5 }]).word,
      "invalid",
    );
  });

  it("says what is left to decide when its budget is used up", () => {
    const calls = inTurn([
      { f: "enqueue", value: 1, key: "q" },
      { f: "enqueue", value: 2, key: "q", type: "fail" },
      { f: "dequeue", result: 1, key: "q" },
      { f: "dequeue", result: null, key: "q" },
    ]);
    const spending = (spent: "steps" | "bytes"): Verdict => {
      const search = (): SearchOutcome => ({
        answer: "undecided",
        spent,
        from: 1,
        to: 2,
        partials: [],
        steps: 9,
        peakBytes: 9,
      });
      const checker = modelLinearizability(queueModel, search);
      return check(checker, callsOf(calls), { steps: 70, bytes: 8_000 });
    };
    assert.deepEqual(spending("steps"), {
      word: "unknown",
      because: "the search of q (3 operations) used up its budget of 70 steps",
      undecided: [{ keyspace: "", key: "q", from: 4, to: 6, operations: 2 }],
    });
    assert.deepEqual(spending("bytes"), {
      word: "unknown",
      because: "the search of q (3 operations) used up its budget of 8000 bytes",
      undecided: [{ keyspace: "", key: "q", from: 4, to: 6, operations: 2 }],
    });
  });

  it("says how many states there was room for", () => {
    const calls = inTurn(["a", "b", "c"].map((letter) => ({ f: "put", value: letter.repeat(1_000_000) })));
    assert.deepEqual(judged(kvModel, calls, { steps: 1_000, bytes: 5_000_000 }), {
      word: "unknown",
      because:
        "the search of x (3 operations) used up its budget of 5000000 bytes: the model kv has more than 3 states",
      undecided: [{ keyspace: "", key: "x", from: 0, to: 4, operations: 3 }],
    });
  });

  it("tells a model's own failure, with the operation that it failed on", () => {
    const calls = inTurn([
      { f: "enqueue", value: 1 },
      { f: "enqueue", value: null },
    ]);
    assert.deepEqual(judged(queueModel, calls), {
      word: "unknown",
      because:
        'the model queue threw "null cannot be enqueued: it is what an empty queue answers" in the state [1], ' +
        "over this: p1 called enqueue on x (acknowledged at 3.000 ms, without a value)",
      undecided: [{ keyspace: "", key: "x", from: 0, to: 2, operations: 2 }],
    });
    const lazy = queueThat(() => undefined as unknown as readonly unknown[]);
    assert.deepEqual(judged(lazy, inTurn([{ f: "go" }])), {
      word: "unknown",
      because:
        "the model odd has a state that is no plain data: there is undefined in it, " +
        "over this: p0 called go on x (acknowledged at 1.000 ms, without a value)",
      undecided: [{ keyspace: "", key: "x", from: 0, to: 0, operations: 1 }],
    });
  });

  it("does not hide what only its own search fails on", () => {
    const bug = new RangeError("a bug of the search");
    const broken = modelLinearizability(queueModel, () => {
      throw bug;
    });
    assert.throws(() => check(broken, callsOf(inTurn([{ f: "dequeue" }]))), bug);
  });

  it("keeps the verdict where a model cannot do without outcomes", () => {
    const strict = queueThat((state, { f, value, outcome }) => {
      if (outcome === "unknown") throw new Error("no outcome");
      return f === "go" && value === state.length ? [...state, 0] : null;
    });
    const verdict = judged(
      strict,
      inTurn([
        { f: "go", value: 0 },
        { f: "go", value: 2 },
      ]),
    );
    assert.ok(verdict.word === "invalid");
    assert.deepEqual(verdict.anomalies[0].evidence, [0, 2]);
  });
});
