import assert from "node:assert/strict";
import type { Anomaly } from "../../harness/history/verdict.ts";
import type { ToldAnomaly } from "./anomaly-section.ts";
import { toldAnomaly } from "./anomaly-section.ts";
import { findOperations } from "./found-operations.ts";
import type { Call } from "./histories.test-support.ts";
import { checkOf, invented, operationsOf, staleAnomaly, staleRead } from "./histories.test-support.ts";
import { registerOrders } from "./orders-of-evidence.ts";
import { partialOrders, shownOrders } from "./partial-orders.ts";
import { stepsOfEvidence } from "./steps-of-evidence.ts";
import { checkersTable, functionsTable, measuresTable, share } from "./tables.ts";
import { namesOf } from "./told-operations.ts";
import { kindsWords, verdictHeadline, verdictLead } from "./verdict-words.ts";

/** The text of the cells of each row of a table, between bars. */
function rowsOf({ markup }: { readonly markup: string }): string[] {
  const rows = markup.match(/<tr.*?<\/tr>/gs) ?? [];
  return rows.map((row) =>
    (row.match(/<t[dh].*?<\/t[dh]>/gs) ?? []).map((cell) => cell.replace(/<[^>]*>/g, "")).join("|"),
  );
}

const anomaly = (kind: Anomaly["kind"]): Anomaly => ({ ...staleAnomaly, kind });

describe("words of a verdict", () => {
  const history = invented(staleRead);

  it("name what was found, the most frequent first, in the plural where there are more", () => {
    assert.equal(
      kindsWords([anomaly("lost write"), anomaly("stale read"), anomaly("stale read")]),
      "2 stale reads and 1 lost write",
    );
    const twice = ["not linearizable", "value comes back", "failed write visible", "unavailability"] as const;
    assert.equal(
      kindsWords(twice.flatMap((kind) => [anomaly(kind), anomaly(kind)])),
      "2 parts not linearizable, 2 values come back, 2 failed writes visible and 2 unavailabilities",
    );
  });

  it("name the kind alone where there is no headline of its own, or not all evidence is shown", () => {
    const told = (found: Anomaly): ToldAnomaly[] => {
      const page = { history, found: findOperations(history, found.evidence), bands: [], hasClock: true };
      return [toldAnomaly(page, found)];
    };
    const headline = (found: Anomaly): string => verdictHeadline(checkOf(history, [found]), told(found));
    assert.equal(headline(staleAnomaly), "The write of 2 was acknowledged, and a read after it returned 1.");
    assert.equal(headline(anomaly("phantom value")), "No register answers so: 1 phantom value.");
    const cas = invented([
      { process: 0, f: "cas", value: [1, 2], from: 1, to: 4 },
      { process: 1, f: "cas", value: [1, 3], from: 2, to: 5 },
    ]);
    const page = { history: cas, found: findOperations(cas, [0, 1]), bands: [], hasClock: true };
    const lost = { ...anomaly("lost update"), evidence: [0, 1] };
    assert.equal(
      verdictHeadline(checkOf(cas, [lost]), [toldAnomaly(page, lost)]),
      "1 was replaced twice, by 2 and 3.",
    );
    assert.equal(
      headline({ ...anomaly("not linearizable"), evidence: [0, 2, 4] }),
      "No order explains what these 3 operations were answered.",
    );
    assert.equal(
      headline({ ...anomaly("not linearizable"), evidence: [0, 2, 4, 99] }),
      "No register answers so: 1 part not linearizable.",
    );
  });

  it("say of a valid history what it rests on, not counting the look at its assumptions", () => {
    const check = checkOf(history, [], {
      verdicts: [
        { checker: "history-sanity", verdict: { word: "valid", checked: 9 } },
        { checker: "sessions", verdict: { word: "notChecked", because: "no session" } },
        { checker: "linearizability", verdict: { word: "valid", checked: 3 } },
      ],
    });
    assert.equal(verdictHeadline(check, []), "A register could have given every one of these answers.");
    assert.equal(
      verdictLead(check),
      "Judged as a register by 2 checkers; none found anything, and the verdict rests on 3 operations.",
    );
  });

  it("never sound like a pass where nothing was decided", () => {
    const unknown = checkOf(history, [], { word: "unknown", because: "the budget was used up" });
    assert.equal(verdictHeadline(unknown, []), "There is no verdict on these 3 operations.");
    assert.equal(verdictLead(unknown), "The budget was used up.");
    const empty = checkOf(invented([]), [], { word: "unknown", because: null, model: "none" });
    assert.equal(verdictHeadline(empty, []), "There is nothing to judge.");
    const window = { keyspace: "", key: "x", from: 0, to: 4, operations: 2 };
    const undecided = checkOf(history, [], {
      word: "unknown",
      verdicts: [
        { checker: "search", verdict: { word: "unknown", because: "b", undecided: [window, window] } },
      ],
    });
    assert.equal(verdictHeadline(undecided, []), "Undecided: 4 of 3 operations are left to judge.");
  });

  it("name the model with its article, or none where no model fits", () => {
    const many = checkOf(history, [staleAnomaly, staleAnomaly]);
    const orSet = "or-set" as unknown as typeof many.model;
    assert.equal(verdictHeadline({ ...many, model: orSet }, []), "No or-set answers so: 2 stale reads.");
    assert.equal(
      verdictLead({ ...many, model: orSet }),
      "Judged as an or-set. Each is shown below, with the operations that prove it.",
    );
    assert.equal(
      verdictHeadline({ ...many, model: "none" }, []),
      "No known object answers so: 2 stale reads.",
    );
  });
});

describe("steps of evidence", () => {
  it("are calls and answers in the order of events, together where nothing lies between", () => {
    const calls: Call[] = [
      { process: 0, f: "write", value: 1, from: 1, to: 4 },
      { process: 1, f: "cas", value: [1, 2], from: 2, to: 3, type: "fail", error: "busy" },
      { process: 2, f: "read", result: 1, from: 5, to: 6 },
      { process: "c", f: "write", value: 3, from: 7, to: 8, type: "info", error: "timeout" },
      { process: 4, f: "delete", from: 9, to: null },
      { process: 5, f: "dequeue", result: 7, from: 10, to: 11 },
      { process: 6, f: "enqueue", value: 8, from: 12, to: 13 },
      { process: 7, f: "read", result: null, from: 14, to: 15 },
    ];
    const operations = operationsOf(invented(calls));
    const table = stepsOfEvidence(operations, operations[2] ?? null, namesOf(operations), true);
    assert.deepEqual(rowsOf(table), [
      "ms|op|step|event",
      "1.000|w1|p0 writes 1 …|0",
      "2.000–3.000|c|p1 sets 1 to 2, is told that it failed (busy)|1–2",
      "4.000|w1|… p0 is told ok|3",
      "5.000–6.000|r1|p2 reads, gets 1|4–5",
      "7.000|w3|c writes 3; outcome unknown (timeout)|6",
      "9.000|d|p4 deletes; never answered|8",
      "10.000–11.000|o1|p5 calls dequeue, is told 7|9–10",
      "12.000–13.000|o2|p6 calls enqueue with 8, is told ok|11–12",
      "14.000–15.000|r2|p7 reads, gets nothing|13–14",
    ]);
    assert.equal(table.markup.match(/class="decides"/g)?.length, 1);
    assert.match(table.markup, /<tr class="decides" data-op="2">/);
  });

  it("have no times without a clock, name keys where there are several, and say what is left out", () => {
    const many = Array.from({ length: 31 }, (_, at) => [
      { process: 2 * at, f: "write", value: at, from: at * 10 + 1, to: at * 10 + 4, key: `k${at}` },
      { process: 2 * at + 1, f: "write", value: at + 100, from: at * 10 + 2, to: at * 10 + 3, key: "z" },
    ]).flat();
    const operations = operationsOf(invented(many));
    const table = stepsOfEvidence(operations, null, new Map(), false);
    assert.equal(rowsOf(table)[1], "|p0 writes 0 at k0 …|0");
    assert.equal(rowsOf(table).length, 61);
    assert.match(table.markup, /And 33 more steps\./);
  });

  it("count in seconds where sentences do", () => {
    const operations = operationsOf(invented([{ process: 0, f: "write", value: 1, from: 999, to: 1_000 }]));
    assert.deepEqual(rowsOf(stepsOfEvidence(operations, null, new Map(), true)), [
      "s|op|step|event",
      "0.999–1.000||p0 writes 1, is told ok|0–1",
    ]);
  });
});

describe("orders of evidence", () => {
  it("are listed where none explains a register's operations", () => {
    const operations = operationsOf(invented(staleRead));
    const orders = registerOrders(operations, operations);
    assert.equal(orders?.kind, "all");
    assert.equal(orders?.kind === "all" && orders.orders.length, 6);
  });

  it("are not, where one explains them, or where more than a register's value decides", () => {
    const good = operationsOf(invented(staleRead.slice(0, 2)));
    assert.equal(registerOrders(good, good), null);
    const refused = operationsOf(
      invented([...staleRead, { process: 4, f: "cas", value: [1, 3], from: 20, to: 21, type: "fail" }]),
    );
    assert.equal(registerOrders(refused, refused), null);
    const queue = operationsOf(
      invented([...staleRead, { process: 4, f: "enqueue", value: 3, from: 20, to: 21 }]),
    );
    assert.equal(registerOrders(queue, queue), null);
  });

  it("tell of a search's orders what could not come next, and why", () => {
    const history = invented([
      { process: 0, f: "write", value: 1, from: 1, to: 2 },
      { process: 1, f: "read", result: 2, from: 3, to: 6 },
      { process: 2, f: "cas", value: [5, 6], from: 4, to: 7 },
      { process: 3, f: "cas", value: [1, 6], from: 5, to: 8, type: "fail" },
      { process: 4, f: "enqueue", value: 1, from: 9, to: 10 },
    ]);
    const operations = operationsOf(history);
    const byIndex = new Map(operations.map((operation) => [operation.invokeIndex, operation]));
    const orders = shownOrders([
      { order: [], refused: [2] },
      { order: [0], refused: [2, 3, 4, 8] },
    ]);
    const told = partialOrders(orders, byIndex, namesOf(operations), "cas-register");
    assert.deepEqual(rowsOf(told), [
      "next|why it cannot be",
      "r|it must return 1 and returned 2",
      "c1|it would find 1, not the 5 that it expected",
      "c2|it was refused, and would find just the 1 that it expected",
      "o|enqueue 1: no cas-register answers so after these",
      "next|why it cannot be",
      "r|it must return nothing and returned 2",
    ]);
    assert.match(told.markup, /<code>w1<\/code>: 1 operation in an order/);
    assert.match(told.markup, /Not even a first operation fits/);
  });

  it("show no more of long orders than tells what state they leave", () => {
    const order = Array.from({ length: 100 }, (_, at) => at);
    const [first, ...others] = shownOrders([
      { order: [1], refused: [2] },
      { order, refused: order },
      { order: [], refused: [] },
      { order: [], refused: [] },
    ]);
    assert.deepEqual(
      others.map(({ length }) => length),
      [1, 0],
    );
    assert.deepEqual(first, {
      length: 100,
      lastIndices: order.slice(-12),
      refusedIndices: order.slice(0, 8),
    });
    // Of a cut order without any update or read nothing is known.
    const history = invented([{ process: 0, f: "read", result: 2, from: 1, to: 2 }]);
    const operations = operationsOf(history);
    const byIndex = new Map(operations.map((operation) => [operation.invokeIndex, operation]));
    const [cutOff] = shownOrders([{ order: [50, 51], refused: [0] }]);
    assert.ok(cutOff !== undefined);
    const told = partialOrders([cutOff], byIndex, namesOf(operations), "register");
    assert.equal(rowsOf(told)[1], "r|read → 2: no register answers so after these");
  });
});

describe("tables of a history's page", () => {
  it("show counts, and times where there are any", () => {
    const facts = { name: "read", asked: 12_345, ok: 12_000, failed: 300, unknown: 45 };
    assert.deepEqual(rowsOf(functionsTable([{ ...facts, tookNs: { median: 1_500_000, p99: 2e9 } }])), [
      "function|asked|ok|failed|unknown|median|99%",
      "read|12,345|12,000|300|45|1.5 ms|2 s",
    ]);
    assert.deepEqual(
      rowsOf(functionsTable([{ ...facts, tookNs: { median: 412, p99: 99_960 } }]))[1],
      "read|12,345|12,000|300|45|412 ns|100 µs",
    );
    assert.deepEqual(rowsOf(functionsTable([{ ...facts, tookNs: null }])), [
      "function|asked|ok|failed|unknown",
      "read|12,345|12,000|300|45",
    ]);
  });

  it("show who judged, on what, and under which assumptions", () => {
    const check = checkOf(invented(staleRead), [staleAnomaly]);
    const more = [
      { checker: "sessions", verdict: { word: "notChecked", because: "no session is named" } as const },
      { checker: "search", verdict: { word: "unknown", because: "out of steps" } as const },
    ];
    const checkers = [{ name: "linearizability", assumes: ["null is never written", "values differ"] }];
    assert.deepEqual(rowsOf(checkersTable({ ...check, verdicts: [...check.verdicts, ...more] }, checkers)), [
      "checker|verdict|what it rests on|what it assumes",
      "history-sanity|valid|3 operations|nothing",
      "linearizability|invalid|1 anomaly|Null is never written; values differ.",
      "sessions|not checked|No session is named.|nothing",
      "search|unknown|Out of steps.|nothing",
    ]);
  });

  it("show measures in their units, with intervals and samples where they have them", () => {
    const markup = measuresTable([
      {
        checker: "staleness",
        measure: {
          name: "fresh",
          of: "1 ms",
          value: 0.9934,
          low: 0.98,
          high: 0.998,
          unit: "ratio",
          samples: 1_203,
        },
      },
      { checker: "staleness", measure: { name: "lag", value: 1_234_567, unit: "ns" } },
      { checker: "staleness", measure: { name: "behind", value: 2.345, unit: "count" } },
    ]);
    assert.ok(markup !== null && typeof markup === "object" && "markup" in markup);
    assert.deepEqual(rowsOf(markup), [
      "what|of|value|95% interval|samples|by",
      "fresh|1 ms|99.34%|98% – 99.8%|1,203|staleness",
      "lag||1.2 ms|–|–|staleness",
      "behind||2.35|–|–|staleness",
    ]);
    assert.equal(measuresTable([]), null);
  });

  it("never round a share to all or to nothing", () => {
    assert.deepEqual([0, 0.000001, 0.25, 0.999999, 1, Number.NaN].map(share), [
      "0%",
      "0.01%",
      "25%",
      "99.99%",
      "100%",
      "–",
    ]);
  });
});
