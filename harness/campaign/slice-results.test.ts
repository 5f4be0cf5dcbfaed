import assert from "node:assert/strict";
import { checkerByName } from "../../checkers/registry.ts";
import { claims } from "../../workloads/claims/claims.ts";
import { sliceCells } from "../../workloads/docker-slice.ts";
import { ampleBudget, check } from "../contracts/checker.ts";
import type { Run } from "../contracts/run.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import { sliceClaims, sliceOutcomes } from "./slice-results.ts";

const majority = "3-2-2";

/** A history of the slice: on each key a write, a later write and a read of one of the two. */
class SliceHistory {
  readonly #recorder = new HistoryRecorder({});
  #timeNs = 0;
  #value = 0;

  strike(fault: number, faultKind: string): void {
    this.#recorder.strike(this.#tick(), { fault, faultKind, where: ["n1"], proof: "seen" });
  }

  mend(fault: number, faultKind: string): void {
    this.#recorder.mend(this.#tick(), { fault, faultKind, where: ["n1"], proof: "seen" });
  }

  register(keyspace: string, key: string, shows: "latest" | "older", answered = true): void {
    const first = this.#write(keyspace, key, answered);
    const second = this.#write(keyspace, key, answered);
    this.#operation(keyspace, key, "read", shows === "latest" ? second : first, answered);
  }

  run(): Run {
    const history = this.#recorder.finish();
    const scenario = { faults: [], operations: [], keyspaces: [] } as unknown as Run["scenario"];
    const named = ["regular", "lost-write", "linearizability"].flatMap((name) => checkerByName(name) ?? []);
    const verdicts = named.map((checker) => ({
      checker: checker.name,
      verdict: check(checker, history, ampleBudget),
    }));
    return {
      scenario,
      history,
      verdicts,
      unknownBecause: null,
      operations: 0,
      answered: 0,
      readsBesideWrites: 0,
    };
  }

  #write(keyspace: string, key: string, answered: boolean): number {
    this.#value += 1;
    this.#operation(keyspace, key, "write", this.#value, answered);
    return this.#value;
  }

  #operation(keyspace: string, key: string, f: "read" | "write", value: number, answered: boolean): void {
    const process = `${key}/${this.#timeNs}`;
    const facts = { process, session: process, site: "s1", node: "n1", op: this.#timeNs, keyspace, key };
    const row = this.#recorder.invoke(this.#tick(), { ...facts, f, value: f === "read" ? null : value });
    this.#recorder.complete(row, this.#tick(), { type: answered ? "ok" : "info", value });
  }

  #tick(): number {
    this.#timeNs += 1_000;
    return this.#timeNs;
  }
}

const cellOf = (history: SliceHistory, claim: string, fault: string) => {
  const outcomes = sliceOutcomes(history.run(), sliceCells, claims);
  const row = sliceClaims(outcomes, () => null).find(({ id }) => id === claim);
  return row?.cells.find((cell) => cell.fault === fault && cell.setting.label === "3/2/2");
};

describe("the container slice", () => {
  it("counts each key as a run of its cell, and stale ones as failing", () => {
    const history = new SliceHistory();
    for (let key = 0; key < 120; key += 1)
      history.register(majority, `partition/${key}`, key === 40 ? "older" : "latest");
    const cell = cellOf(history, "Q3", "partition");
    assert.deepEqual(
      [cell?.outcome, cell?.runs, cell?.failingRuns, cell?.unknownRuns, cell?.firstFound],
      ["contradicted", 120, 1, 0, 40],
    );
  });

  it("is unknown with fewer than a hundred judged keys", () => {
    const history = new SliceHistory();
    for (let key = 0; key < 99; key += 1) history.register(majority, `partition/${key}`, "latest");
    assert.equal(cellOf(history, "Q3", "partition")?.outcome, "unknown");
  });

  it("does not count a key whose operations were not answered", () => {
    const history = new SliceHistory();
    for (let key = 0; key < 110; key += 1) history.register(majority, `crash/${key}`, "latest", key >= 5);
    const cell = cellOf(history, "Q3", "crash");
    assert.deepEqual([cell?.outcome, cell?.unknownRuns], ["clean", 5]);
  });

  it("does not count a key that ran into the fault of another cell", () => {
    const history = new SliceHistory();
    history.strike(2, "cut");
    for (let key = 0; key < 105; key += 1) history.register(majority, `partition/${key}`, "latest");
    history.strike(4, "skew");
    for (let key = 105; key < 110; key += 1) history.register(majority, `partition/${key}`, "older");
    history.mend(4, "skew");
    const cell = cellOf(history, "Q3", "partition");
    assert.deepEqual([cell?.outcome, cell?.failingRuns, cell?.unknownRuns], ["clean", 0, 5]);
  });
});
