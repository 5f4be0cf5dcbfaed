import assert from "node:assert/strict";
import { html } from "../html.ts";
import { reportModel } from "../model.ts";
import { sampleEvidence, sampleResults } from "../results.test-support.ts";
import { explain } from "./explain.ts";
import { storySteps } from "./steps.ts";
import type { Story } from "./story.ts";
import { tellStory } from "./story.ts";

function storyOf(name: string, change: (trace: Story["notes"]) => boolean = () => true): Story {
  const found = sampleEvidence().get(name);
  const view = reportModel(sampleResults()).counterexamples.find(
    ({ counterexample }) => counterexample.name === name,
  );
  assert.ok(found !== undefined && view !== undefined);
  const trace = change([]) ? found.trace : [];
  return tellStory(view.counterexample, { ...found, trace });
}

function linesOf(story: Story): string[] {
  return storySteps(story).map(
    ({ says, holds, decides }) =>
      `${decides ? "! " : ""}${html`${says}`.markup.replace(/<\/?b>/g, "")} | ${holds.map(({ value, isNew }) => `${value}${isNew ? "*" : ""}`).join(" ")}`,
  );
}

describe("steps", () => {
  it("tell a lost write as the drop that decides it", () => {
    assert.deepEqual(linesOf(storyOf("C3-3-3-3-clock-skew")), [
      "the clock of n3 is 60 s behind | – – –",
      "A asks n1 to write 1; n1 stamps it 100.012 | – – –",
      "the three replicas store 1 | 1* 1* 1*",
      "A is told ok | 1 1 1",
      "B asks n3 to write 2; n3’s clock is 60 s behind, so it stamps 40.053 | 1 1 1",
      "! 40.053 is older than 100.012: each replica keeps 1, drops 2 and answers ok | 1* 1* 1*",
      "B is told ok | 1 1 1",
      "A reads through n2 and gets 1: n2 heard n1, itself and n3 | 1 1 1",
    ]);
  });

  it("tell a read inversion as the answer that decides it", () => {
    assert.deepEqual(linesOf(storyOf("Q2-3-2-2-latency")).slice(4), [
      "n1 stores 2 | 2* 1 1",
      "B reads through n2 and gets 2: n2 heard n1 and itself | 2 1 1",
      "! C reads through n3 and gets 1: n3 heard n2 and itself | 2 1 1",
      "n3 and n2 store 2 | 2 2* 2*",
      "A is told ok | 2 2 2",
    ]);
  });

  it("tell a resurrected delete as the repair that brought it back", () => {
    assert.deepEqual(linesOf(storyOf("D1-3-2-2-partition")).slice(3), [
      "n3 is cut off from n1 and n2 | 1 1 1",
      "A asks n1 to delete; n1 stamps it 100.024 | 1 1 1",
      "n1 and n2 erase the key | –* –* 1",
      "A is told ok | – – 1",
      "B reads through n2 and gets nothing: n2 heard n1 and itself | – – 1",
      "n3 is reachable again | – – 1",
      "C reads through n3 and gets 1: n3 heard n1 and itself | – – 1",
      "! the repair after C’s read gives 1 to n1 | 1* – 1",
    ]);
  });

  it("go by the history alone where there is no trace", () => {
    assert.deepEqual(linesOf(storyOf("C3-3-3-3-clock-skew", () => false)), [
      "the clock of n3 is 60 s behind | – – –",
      "A asks n1 to write 1 | – – –",
      "A is told ok | – – –",
      "B asks n3 to write 2 | – – –",
      "B is told ok | – – –",
      "! A reads through n2 and gets 1 | – – –",
    ]);
  });
});

describe("explanation", () => {
  it("names the clock, the replicas and the repair that a trace shows", () => {
    assert.deepEqual(explain(storyOf("C3-3-3-3-clock-skew"), "argument"), {
      headline: "All three replicas acknowledged the write of 2, and none of them kept it.",
      cause:
        "The clock of n3 was 60 s behind. It stamped the write of 2 older than the write of 1, so each replica dropped it as out of date and still answered ok.",
    });
    assert.deepEqual(explain(storyOf("Q2-3-2-2-latency"), "argument"), {
      headline: "A read returned 2, and a later read returned 1.",
      cause:
        "While the write of 2 was under way, only n1 had it. A read that heard n1 and n2 got 2; the next one heard n2 and n3 and got 1.",
    });
    assert.equal(
      explain(storyOf("D1-3-2-2-partition"), "argument").cause,
      "The delete erased 1 on n1 and n2; n3 did not hear of it and kept the value. The repair after C’s read then gave it to n1: without a tombstone “deleted” looks like “never heard of”.",
    );
  });

  it("falls back on the row's argument where nothing was traced", () => {
    const told = explain(
      storyOf("C3-3-3-3-clock-skew", () => false),
      "the later write is stamped lower",
    );
    assert.deepEqual(told, {
      headline: "The write of 2 was acknowledged, and it is gone.",
      cause: "The later write is stamped lower.",
    });
  });
});
