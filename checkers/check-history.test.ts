import assert from "node:assert/strict";
import type { History } from "../harness/history/history.ts";
import { HistoryRecorder } from "../harness/history/recorder.ts";
import type { HistoryValue } from "../harness/history/values.ts";
import type { Verdict } from "../harness/history/verdict.ts";
import { checkHistory, concludeCheck, historyModels, planCheck } from "./check-history.ts";
import { chooseModel } from "./choose-model.ts";
import { checkersFor, judgedModel } from "./history-models.ts";
import type { Deed } from "./history-of.test-support.ts";
import { historyOf } from "./history-of.test-support.ts";
import { callsOf, inTurn } from "./models/calls.test-support.ts";
import { tableModel } from "./models/table-model.ts";

const stale: readonly Deed[] = [
  { f: "write", value: 1, from: 0, to: 1 },
  { f: "read", value: null, from: 2, to: 3 },
];

/** The model that is chosen for calls in turn. */
function chosenFor(calls: readonly { f: string; value?: HistoryValue; result?: HistoryValue }[]): string[] {
  const { model, because } = chooseModel(callsOf(inTurn(calls)));
  return [String(model), because];
}

/** The names of the checkers that run for a model. */
function namesFor(history: History, model: (typeof historyModels)[number]): string[] {
  return checkersFor(history, model).map(({ name }) => name);
}

describe("check of a history", () => {
  it("judges by all checkers of the model, and tells each anomaly once", () => {
    const checked = checkHistory(historyOf(stale));
    const { verdicts, anomalies, ...rest } = checked;
    assert.deepEqual(rest, {
      word: "invalid",
      because: null,
      model: "register",
      modelBecause: "its functions are read, write",
      operations: 2,
    });
    assert.deepEqual(
      anomalies.map(({ kind, evidence }) => ({ kind, evidence })),
      [{ kind: "stale read", evidence: [0, 2] }],
    );
    assert.deepEqual(
      verdicts.map(({ checker, verdict }) => `${checker}: ${verdict.word}`),
      ["history-sanity: valid", "linearizability: invalid", "regular: invalid", "staleness: valid"],
    );
  });

  it("calls a linearizable history valid, and names the model that was asked for", () => {
    const history = historyOf([
      { f: "write", value: 1, from: 0, to: 1 },
      { f: "read", value: 1, from: 2, to: 3 },
    ]);
    const { verdicts, ...rest } = checkHistory(history, "cas-register");
    assert.deepEqual(rest, {
      word: "valid",
      because: null,
      model: "cas-register",
      modelBecause: null,
      operations: 2,
      anomalies: [],
    });
    assert.deepEqual(verdicts[1], { checker: "linearizability", verdict: { word: "valid", checked: 2 } });
  });

  it("calls an empty history unknown, and says why", () => {
    const { word, because, model, modelBecause } = checkHistory(new HistoryRecorder({}).finish());
    assert.deepEqual(
      [word, because, model, modelBecause],
      ["unknown", "no operation in the history", "register", "it has no operation"],
    );
  });

  it("says what does not fit the model, and which one would", () => {
    const history = historyOf([{ f: "cas", value: [1, 2], from: 0, to: 1 }]);
    const sanity = { checker: "history-sanity", verdict: { word: "valid", checked: 1 } };
    assert.deepEqual(checkHistory(history, "register"), {
      word: "unknown",
      because:
        "the history has cas, and the model register has only read, write, delete: judge it by the model cas-register",
      model: "register",
      modelBecause: null,
      operations: 1,
      verdicts: [sanity],
      anomalies: [],
    });
    assert.equal(checkHistory(history).word, "invalid");
    const strange = callsOf(inTurn([{ f: "enqueue", value: 1 }, { f: "cas", value: [1, 2] }, { f: "fly" }]));
    assert.deepEqual(checkHistory(strange), {
      word: "unknown",
      because: "no model has all of its functions: cas, enqueue, fly",
      model: "none",
      modelBecause: "no model has all of its functions: cas, enqueue, fly",
      operations: 3,
      verdicts: [{ checker: "history-sanity", verdict: { word: "valid", checked: 3 } }],
      anomalies: [],
    });
    assert.equal(
      checkHistory(strange, "queue").because,
      "the history has cas, fly, and the model queue has only enqueue, dequeue: no model has all of its functions",
    );
  });

  it("stops at a history that breaks its assumptions", () => {
    const history = historyOf([{ f: "write", value: null, from: 0, to: 1 }]);
    const { verdicts, anomalies, ...rest } = checkHistory(history);
    assert.deepEqual(rest, {
      word: "invalid",
      because: null,
      model: "register",
      modelBecause: "its only function is write",
      operations: 1,
    });
    assert.deepEqual(
      anomalies.map(({ kind }) => kind),
      ["broken assumption"],
    );
    assert.deepEqual(
      verdicts.map(({ checker }) => checker),
      ["history-sanity"],
    );
    assert.deepEqual(planCheck(history, null).checkers, []);
  });

  it("is unknown where the checker that decides is, unless another finds something", () => {
    const plan = planCheck(historyOf([{ f: "write", value: 1, from: 0, to: 1 }]), "register");
    const valid: Verdict = { word: "valid", checked: 1 };
    const unknown: Verdict = { word: "unknown", because: "too much" };
    const notChecked: Verdict = { word: "notChecked", because: "nothing there" };
    const anomaly = { kind: "stale read", says: "so it is", evidence: [1], keyspace: "", key: "x" } as const;
    const invalid: Verdict = { word: "invalid", anomalies: [anomaly, { ...anomaly, key: "y" }] };
    const said = (found: readonly Verdict[]): unknown[] => {
      const { word, because, anomalies, verdicts } = concludeCheck(plan, found);
      return [word, because, anomalies.length, verdicts.length];
    };
    assert.deepEqual(said([valid, unknown]), ["valid", null, 0, 3]);
    assert.deepEqual(said([unknown, valid]), ["unknown", "too much", 0, 3]);
    assert.deepEqual(said([notChecked, valid]), ["unknown", "nothing there", 0, 3]);
    assert.deepEqual(said([unknown, invalid]), ["invalid", null, 2, 3]);
    assert.deepEqual(said([invalid, invalid]), ["invalid", null, 2, 3]);
    assert.deepEqual(said([valid]), ["valid", null, 0, 2]);
    assert.equal(concludeCheck(plan, []), plan.base);
  });

  it("judges by a model of the user's own", () => {
    const door = tableModel({
      name: "door",
      initial: "shut",
      transitions: [
        { from: "shut", f: "open", to: "open" },
        { from: "open", f: "shut", to: "shut" },
      ],
    });
    const good = checkHistory(callsOf(inTurn([{ f: "open" }, { f: "shut" }])), door);
    assert.deepEqual(good, {
      word: "valid",
      because: null,
      model: "door",
      modelBecause: null,
      operations: 2,
      verdicts: [
        { checker: "history-sanity", verdict: { word: "valid", checked: 2 } },
        { checker: "door-linearizability", verdict: { word: "valid", checked: 2 } },
      ],
      anomalies: [],
    });
    assert.equal(checkHistory(callsOf(inTurn([{ f: "open" }, { f: "open" }])), door).word, "invalid");
    const { word, because } = checkHistory(callsOf(inTurn([{ f: "knock" }])), door);
    assert.deepEqual([word, because], ["unknown", "x is no door: it has knock operations"]);
  });

  it("keeps to its budget", () => {
    const calls = Array.from({ length: 9 }, (_, at) => ({ f: "add", value: at, from: at, to: at + 100 }));
    const history = callsOf([...calls, { f: "read", result: [99], from: 50, to: 200 }]);
    const { word, because } = checkHistory(history, "set", { steps: 1, bytes: 1_000_000 });
    const found = checkHistory(history, "set");
    assert.equal(found.word, "invalid");
    assert.ok(word === "invalid" || because?.includes("budget of 1 steps"));
  });
});

describe("the models of histories", () => {
  it("each have checkers that are there, the one that decides first", () => {
    const history = historyOf(stale);
    const decisive = Object.fromEntries(historyModels.map((name) => [name, namesFor(history, name)[0]]));
    assert.deepEqual(decisive, {
      register: "linearizability",
      "cas-register": "linearizability",
      "multi-register": "multi-register-linearizability",
      set: "set-linearizability",
      queue: "queue-linearizability",
      "unordered-queue": "unordered-queue-linearizability",
      mutex: "mutex-linearizability",
      kv: "kv-linearizability",
      counter: "counter-linearizability",
      siblings: "siblings",
      "set-full": "set",
      "or-set": "observed-set",
      cart: "observed-set",
      "pn-counter": "counter",
    });
  });

  it("say which functions they have", () => {
    const functions = Object.fromEntries(
      historyModels.map((name) => [name, judgedModel(name).functions.join(" ")]),
    );
    assert.deepEqual(functions, {
      register: "read write delete",
      "cas-register": "read write delete cas",
      "multi-register": "txn read write",
      set: "add read remove contains delete",
      queue: "enqueue dequeue",
      "unordered-queue": "enqueue dequeue",
      mutex: "acquire release",
      kv: "get put append",
      counter: "increment decrement add read",
      siblings: "read write delete",
      "set-full": "add read",
      "or-set": "add read remove delete",
      cart: "add read remove delete",
      "pn-counter": "increment read",
    });
  });

  it("ask only checkers for which there is something in the history", () => {
    const plain = ["regular", "staleness"];
    assert.deepEqual(namesFor(historyOf(stale), "register").slice(1), plain);
    const ended = historyOf(stale, {
      phases: [{ at: 8, phase: "final" }],
      dumps: [{ at: 9, node: "n1", holds: 1 }],
    });
    assert.deepEqual(namesFor(ended, "register").slice(1), [
      "regular",
      "lost-write",
      "deletes",
      "failed-writes",
      "convergence",
      "staleness",
    ]);
    assert.deepEqual(namesFor(ended, "cas-register").at(-1), "lost-update");
    const recorder = new HistoryRecorder({});
    recorder.invoke(0, { process: 0, f: "read", key: "x", session: "s" });
    assert.deepEqual(namesFor(recorder.finish(), "register").slice(1), [
      "regular",
      "read-your-writes",
      "monotonic-reads",
      "monotonic-writes",
      "writes-follow-reads",
      "staleness",
    ]);
    for (const name of ["siblings", "set-full", "or-set", "cart", "pn-counter"] as const) {
      assert.deepEqual(namesFor(ended, name).slice(1), ["convergence"], name);
      assert.deepEqual(namesFor(historyOf(stale), name).slice(1), [], name);
    }
    assert.deepEqual(namesFor(ended, "set").slice(1), ["linearizable-set"]);
    assert.deepEqual(namesFor(ended, "counter").slice(1), ["linearizable-counter"]);
    for (const name of ["multi-register", "queue", "unordered-queue", "mutex", "kv"] as const) {
      assert.deepEqual(namesFor(ended, name).length, 1, name);
    }
  });

  it("judge what they are for", () => {
    const judged = (
      model: (typeof historyModels)[number],
      calls: Parameters<typeof chosenFor>[0],
    ): string => {
      const { word, anomalies } = checkHistory(callsOf(inTurn(calls)), model);
      return [word, ...anomalies.map(({ kind }) => kind)].join(" ");
    };
    const enqueued = { f: "enqueue", value: 1 };
    assert.equal(judged("queue", [enqueued, { f: "dequeue", result: 1 }]), "valid");
    assert.equal(judged("queue", [enqueued, { f: "dequeue", result: 2 }]), "invalid phantom element");
    assert.equal(judged("mutex", [{ f: "acquire" }, { f: "acquire" }]), "invalid not linearizable");
    assert.equal(
      judged("kv", [
        { f: "append", value: "a" },
        { f: "get", result: "a" },
      ]),
      "valid",
    );
    const added = { f: "add", value: 1 };
    assert.equal(judged("set", [added, { f: "read", result: [1] }]), "valid");
    assert.equal(judged("set", [added, { f: "read", result: [] }]), "invalid not linearizable lost element");
    assert.equal(
      judged("counter", [
        { f: "increment", value: 2 },
        { f: "read", result: 2 },
      ]),
      "valid",
    );
    const txn = { f: "txn", value: [["r", "x", null]], result: [["r", "x", 7]] };
    assert.equal(judged("multi-register", [txn]), "invalid not linearizable");
  });
});

describe("the choice of a model", () => {
  it("goes by the functions, the strictest model first", () => {
    const read = { f: "read" };
    assert.deepEqual(chosenFor([read]), ["register", "its only function is read"]);
    assert.deepEqual(chosenFor([{ f: "read", result: 1 }]), ["register", "its only function is read"]);
    assert.deepEqual(chosenFor([{ f: "delete" }]), ["register", "its only function is delete"]);
    assert.deepEqual(chosenFor([{ f: "cas", value: [1, 2] }, read]), [
      "cas-register",
      "its functions are read, cas",
    ]);
    assert.deepEqual(chosenFor([{ f: "txn", value: [] }, read])[0], "multi-register");
    assert.deepEqual(chosenFor([{ f: "add", value: 1 }, read])[0], "set");
    assert.deepEqual(chosenFor([{ f: "remove", value: 1 }])[0], "set");
    assert.deepEqual(chosenFor([{ f: "contains", value: 1 }])[0], "set");
    assert.deepEqual(chosenFor([{ f: "dequeue" }]), ["queue", "its only function is dequeue"]);
    assert.deepEqual(chosenFor([{ f: "release" }])[0], "mutex");
    assert.deepEqual(chosenFor([{ f: "get" }, { f: "put", value: "a" }]), [
      "kv",
      "its functions are get, put",
    ]);
    assert.deepEqual(chosenFor([{ f: "increment", value: 1 }, read])[0], "counter");
    assert.deepEqual(chosenFor([{ f: "decrement", value: 1 }])[0], "counter");
    assert.deepEqual(
      chosenFor([
        { f: "txn", value: [] },
        { f: "enqueue", value: 1 },
      ]),
      ["null", "no model has all of its functions: txn, enqueue"],
    );
  });

  it("goes by what reads answer where functions leave a choice", () => {
    const add = { f: "add", value: 1 };
    assert.deepEqual(chosenFor([add, { f: "read", result: 3 }, { f: "read" }]), [
      "counter",
      "its reads answer numbers",
    ]);
    assert.deepEqual(chosenFor([add, { f: "read", result: [3] }])[0], "set");
    assert.deepEqual(chosenFor([add, { f: "read", result: [3] }, { f: "read", result: 3 }])[0], "set");
    assert.deepEqual(chosenFor([add, { f: "read", result: { apple: 2 } }]), [
      "cart",
      "its reads answer fields",
    ]);
    assert.deepEqual(
      chosenFor([add, { f: "read", result: { apple: 2 } }, { f: "read", result: [1] }])[0],
      "set",
    );
    assert.deepEqual(
      chosenFor([
        { f: "write", value: 1 },
        { f: "read", result: 1 },
      ])[0],
      "register",
    );
    assert.deepEqual(
      chosenFor([
        { f: "write", value: { a: 1 } },
        { f: "read", result: { a: 1 } },
      ])[0],
      "register",
    );
  });

  it("goes by siblings and contexts", () => {
    const write = { f: "write", value: 1, from: 0, to: 1 } as const;
    const twins = { f: "read", value: 1, siblings: [1, 2], from: 2, to: 3 } as const;
    assert.deepEqual(chooseModel(historyOf([write, twins])), {
      model: "siblings",
      because: "reads of it answer several values at once",
    });
    assert.equal(chooseModel(historyOf([write, { ...twins, siblings: [1] }])).model, "register");
    const add = { f: "add", value: 1, from: 0, to: 1 } as const;
    const remove = { f: "remove", value: 1, from: 2, to: 3 } as const;
    assert.equal(chooseModel(historyOf([add, remove])).model, "set");
    assert.deepEqual(chooseModel(historyOf([add, { ...remove, context: "c" }])), {
      model: "or-set",
      because: "its operations carry contexts of reads",
    });
    assert.equal(chooseModel(historyOf([{ ...write, context: "c" }])).model, "register");
  });

  it("goes by the header before anything else, where it says one thing of all keyspaces", () => {
    const told = (f: Deed["f"], ...versions: readonly unknown[]): unknown[] => {
      const keyspaces = versions.map((each, at) => ({ name: `k${at}`, versions: each }));
      const { model, because } = chooseModel(
        historyOf([{ f, value: 1, from: 0, to: 1 }], { header: { keyspaces } }),
      );
      return [model, because];
    };
    assert.deepEqual(told("increment", "pn-counter"), ["pn-counter", "its keyspaces keep pn-counter"]);
    assert.deepEqual(told("add", "or-set", "or-set"), ["or-set", "its keyspaces keep or-set"]);
    assert.deepEqual(told("add", "or-cart"), ["cart", "its keyspaces keep or-cart"]);
    assert.deepEqual(told("write", "siblings"), ["siblings", "its keyspaces keep siblings"]);
    assert.equal(told("write", "lww")[0], "register");
    assert.equal(told("write", "toString")[0], "register");
    assert.equal(told("write", 7)[0], "register");
    assert.equal(told("add", "or-set", "or-cart")[0], "set");
    assert.equal(told("write", "or-set")[0], "register");
    assert.equal(told("write")[0], "register");
  });
});
