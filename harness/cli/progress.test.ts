import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import type { CampaignProgress } from "../campaign/campaign.ts";
import { progressOn } from "./progress.ts";

const progress: CampaignProgress = {
  runs: 1_240,
  unknownRuns: 0,
  operations: 9_000,
  anomalies: { "stale read": 310, "lost write": 12 },
  shrunk: 3,
  crashes: 0,
  runsAhead: 4_000,
  seconds: 3.1,
};

/** A stream that keeps what is written, as wide as asked; 0 is no terminal. */
function streamOf(columns: number): { stream: NodeJS.WriteStream; written: () => string } {
  const stream = new PassThrough().setEncoding("utf8");
  let text = "";
  stream.on("data", (chunk: string) => {
    text += chunk;
  });
  const fields = columns === 0 ? {} : { isTTY: true, columns };
  return { stream: Object.assign(stream, fields) as unknown as NodeJS.WriteStream, written: () => text };
}

describe("the progress of a campaign", () => {
  it("is two live lines on a terminal, which are gone in the end", () => {
    const { stream, written } = streamOf(80);
    const display = progressOn(stream);
    display.show(progress);
    const lines = "1,240 runs · 400/s · about 10 s left · 3 shrunk\nlost write 12 · stale read 310\n";
    assert.equal(written(), lines);
    display.close();
    assert.equal(written(), `${lines}\u001b[2F\u001b[J`);
    display.show(progress);
    assert.equal(written(), `${lines}\u001b[2F\u001b[J`);
  });

  it("never fills the last column, so that no line wraps", () => {
    const { stream, written } = streamOf(24);
    progressOn(stream).show(progress);
    const lines = written().trimEnd().split("\n");
    assert.deepEqual(lines, ["1,240 runs · 400/s · a…", "lost write 12 · stale …"]);
  });

  it("says what is unknown, what crashed, and that the rest is shrinking", () => {
    const { stream, written } = streamOf(120);
    progressOn(stream).show({ ...progress, runsAhead: 0, unknownRuns: 5, crashes: 1, anomalies: {} });
    assert.equal(
      written(),
      "1,240 runs · 400/s · shrinking what was found · 3 shrunk · 5 unknown\n1 crash\n",
    );
  });

  it("leaves files alone for the first seconds", () => {
    const { stream, written } = streamOf(0);
    progressOn(stream).show(progress);
    assert.equal(written(), "");
  });
});
