import assert from "node:assert/strict";
import type { FaultBody, FaultPlan } from "../../harness/contracts/scenario.ts";
import { bandWords, mendWords, strikeWords } from "./fault-words.ts";

const both = (a: readonly string[], b: readonly string[]): { from: string; to: string }[] =>
  a.flatMap((from) =>
    b.flatMap((to) => [
      { from, to },
      { from: to, to: from },
    ]),
  );
const planned = (body: FaultBody): FaultPlan => ({ id: 1, atUs: 0, untilUs: 9, ...body });
const says = (body: FaultBody): string[] => [
  strikeWords(planned(body), []),
  mendWords(planned(body)),
  bandWords(planned(body)),
];

describe("fault words", () => {
  it("name the smaller side of a cut, and its direction", () => {
    assert.deepEqual(says({ kind: "cut", mode: "refuse", links: both(["n3"], ["n1", "n2"]) }), [
      "n3 is cut off from n1 and n2",
      "n3 is reachable again",
      "cut off from n1 and n2",
    ]);
    assert.deepEqual(
      says({ kind: "cut", mode: "refuse", links: both(["n1", "n2", "n3"], ["n4", "n5"]) })[0],
      "n4 and n5 are cut off from n1, n2 and n3",
    );
    assert.deepEqual(says({ kind: "cut", mode: "black-hole", links: [{ from: "n1", to: "n2" }] }), [
      "nothing gets from n1 to n2",
      "n2 hears n1 again",
      "n1 cannot reach n2",
    ]);
  });

  it("say what happens to nodes and clocks", () => {
    assert.deepEqual(says({ kind: "kill", nodes: ["n1"] }), ["n1 is killed", "n1 starts again", "down"]);
    assert.deepEqual(
      says({ kind: "power-loss", nodes: ["n1", "n2"] })[0],
      "n1 and n2 lose power, and with it what was not synced",
    );
    assert.deepEqual(says({ kind: "pause", nodes: ["n1", "n2"] }), [
      "n1 and n2 stop",
      "n1 and n2 go on",
      "paused",
    ]);
    assert.deepEqual(says({ kind: "skew", nodes: ["n2"], offsetUs: -60_000_000 }), [
      "the clock of n2 is 60 s behind",
      "the clock of n2 is right again",
      "clock −60 s",
    ]);
  });

  it("say what happens to links and single messages", () => {
    const links = [{ from: "n1", to: "n2" }];
    assert.equal(
      says({ kind: "latency", links, addUs: 20_000, jitterUs: 0 })[0],
      "n1→n2 slows down by 20 ms",
    );
    assert.equal(
      says({ kind: "loss", links: both(["n1"], ["n2", "n3"]), percent: 30 })[0],
      "30% of the messages on the links are lost",
    );
    assert.equal(says({ kind: "duplicate", links, percent: 5 })[2], "duplicate 5%");
    assert.equal(
      says({ kind: "reorder", links, percent: 5, byUs: 3_000 })[0],
      "5% of the messages on n1→n2 wait up to 3 ms",
    );
    assert.equal(
      says({ kind: "hold", links, operation: 4, leg: "writeRequest", byUs: 30_000 })[0],
      "the write request of operation 4 on n1→n2 is held for 30 ms",
    );
  });
});
