import assert from "node:assert/strict";
import fc from "fast-check";
import { check } from "../../harness/contracts/checker.ts";
import type { History } from "../../harness/history/history.ts";
import { never, Outcome } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import { availability } from "./availability.ts";
import type { FaultWindow } from "./fault-windows.ts";
import { endOfWindow, faultWindows } from "./fault-windows.ts";

const nodes = ["n1", "n2", "n3"];
const sites = ["s1", "s2"];
const places = [...nodes, ...sites];

const anyStep = fc.record({
  act: fc.constantFrom("begin", "begin", "begin", "end", "end", "end", "strike", "mend", "mend"),
  which: fc.nat({ max: 3 }),
  kind: fc.constantFrom("kill", "power-loss", "pause", "pause", "cut", "cut", "loss"),
  node: fc.nat({ max: 2 }),
  other: fc.nat({ max: 4 }),
  site: fc.nat({ max: 1 }),
  isAnswered: fc.boolean(),
  waitNs: fc.nat({ max: 2 }),
  tookNs: fc.nat({ max: 2 }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer One> ? One : never;

/** Three nodes, two sites, up to four clients and four faults. */
class Play {
  readonly #recorder = new HistoryRecorder({ keyspaces: [{ name: "", n: 3, w: 2, r: 2 }] });
  readonly #open = new Map<number, number>();
  readonly #struck = new Map<number, Step>();
  #timeNs = 0;
  #processes = 0;

  constructor() {
    this.#recorder.phase(0, "strike");
    // Every node and site is known from the beginning.
    nodes.forEach((node, at) => {
      const facts = { process: node, f: "read", key: "x", node, site: sites[at % 2] ?? "" };
      this.#recorder.complete(this.#recorder.invoke(0, facts), 0, { type: "ok", value: null });
    });
  }

  of(steps: readonly Step[], restAt: number): History {
    steps.forEach((step, at) => {
      this.#timeNs += step.waitNs;
      if (at === restAt) this.#recorder.phase(this.#timeNs, "final");
      this.#do(step);
    });
    return this.#recorder.finish();
  }

  #do(step: Step): void {
    const { act, which, node, site, isAnswered } = step;
    const row = this.#open.get(which);
    if (act === "strike" || act === "mend") {
      this.#mark(step);
    } else if (act === "begin" && row === undefined) {
      this.#processes += 1;
      const who = { process: this.#processes, node: nodes[node] ?? "", site: sites[site] ?? "" };
      this.#open.set(which, this.#recorder.invoke(this.#timeNs, { ...who, f: "write", key: "x", value: 1 }));
    } else if (act === "end" && row !== undefined) {
      this.#open.delete(which);
      const said = isAnswered ? ({ type: "ok" } as const) : ({ type: "info", error: "refused" } as const);
      this.#recorder.complete(row, this.#timeNs, { ...said, value: 1 });
    }
  }

  #mark(step: Step): void {
    const { act, which, tookNs } = step;
    const struck = this.#struck.get(which);
    const sinceNs = Math.max(0, this.#timeNs - tookNs);
    if (act === "strike" && struck === undefined) {
      this.#struck.set(which, step);
      this.#recorder.strike(this.#timeNs, { ...factsOf(step), sinceNs });
    } else if (act === "mend" && struck !== undefined) {
      this.#struck.delete(which);
      this.#recorder.mend(this.#timeNs, { ...factsOf(struck), sinceNs });
    }
  }
}

function factsOf({ which, kind, node, other }: Step) {
  const [from = "", to = ""] = [nodes[node], places[other]];
  return { fault: which, faultKind: kind, where: [kind === "cut" ? `${from}→${to}` : from], proof: "" };
}

/** From when a fault disturbs, and until which place in the order it is there. */
function spanOf(
  window: FaultWindow,
  rested: number,
): { readonly until: number; readonly changes: [number, number][] } {
  const { strike, mend, kind } = window;
  const forgets = (kind === "kill" || kind === "power-loss") && endOfWindow(window) <= rested;
  const until = forgets && mend !== null ? rested : endOfWindow(window);
  const changes: [number, number][] = [[strike.index, strike.sinceNs]];
  if (mend !== null && !forgets) changes.push([mend.index, mend.sinceNs]);
  return { until, changes };
}

/** Whether the rule, spelt out, asks that an operation be answered. */
function isOwed(history: History, row: number, rested: number): boolean {
  const call = history.invokeIndex[row] ?? 0;
  const endNs = history.completedNs[row] ?? Number.NaN;
  const node = history.nodes[history.node[row] ?? -1] ?? "";
  const site = history.sites[history.site[row] ?? -1] ?? "";
  const windows = faultWindows(history);
  const disturbed = windows.some((window) =>
    spanOf(window, rested).changes.some(([index, sinceNs]) => index > call && sinceNs <= endNs),
  );
  const there = windows.filter((window) => window.strike.index < call && call < spanOf(window, rested).until);
  const isCut = (a: string, b: string): boolean =>
    there.some(
      ({ kind, where }) => kind === "cut" && (where.includes(`${a}→${b}`) || where.includes(`${b}→${a}`)),
    );
  const isDown = (one: string): boolean =>
    there.some(({ kind, where }) => kind !== "cut" && kind !== "loss" && where.includes(one));
  if (disturbed || there.some(({ kind }) => kind === "loss") || isDown(node) || isCut(site, node))
    return false;
  return nodes.filter((one) => isDown(one) || (one !== node && isCut(one, node))).length <= 1;
}

describe("the availability of any history", () => {
  it("is what the rule says of every operation against every fault", () => {
    let found = 0;
    let owed = 0;
    fc.assert(
      fc.property(
        fc.array(anyStep, { minLength: 10, maxLength: 60 }),
        fc.nat({ max: 70 }),
        (steps, restAt) => {
          const history = new Play().of(steps, restAt);
          const rested =
            history.marks.find((mark) => mark.kind === "phase" && mark.phase === "final")?.index ?? never;
          const rows = Array.from({ length: history.length }, (_, row) => row);
          const due = rows.filter(
            (row) => history.outcome[row] !== Outcome.pending && isOwed(history, row, rested),
          );
          const wrong = due.filter((row) => history.outcome[row] !== Outcome.ok);
          const verdict = check(availability, history);
          const said =
            verdict.word === "invalid" ? verdict.anomalies.flatMap(({ evidence }) => evidence) : [];
          const hung = said.filter(
            (index) =>
              history.outcome[rows.find((row) => history.invokeIndex[row] === index) ?? 0] ===
              Outcome.pending,
          );
          assert.deepEqual(
            said.filter((index) => !hung.includes(index)),
            wrong.map((row) => history.invokeIndex[row]),
          );
          if (verdict.word === "valid") assert.equal(verdict.checked, due.length);
          found += wrong.length;
          owed += due.length;
        },
      ),
      { numRuns: 1_000, seed: 5 },
    );
    assert.ok(found > 300 && owed - found > 300, `${found} of ${owed}`);
  });
});
