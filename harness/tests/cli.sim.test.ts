import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registry } from "../cli/registry.ts";
import { parseResults } from "../contracts/results-schema.ts";
import { recount, startRecount } from "./recount-process.test-support.ts";

/** A document alone on standard output, in one line. */
function onlyDocument(stdout: string): unknown {
  assert.equal(stdout.trimEnd().split("\n").length, 1, stdout.slice(0, 400));
  return JSON.parse(stdout);
}

const pinned = "workloads/regressions/c3-textbook.json";

describe("the command line", () => {
  let folder = "";
  /** Where one small campaign has left its results; the tests below look at them. */
  let results = "";
  let campaign: ReturnType<typeof recount>;
  let counterexample = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "recount-cli-"));
    results = join(folder, "results");
    campaign = recount(["campaign", "--claims", "Q2,c3", "--seed", "7", "--out", results, "--json"]);
    counterexample = join(results, "C3-3-2-2-clock-skew/scenario.json");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe("campaign", () => {
    it("prints its results as one document, and nothing else", () => {
      assert.equal(campaign.status, 0, campaign.stderr);
      const document = parseResults(onlyDocument(campaign.stdout));
      assert.deepEqual(document, JSON.parse(readFileSync(join(results, "results.json"), "utf8")));
      assert.deepEqual(
        document.claims.map(({ id, outcome }) => [id, outcome]),
        [
          ["Q2", "found"],
          ["C3", "found"],
        ],
      );
    });

    it("shrinks what it finds to at most six operations and two faults", () => {
      const { claims } = parseResults(JSON.parse(campaign.stdout));
      for (const { id, operations, faults } of claims) {
        assert.ok(operations !== null && operations <= 6, `${id}: ${operations} operations`);
        assert.ok(faults !== null && faults <= 2, `${id}: ${faults} faults`);
      }
    });

    it("leaves a report with a page for each counterexample, and nothing half-written", () => {
      const { claims } = parseResults(JSON.parse(campaign.stdout));
      const found = claims.flatMap(({ cells }) => cells.flatMap((cell) => cell.counterexample ?? []));
      assert.ok(found.length >= 4, `${found.length} counterexamples`);
      const front = readFileSync(join(results, "index.html"), "utf8");
      for (const { name } of found) {
        assert.ok(front.includes(name), `${name} is not on the front page`);
        assert.ok(existsSync(join(results, "anomalies", `${name}.html`)), name);
      }
      assert.match(readFileSync(join(results, "summary.md"), "utf8"), /^# Recount/);
      const names = readdirSync(results, { recursive: true }).map(String);
      assert.deepEqual(
        names.filter((name) => name.endsWith(".part")),
        [],
      );
    });

    it("gives the same results on one thread", () => {
      const again = recount([
        "--claims",
        "Q2,C3",
        "--workers",
        "0",
        "--out",
        join(folder, "again"),
        "--json",
      ]);
      const timeless = (stdout: string): unknown => {
        const { finishedAt: _, seconds: __, ...rest } = parseResults(JSON.parse(stdout));
        return rest;
      };
      assert.deepEqual(timeless(again.stdout), timeless(campaign.stdout));
    });

    it("ends with the matrix, what it rests on, the report and the command for the most telling run", () => {
      const { status, stdout } = recount(["--claims", "C3", "--runs", "20"], { cwd: folder });
      assert.equal(status, 0);
      const out = readlinkSync(join(folder, "out/latest"));
      assert.match(out, /^\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-seed-7$/);
      assert.match(stdout, /^N\/W\/R +none +latency/);
      assert.match(stdout, /\n3\/3\/3 +LW 1\/\d/);
      assert.match(stdout, /\n\d+ runs on sim in [\d.]+ s, seed 7: [\d,]+ operations, \d+% answered/);
      assert.match(stdout, /\n1 of 1 row as expected: C3 broke\.\n/);
      assert.match(stdout, new RegExp(`\nReport: out/${out}/index\\.html\n`));
      const replayed = /\nReplay: npm start -- replay (\S+)\n$/.exec(stdout)?.[1] ?? "";
      assert.equal(recount(["replay", replayed], { cwd: folder }).status, 0);
      assert.ok(!stdout.includes("\u001b"), "colour codes without a terminal");
    });

    it("ends with 2 where too little was judged", () => {
      const { status, stdout } = recount(["--claims", "Q6", "--runs", "20", "--out", join(folder, "few")]);
      assert.equal(status, 2);
      assert.match(
        stdout,
        /\n0 of 1 row as expected\.\nNot as expected:\n- Q6 should hold: unknown \(only \d+/,
      );
    });

    it("stops on Ctrl-C, keeps what it found and still writes the report", async function () {
      this.timeout(60_000);
      const out = join(folder, "interrupted");
      const child = startRecount(["--out", out, "--json"]);
      let stdout = "";
      child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      const evidence = join(out, "evidence.jsonl");
      const hasBegun = (): boolean => existsSync(evidence) && readFileSync(evidence, "utf8").length > 0;
      while (!hasBegun()) {
        assert.equal(child.exitCode, null, "it ended before it was interrupted");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      child.kill("SIGINT");
      assert.equal(await ended, 130);
      const document = parseResults(onlyDocument(stdout));
      assert.equal(document.interrupted, true);
      assert.ok(document.runs > 0);
      assert.ok(existsSync(join(out, "index.html")));
    });
  });

  describe("replay", () => {
    it("gives the same bytes as the campaign, each time, in each process", () => {
      const file = join(folder, "history.jsonl");
      const first = recount(["replay", counterexample, "--json", "--out", file]);
      const second = recount(["replay", counterexample, "--json"]);
      assert.equal(first.status, 0, first.stderr);
      assert.equal(first.stdout, second.stdout);
      const history = readFileSync(file);
      assert.deepEqual(history, readFileSync(join(results, "C3-3-2-2-clock-skew/history.jsonl")));
      const { digest, outcome } = onlyDocument(first.stdout) as { digest: string; outcome: string };
      assert.equal(digest, createHash("sha256").update(history).digest("hex"));
      assert.equal(outcome, "reproduced");
    });

    it("says in a sentence what it shows, of pinned scenarios too", () => {
      const { status, stdout } = recount(["replay", pinned]);
      assert.equal(status, 0);
      assert.match(stdout, /\nreproduced: lost write: .*acknowledged/);
      assert.match(stdout, /\nhistory sha256 [0-9a-f]{64}\n$/);
    });

    it("ends with 1 where nothing is shown any more, and with 2 where nothing can be judged", () => {
      const { scenario } = JSON.parse(readFileSync(pinned, "utf8"));
      const healthy = join(folder, "healthy.json");
      writeFileSync(healthy, JSON.stringify({ ...scenario, faults: [] }));
      const without = recount(["replay", healthy]);
      assert.equal(without.status, 1);
      assert.match(without.stdout, /\nnot reproduced: no lost write/);
      const dead = join(folder, "dead.json");
      const nodes = scenario.nodes.map(({ id }: { id: string }) => id);
      const faults = [{ id: 1, kind: "kill", nodes, atUs: 0, untilUs: null }];
      writeFileSync(dead, JSON.stringify({ ...scenario, faults }));
      const unanswered = recount(["replay", dead, "--json"]);
      assert.equal(unanswered.status, 2);
      const { outcome, because } = onlyDocument(unanswered.stdout) as { outcome: string; because: string };
      assert.equal(outcome, "unknown");
      assert.match(because, /operations were answered/);
    });
  });

  it("lists the claims as one document", () => {
    const { status, stdout } = recount(["claims", "--json"]);
    assert.equal(status, 0);
    const rows = onlyDocument(stdout) as { id: string }[];
    assert.deepEqual(
      rows.map(({ id }) => id),
      registry.claims.map(({ id }) => id),
    );
    for (const row of rows) {
      assert.deepEqual(Object.keys(row), ["id", "statement", "source", "expect", "cells", "needs"]);
    }
    assert.match(recount(["claims"]).stdout, /^Q1 .*\n +holds, after textbooks/);
  });

  it("draws a report again, to the byte", () => {
    const pages = ["index.html", "summary.md", "anomalies/C3-3-2-2-clock-skew.html"].map((name) =>
      join(results, name),
    );
    const before = pages.map((page) => readFileSync(page, "utf8"));
    for (const page of pages) rmSync(page);
    const { status, stdout } = recount(["report", results]);
    assert.equal(status, 0);
    assert.equal(stdout, `${join(results, "index.html")}\n`);
    assert.deepEqual(
      pages.map((page) => readFileSync(page, "utf8")),
      before,
    );
  });

  it("explains itself, and its store", () => {
    assert.match(recount(["--help"]).stdout, /campaign[\s\S]*replay[\s\S]*check[\s\S]*claims/);
    assert.match(recount(["store", "--help"]).stdout, /^Starts one node of the store\./);
    assert.match(recount(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
