import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperatingError } from "../base/errors.ts";
import type { Results } from "../contracts/results.ts";
import type { CampaignEnd, CampaignOptions } from "./campaign.ts";
import { runCampaign } from "./campaign.ts";
import { fakeClaim, fakeRegistry, fakeRun } from "./fake-world.test-support.ts";
import { plantedRegistry, plantedRun } from "./planted-campaign.test-support.ts";
import { StopSignal } from "./stop-signal.ts";

const workerEntry = new URL("./fake-worker.test-support.ts", import.meta.url);
const effort = { runs: 120, breaksCap: 400, defectsCap: 400 };
const base: CampaignOptions = {
  registry: plantedRegistry,
  run: plantedRun,
  seed: 7,
  version: "0.0.0",
  out: null,
  effort,
};

/** All but the two figures that a clock gives. */
function timeless({ results }: CampaignEnd): Results {
  return { ...results, finishedAt: "", seconds: 0 };
}

describe("a campaign", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "recount-campaign-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("says of each row, cell, defect and observed cell what came of it", async () => {
    const { results, status } = await runCampaign(base);
    const [holds, breaks, outOfReach] = results.claims;
    assert.deepEqual(
      holds?.cells.map(({ outcome }) => outcome),
      ["clean", "clean"],
    );
    assert.equal(breaks?.outcome, "found");
    assert.deepEqual(
      breaks?.cells.map(({ outcome, runs }) => [outcome, runs >= 100]),
      [
        ["found", true],
        ["notFound", true],
      ],
    );
    assert.deepEqual([breaks?.operations, breaks?.faults, breaks?.file], [1, 0, "B1-rare/scenario.json"]);
    assert.equal(outOfReach?.outcome, "notExpressible");
    assert.equal(outOfReach?.because, "the target cannot do: loss");
    assert.equal(results.defects[0]?.kind, "stale read");
    assert.equal(results.observed[0]?.counterexample?.kind, "divergence");
    assert.equal(status, 0);
  });

  it("gives the same results whatever the number of threads", async () => {
    const alone = timeless(await runCampaign({ ...base, workers: 0 }));
    for (const workers of [1, 3]) {
      assert.deepEqual(timeless(await runCampaign({ ...base, workers, workerEntry })), alone);
    }
  });

  it("finds another run under another seed", async () => {
    const indices: (number | null | undefined)[] = [];
    for (const seed of [1, 2, 3]) {
      const { results } = await runCampaign({ ...base, seed, claims: ["B1"] });
      indices.push(results.claims[0]?.firstFound);
    }
    assert(new Set(indices).size > 1, `first found at ${indices.join(", ")}`);
  });

  it("tries only the rows it is asked for, with their defects", async () => {
    const { results } = await runCampaign({ ...base, claims: ["H1"] });
    assert.deepEqual(
      results.claims.map(({ id }) => id),
      ["H1"],
    );
    assert.equal(results.observed.length, 0);
    assert.equal(results.defects.length, 1);
  });

  it("leaves everything on disk", async () => {
    const { results } = await runCampaign({ ...base, out: folder });
    assert.deepEqual(JSON.parse(readFileSync(join(folder, "results.json"), "utf8")), results);
    const counterexample = results.claims[1]?.cells[0]?.counterexample;
    const scenario = JSON.parse(readFileSync(join(folder, counterexample?.scenario ?? ""), "utf8"));
    const original = JSON.parse(readFileSync(join(folder, counterexample?.original ?? ""), "utf8"));
    assert.deepEqual([scenario.operations.length, original.operations.length], [1, 6]);
    assert.equal(scenario.claim, "B1");
    assert(existsSync(join(folder, "unknown/H1-a/history.jsonl")));
    const lines = readFileSync(join(folder, "evidence.jsonl"), "utf8").trim().split("\n");
    const runs = lines.map((line) => JSON.parse(line)).reduce((sum, { from, to }) => sum + to - from, 0);
    assert.equal(runs, results.runs);
    const leftOver = readdirSync(folder, { recursive: true }).filter((name) =>
      String(name).endsWith(".part"),
    );
    assert.deepEqual(leftOver, []);
  });

  it("goes on after a crash, keeps it as evidence, and ends with status 70", async () => {
    const run = fakeRun(({ seed }) => {
      if (seed % 50 === 0) throw new Error("planted crash");
      return null;
    });
    const registry = fakeRegistry([fakeClaim("H1", "holds", ["a"])]);
    const { results, crashes, status } = await runCampaign({ ...base, registry, run, out: folder });
    assert.equal(status, 70);
    assert(crashes.length > 0);
    assert.equal(results.claims[0]?.cells[0]?.unknownRuns, crashes.length);
    assert.match(readFileSync(join(folder, "crashes/H1-a/crash.txt"), "utf8"), /planted crash/);
    assert(existsSync(join(folder, "crashes/H1-a/scenario.json")));
  });

  it("outlives the death of a thread", async () => {
    const entry = new URL("./dying-worker.test-support.ts", import.meta.url);
    const { crashes, results, status } = await runCampaign({
      ...base,
      claims: ["H1"],
      effort: { ...effort, defectsCap: 20 },
      workers: 1,
      workerEntry: entry,
    });
    assert.equal(status, 70);
    assert.match(crashes[0]?.message ?? "", /exited with 3/);
    const { runs = 0, unknownRuns = 0 } = results.claims[0]?.cells[0] ?? {};
    assert(unknownRuns > 0 && unknownRuns < runs, `${unknownRuns} of ${runs} runs are unknown`);
  });

  it("gives up where no thread ever lives", async () => {
    const entry = new URL("./no-such-worker.test-support.ts", import.meta.url);
    await assert.rejects(
      runCampaign({ ...base, workers: 2, workerEntry: entry }),
      /worker threads keep dying/,
    );
  });

  it("keeps what it found when it is interrupted", async () => {
    const stop = new StopSignal();
    const onProgress: CampaignOptions["onProgress"] = ({ anomalies }) => {
      if (anomalies["stale read"] !== undefined) stop.stop();
    };
    const { results, status } = await runCampaign({ ...base, out: folder, stop, onProgress });
    assert.equal(status, 130);
    assert.equal(results.interrupted, true);
    const found = results.claims[1]?.cells[0];
    assert.equal(found?.outcome, "found");
    assert.equal(found?.counterexample?.operations, found?.counterexample?.operationsBefore);
    assert(existsSync(join(folder, "B1-rare/scenario.json")));
    assert(existsSync(join(folder, "results.json")));
    assert.match(results.claims[1]?.cells[1]?.because ?? "", /^interrupted after \d+ runs$/);
  });

  it("ends its threads when it is interrupted", async () => {
    const stop = new StopSignal();
    const onProgress: CampaignOptions["onProgress"] = ({ runs }) => {
      if (runs >= 100) stop.stop();
    };
    const { results, status } = await runCampaign({ ...base, workers: 2, workerEntry, stop, onProgress });
    assert.equal(status, 130);
    assert(results.runs >= 100 && results.runs < 400, `${results.runs} runs`);
  });

  it("says in one line that it cannot write", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await assert.rejects(
      runCampaign({ ...base, out: join(file, "results") }),
      (error) => error instanceof OperatingError && error.code === "cannot-write" && error.status === 73,
    );
  });
});
