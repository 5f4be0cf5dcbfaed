import assert from "node:assert/strict";
import { check } from "../../harness/contracts/checker.ts";
import type { HistoryHeader } from "../../harness/history/history.ts";
import type { Verdict } from "../../harness/history/verdict.ts";
import { availability } from "./availability.ts";
import { availabilityMeasures } from "./availability-measures.ts";
import type { Happening, Operation } from "./world-history.test-support.ts";
import { worldHistory } from "./world-history.test-support.ts";

const keyspace = (settings: object = {}): HistoryHeader => ({
  keyspaces: [{ name: "", n: 3, w: 2, r: 2, ...settings }],
});
const begin: Happening = { at: 0, phase: "strike" };
const final: Happening = { at: 90, phase: "final" };
const strike = (
  at: number,
  fault: number,
  kind: string,
  where: readonly string[],
  since?: number,
): Happening => ({
  at,
  strike: fault,
  kind,
  where,
  ...(since === undefined ? {} : { since }),
});
const kill = (at: number, node: string, fault = 1): Happening => strike(at, fault, "kill", [node]);
const pause = (at: number, node: string, fault = 1): Happening => strike(at, fault, "pause", [node]);
const mend = (at: number, fault = 1, since?: number): Happening => ({
  at,
  mend: fault,
  ...(since === undefined ? {} : { since }),
});
const operation = (from: number, to: number | null, facts: Partial<Operation> = {}): Operation => ({
  f: "write",
  value: 1,
  node: "n1",
  site: "s1",
  from,
  to,
  ...facts,
});
const refused = (from: number, to: number, facts: Partial<Operation> = {}): Operation =>
  operation(from, to, { type: "fail", error: "QuorumNotMet", ...facts });
const everyLink = (node: string, others: readonly string[]): string[] =>
  others.flatMap((other) => [`${node}→${other}`, `${other}→${node}`]);

/** The verdict without what was measured. */
function judged(happenings: readonly Happening[], header: HistoryHeader = keyspace()): Verdict {
  const history = worldHistory(header, happenings);
  const verdict = check(availability, history);
  const { measures = [], ...said } = { measures: [], ...verdict };
  assert.deepEqual(measures, availabilityMeasures(history));
  return said as Verdict;
}
/** What is said of operations that should have been answered. */
function saidOf(happenings: readonly Happening[], header?: HistoryHeader): readonly string[] {
  const verdict = judged(happenings, header);
  return verdict.word === "invalid" ? verdict.anomalies.map(({ says }) => says) : [];
}
/** How many operations the rule speaks of, where all of them were answered. */
function judgedCount(happenings: readonly Happening[], header?: HistoryHeader): number {
  const verdict = judged(happenings, header);
  assert.notEqual(verdict.word, "invalid");
  return verdict.word === "valid" ? verdict.checked : 0;
}

const notChecked = (because: string): Verdict => ({ word: "notChecked", because });
const nothingRuled = notChecked("no operation ran while its quorums were there and nothing else was wrong");
const bear1 = "n=3, w=2, r=2 bear 1 away";

describe("availability", () => {
  it("names an operation that was refused while as many nodes were away as its quorums bear", () => {
    const history = [begin, pause(10, "n3"), refused(11, 12), operation(13, 14), mend(20)];
    assert.deepEqual(judged(history), {
      word: "invalid",
      anomalies: [
        {
          kind: "unavailability",
          says: `p2 wrote x=1 (refused at 12.000 ms: QuorumNotMet), though n1 reached all nodes but n3 (fault 1 (pause n3) since 10.000 ms): ${bear1}`,
          evidence: [2],
          keyspace: "",
          key: "x",
        },
      ],
    });
  });

  it("names one that was refused or unknown while nothing was wrong, reads with their outcome", () => {
    const read = operation(3, 4, { f: "read", type: "info", error: "ConnectionLost" });
    assert.deepEqual(saidOf([begin, refused(1, 2), read]), [
      `p1 wrote x=1 (refused at 2.000 ms: QuorumNotMet), though n1 reached every node (no fault was there): ${bear1}`,
      `p2 tried to read x at 3.000 ms (outcome unknown at 4.000 ms: ConnectionLost), though n1 reached every node (no fault was there): ${bear1}`,
    ]);
  });

  it("asks nothing of an operation with one node more away, or whose own node is away", () => {
    const two = [begin, pause(10, "n2"), pause(10.5, "n3", 2), refused(11, 12), operation(13, 14)];
    assert.deepEqual(judged(two), nothingRuled);
    assert.deepEqual(judged([begin, pause(10, "n1"), refused(11, 12), operation(13, 14)]), nothingRuled);
    assert.deepEqual(judged([begin, strike(10, 1, "pause", ["n2", "n3"]), refused(11, 12)]), nothingRuled);
    assert.equal(saidOf([begin, pause(10, "n3"), pause(10.5, "n3", 2), refused(11, 12)]).length, 1);
  });

  it("counts by N less the larger of W and R, and an operation's own where it has them", () => {
    const down = [begin, pause(10, "n3")];
    for (const [w, r, count] of [
      [3, 1, 0],
      [1, 3, 0],
      [2, 1, 1],
      [1, 1, 1],
    ] as const) {
      assert.equal(saidOf([...down, refused(11, 12)], keyspace({ w, r })).length, count, `${w} ${r}`);
    }
    assert.equal(saidOf([...down, refused(11, 12, { w: 3 })]).length, 0);
    assert.equal(saidOf([...down, refused(11, 12, { r: 3, f: "read" })]).length, 0);
    const three = { w: 3, r: 3 };
    assert.deepEqual(saidOf([...down, refused(11, 12, { w: 1, r: 2 })], keyspace(three)), [
      "p2 wrote x=1 (refused at 12.000 ms: QuorumNotMet), though n1 reached all nodes but n3 (fault 1 (pause n3) since 10.000 ms): n=3, w=1, r=2 bear 1 away",
    ]);
    const five = [begin, strike(10, 1, "pause", ["n3", "n4"]), refused(11, 12)];
    assert.equal(saidOf(five, keyspace({ n: 5, w: 3, r: 3 })).length, 1);
  });

  it("asks nothing of an operation during which something struck or was mended, from when that began", () => {
    const later = [operation(30, 31)];
    assert.equal(judgedCount([begin, operation(9, 11), pause(10, "n3"), ...later]), 1);
    assert.equal(judgedCount([begin, operation(8, 9), pause(10, "n3", 1), ...later]), 2);
    assert.equal(judgedCount([begin, operation(8, 9), strike(10, 1, "pause", ["n3"], 9), ...later]), 1);
    assert.equal(judgedCount([begin, operation(8, 9), strike(10, 1, "pause", ["n3"], 9.5), ...later]), 2);
    assert.equal(judgedCount([begin, pause(10, "n3"), operation(11, 13), mend(12), ...later]), 1);
    assert.equal(judgedCount([begin, pause(10, "n3"), operation(11, 12), mend(14, 1, 12), ...later]), 1);
    assert.equal(judgedCount([begin, pause(10, "n3"), operation(11, 12), mend(14, 1, 13), ...later]), 2);
    // One strike is under way while another one's mark comes first.
    const two = [pause(10, "n3"), strike(20, 2, "pause", ["n3"], 7)];
    assert.equal(
      judgedCount([begin, operation(5, 6), operation(8, 9), ...two, operation(12, 13), ...later]),
      2,
    );
  });

  it("asks nothing while a fault of another kind is there, and again once it is mended", () => {
    for (const kind of ["latency", "loss", "duplicate", "reorder", "hold", "skew", "flood"]) {
      const history: Happening[] = [begin, strike(10, 1, kind, ["n2→n3"]), refused(11, 12), mend(20)];
      assert.deepEqual(judged(history), nothingRuled, kind);
      assert.equal(saidOf([...history, refused(21, 22)]).length, 1, kind);
    }
    const twice = [strike(10, 1, "loss", ["n2→n3"]), strike(11, 2, "loss", ["n2→n3"]), mend(12)];
    assert.deepEqual(judged([begin, ...twice, refused(13, 14)]), nothingRuled);
  });

  it("follows a node that several faults hold, and holds one that is back to account", () => {
    const both = [begin, pause(10, "n2"), pause(11, "n2", 2), mend(12), pause(13, "n3", 3)];
    assert.deepEqual(judged([...both, refused(14, 15)]), nothingRuled);
    const crossed = [begin, pause(10, "n2"), pause(11, "n3", 2), refused(11.2, 11.4), mend(12)];
    assert.deepEqual(judged(crossed), nothingRuled);
    const names = "fault 1 (pause n2) since 10.000 ms, fault 2 (pause n2) since 11.000 ms";
    assert.deepEqual(saidOf([...both.slice(0, 3), refused(11.2, 11.4), mend(12)]), [
      `p3 wrote x=1 (refused at 11.400 ms: QuorumNotMet), though n1 reached all nodes but n2 (${names}): ${bear1}`,
    ]);
    assert.equal(saidOf([...both, mend(16, 2), refused(17, 18)]).length, 1);
    assert.equal(saidOf([begin, pause(10, "n1"), mend(12), refused(13, 14)]).length, 1);
  });

  it("waits until the end of the rest with a node whose process was gone", () => {
    for (const kind of ["kill", "power-loss"]) {
      const gone: Happening[] = [begin, strike(10, 1, kind, ["n3"]), mend(12)];
      const other = pause(13, "n2", 2);
      assert.deepEqual(judged([...gone, other, refused(14, 15), mend(16, 2)]), nothingRuled, kind);
      assert.equal(saidOf([...gone, refused(14, 15)]).length, 1, kind);
      assert.equal(saidOf([...gone, final, pause(91, "n2", 2), refused(92, 93)]).length, 1, kind);
      const late: Happening[] = [
        begin,
        strike(89, 1, kind, ["n3"]),
        final,
        mend(91),
        pause(92, "n2", 2),
        refused(93, 94),
      ];
      assert.equal(saidOf(late).length, 1, kind);
      assert.deepEqual(judged([begin, strike(10, 1, kind, ["n1"]), mend(12), refused(13, 14)]), nothingRuled);
    }
    const held = [kill(89, "n3"), final, pause(91, "n2", 2), refused(92, 93), mend(94)];
    assert.deepEqual(judged([begin, ...held]), nothingRuled);
    // The end of the rest changes nothing for what goes on beside it.
    assert.equal(judgedCount([begin, kill(10, "n3"), mend(12), operation(89, 91), final]), 1);
  });

  it("takes a node that is cut off from the coordinator, in one direction too, for away", () => {
    for (const links of [["n1→n3"], ["n3→n1"], everyLink("n3", ["n1", "n2"])]) {
      const cut = strike(10, 1, "cut", links);
      assert.equal(saidOf([begin, cut, refused(11, 12)]).length, 1);
      assert.deepEqual(judged([begin, cut, pause(10.5, "n2", 2), refused(11, 12)]), nothingRuled);
    }
    const alone = strike(10, 1, "cut", everyLink("n1", ["n2", "n3"]));
    assert.deepEqual(saidOf([begin, alone, refused(11, 12)]), []);
    assert.deepEqual(saidOf([begin, alone, refused(11, 12, { node: "n2" })]), [
      "p2 wrote x=1 (refused at 12.000 ms: QuorumNotMet), though n2 reached all nodes but n1 (fault 1 (cut n1→n2, n2→n1, n1→n3 and 1 more) since 10.000 ms): " +
        bear1,
    ]);
    const beside = strike(10, 1, "cut", ["n2→n3", "n3→n2"]);
    assert.match(
      saidOf([begin, beside, refused(11, 12)])[0] ?? "",
      /though n1 reached every node \(fault 1 \(cut/,
    );
  });

  it("asks nothing where the client's own site is cut off from the node, or may be", () => {
    const cut = (link: string): Happening => strike(10, 1, "cut", [link]);
    const elsewhere = operation(1, 2, { site: "s2" });
    for (const link of ["s1→n1", "n1→s1"]) {
      assert.equal(saidOf([begin, elsewhere, cut(link), refused(11, 12)]).length, 0, link);
      const other = refused(11, 12, { site: "s2" });
      assert.equal(saidOf([begin, elsewhere, operation(3, 4), cut(link), other]).length, 1, link);
      const { site: _, ...unplaced } = refused(11, 12);
      assert.equal(saidOf([begin, elsewhere, operation(3, 4), cut(link), unplaced]).length, 0, link);
    }
    assert.deepEqual(saidOf([begin, elsewhere, operation(3, 4), cut("s1→n2"), refused(11, 12)]), [
      `p4 wrote x=1 (refused at 12.000 ms: QuorumNotMet), though n1 reached every node (fault 1 (cut s1→n2) since 10.000 ms): ${bear1}`,
    ]);
    const { node: _, ...nowhere } = refused(11, 12);
    assert.deepEqual(judged([begin, nowhere]), nothingRuled);
  });

  it("looks from the site where clients ask the replicas themselves", () => {
    const own = keyspace({ coordinate: "client" });
    const { node: _, ...byClient } = refused(11, 12);
    assert.deepEqual(saidOf([begin, pause(10, "n1"), refused(11, 12)], own), [
      `p2 wrote x=1 (refused at 12.000 ms: QuorumNotMet), though s1 reached all nodes but n1 (fault 1 (pause n1) since 10.000 ms): ${bear1}`,
    ]);
    const cut = strike(10, 1, "cut", ["s1→n1", "s1→n2"]);
    assert.deepEqual(judged([begin, cut, byClient], own), nothingRuled);
    const { site: __, ...unplaced } = refused(11, 12);
    assert.deepEqual(judged([begin, unplaced], own), nothingRuled);
  });

  it("lets a sloppy quorum write as long as any W nodes are reached", () => {
    const sloppy = keyspace({ sloppy: true });
    const five = ["n4", "n5"].map((node, at) => operation(1 + 2 * at, 2 + 2 * at, { node }));
    const cut = strike(10, 1, "cut", everyLink("n1", ["n2", "n3", "n4"]));
    assert.deepEqual(saidOf([begin, ...five, cut, refused(11, 12)], sloppy), [
      "p4 wrote x=1 (refused at 12.000 ms: QuorumNotMet), though n1 reached all nodes but n2, n3, n4 " +
        "(fault 1 (cut n1→n2, n2→n1, n1→n3 and 3 more) since 10.000 ms): n=3, w=2, r=2 bear 1 away, and a sloppy write all but 2 nodes",
    ]);
    assert.equal(saidOf([begin, ...five, cut, refused(11, 12, { w: 3 })], sloppy).length, 0);
    assert.equal(saidOf([begin, ...five, cut, refused(11, 12)]).length, 0);
    const more = [cut, pause(10.5, "n5", 2)];
    assert.equal(saidOf([begin, ...five, ...more, refused(11, 12)], sloppy).length, 0);
    const dump: Happening = { at: 95, dump: "n6", holds: {} };
    assert.equal(saidOf([begin, ...five, ...more, refused(11, 12), dump], sloppy).length, 1);
    const read = refused(11, 12, { f: "read" });
    assert.equal(saidOf([begin, ...five, cut, read], sloppy).length, 0);
    assert.deepEqual(saidOf([begin, read], sloppy), [
      `p1 tried to read x at 11.000 ms (refused at 12.000 ms: QuorumNotMet), though n1 reached every node (no fault was there): ${bear1}`,
    ]);
    const named = [pause(2.5, "n6", 3), mend(2.7, 3)];
    assert.equal(saidOf([begin, ...five, ...named, ...more, refused(11, 12)], sloppy).length, 1);
    // Sites and the nodes that faults name: three nodes of a cluster, of which two are away.
    const site = [operation(1, 2), strike(10, 1, "cut", ["s1→n2", "n1→n2", "n1→n3"])];
    assert.equal(saidOf([begin, ...site, refused(11, 12)], sloppy).length, 0);
  });

  it("takes what ran out of time for hung where it waited ten times as long as the slowest answer", () => {
    const answers = [operation(1, 2), operation(3, 4.5, { f: "read" })];
    const late = (facts: Partial<Operation>, to: number): readonly string[] =>
      saidOf([begin, ...answers, operation(20, to, { error: "Timeout", type: "info", ...facts })]);
    assert.equal(late({}, 35).length, 1);
    assert.equal(late({}, 34.9).length, 0);
    assert.equal(late({ error: "time-out" }, 34.9).length, 0);
    assert.equal(late({ type: "fail" }, 34.9).length, 0);
    assert.equal(late({ error: "refused" }, 20.1).length, 1);
    const { error: _, ...silent } = operation(20, 34.9, { type: "info", error: "" });
    assert.equal(saidOf([begin, ...answers, silent]).length, 0);
    assert.equal(saidOf([begin, ...answers, { ...silent, type: "fail" }]).length, 1);
    // An answer beside another fault counts, too: so long may an answer take.
    const slow = [strike(40, 1, "latency", ["n1→n2"]), operation(41, 44), mend(45)];
    assert.equal(
      saidOf([begin, ...answers, operation(20, 35, { error: "Timeout", type: "info" }), ...slow]).length,
      0,
    );
    assert.equal(saidOf([begin, operation(20, 21, { error: "Timeout", type: "info" })]).length, 1);
  });

  it("takes what was still open for hung once the harness has gone on to another phase", () => {
    const open = operation(2, null);
    const answer = operation(3, 4);
    assert.deepEqual(saidOf([begin, open, answer, final]), [
      `p1 wrote x=1 (begun at 2.000 ms, never answered), though n1 reached every node (no fault was there): ${bear1}`,
    ]);
    assert.equal(judgedCount([begin, open, answer]), 1);
    assert.equal(judgedCount([begin, open, answer, { at: 11.9, phase: "rest" }]), 1);
    assert.equal(judgedCount([begin, final, operation(91, null), operation(92, 93)]), 1);
    assert.equal(judgedCount([begin, open, answer, pause(50, "n3"), mend(51), final]), 1);
    assert.equal(judgedCount([{ at: 1, strike: 1, kind: "pause", where: ["n3"] }, open, answer]), 1);
  });

  it("says nothing of compare-and-sets, of named levels and of functions that it does not know", () => {
    const others = [
      refused(1, 2, { f: "cas", value: [1, 2] }),
      refused(3, 4, { consistency: "LOCAL_QUORUM" }),
      refused(5, 6, { f: "enqueue" }),
    ];
    assert.deepEqual(judged([begin, ...others]), nothingRuled);
    for (const f of ["delete", "add", "remove", "increment"]) {
      assert.equal(saidOf([begin, refused(1, 2, { f })]).length, 1, f);
    }
  });

  it("is not checked without a header that says enough, or without marks", () => {
    const says = (name: string): Verdict => notChecked(`the header does not say n, w and r of ${name}`);
    for (const missing of ["n", "w", "r"]) {
      assert.deepEqual(
        judged([begin, refused(1, 2)], keyspace({ [missing]: undefined })),
        says("the keyspace"),
      );
    }
    assert.deepEqual(judged([begin, refused(1, 2)], {}), says("the keyspace"));
    const four = ["a", "b", "c", "d"].map((name, at) => operation(2 * at, 2 * at + 1, { keyspace: name }));
    assert.deepEqual(
      judged([begin, ...four, operation(9, 10, { keyspace: "a", key: "y" })], {}),
      notChecked(["a", "b", "c"].map((name) => `the header does not say n, w and r of ${name}`).join("; ")),
    );
    assert.deepEqual(judged([refused(1, 2)]), notChecked("the history does not say when faults were there"));
    assert.equal(saidOf([refused(1, 2), pause(10, "n3")]).length, 1);
    const dumped: Happening = { at: 3, dump: "n1", holds: {} };
    assert.deepEqual(
      judged([refused(1, 2), dumped]),
      notChecked("the history does not say when faults were there"),
    );
    assert.deepEqual(judged([begin]), notChecked("no operation in the history"));
  });

  it("leaves out keyspaces that decide by ballots, and judges the others", () => {
    const ballots = "the keyspace decides by ballots, which may stand in each other's way";
    for (const settings of [{ protocol: "caspaxos" }, { cas: "caspaxos" }]) {
      assert.deepEqual(judged([begin, refused(1, 2)], keyspace(settings)), notChecked(ballots));
    }
    assert.equal(saidOf([begin, refused(1, 2)], keyspace({ protocol: "abd", cas: "quorum" })).length, 1);
    const both = {
      keyspaces: [
        { name: "", n: 3, w: 2, r: 2 },
        { name: "k", n: 3, w: 2, r: 2, cas: "caspaxos" },
      ],
    };
    const history = [begin, refused(1, 2, { keyspace: "k" }), operation(3, 4)];
    assert.deepEqual(judged(history, both), { word: "valid", checked: 1 });
    assert.deepEqual(judged(history.slice(0, 2), both), notChecked(ballots.replace("the keyspace", "k")));
    assert.deepEqual(
      judged([begin, refused(1, 2, { keyspace: "k" }), pause(3, "n1"), refused(4, 5)], both),
      nothingRuled,
    );
  });

  it("states its name and what it assumes", () => {
    assert.deepEqual(
      [availability.name, availability.assumes],
      [
        "availability",
        [
          "every fault is marked",
          "clients wait ten times as long as the slowest answer took, or what ran out of time is left out",
        ],
      ],
    );
  });
});
