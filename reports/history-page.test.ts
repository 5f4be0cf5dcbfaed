import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { HistoryCheck } from "../checkers/check-history.ts";
import type { History } from "../harness/history/history.ts";
import { HistoryRecorder } from "../harness/history/recorder.ts";
import type { Anomaly, Verdict } from "../harness/history/verdict.ts";
import { describeInBrowser, excess, hostile, launched, openedFile } from "./browser.test-support.ts";
import type { Call } from "./history/histories.test-support.ts";
import { checkOf, invented, staleAnomaly, staleRead } from "./history/histories.test-support.ts";
import { historyPage } from "./history-page.ts";

function pageOf(history: History, check: HistoryCheck, source: string = "history.jsonl"): string {
  const command = ["check", source, "--model", "register"];
  const checkers = [{ name: "linearizability", assumes: ["null is never written"] }];
  return historyPage({ history, check, checkers, source, format: "JSON lines", command });
}

/** Clients that take turns writing and reading, each read of what was written last but one: all stale. */
function staleHistory(operations: number): { history: History; anomalies: Anomaly[] } {
  const recorder = new HistoryRecorder({});
  const anomalies: Anomaly[] = [];
  for (let at = 0; at < operations; at += 1) {
    const isRead = at % 3 === 2;
    const value = isRead ? at - 2 : at;
    const asked = {
      process: at % 7,
      f: isRead ? "read" : "write",
      key: `k${at % 5}`,
      value: isRead ? null : value,
    };
    const row = recorder.invoke(at * 2_000, { ...asked, key: "x" });
    recorder.complete(row, at * 2_000 + 1_500, { type: at % 50 === 49 ? "info" : "ok", value });
    if (isRead)
      anomalies.push({
        ...staleAnomaly,
        says: `p${at % 7} read ${value}`,
        evidence: [2 * at - 4, 2 * at - 2, 2 * at],
      });
  }
  return { history: recorder.finish(), anomalies };
}

const count = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length;

describe("page of a history", () => {
  it("begins with what is wrong, and draws it once for each kind of screen", () => {
    const history = invented(staleRead);
    const text = pageOf(history, checkOf(history, [staleAnomaly]));
    assert.match(text, /<h1>The write of 2 was acknowledged, and a read after it returned 1\.<\/h1>/);
    assert.match(
      text,
      /<p class="lead">p2 read x=1 at 16\.000 ms, but x=2 had been acknowledged at 9\.000 ms\.<\/p>/,
    );
    assert.match(text, /1 comes before 2, because p0’s write of 1 had ended \(f, at 4\.000 ms\)/);
    assert.match(text, /Which order would explain this\? None/);
    assert.equal(count(text, /<svg /g), 2);
    assert.equal(count(text, /class="bar ok badbar"/g), 2);
    assert.equal(count(text, /class="bar ok"/g), 4);
    assert.match(text, /npm start -- check history\.jsonl --model register/);
  });

  it("is the same for the same history, byte by byte", () => {
    const { history, anomalies } = staleHistory(300);
    assert.equal(pageOf(history, checkOf(history, anomalies)), pageOf(history, checkOf(history, anomalies)));
  });

  it("tells outcomes apart: a frame for what failed, no end for what nobody knows", () => {
    const calls: Call[] = [
      { process: 0, f: "write", value: 1, from: 1, to: 4, type: "fail" },
      { process: 1, f: "write", value: 2, from: 2, to: 5, type: "info", error: "timeout" },
      { process: 2, f: "write", value: 3, from: 3, to: null },
      { process: 3, f: "read", result: 1, from: 6, to: 8 },
    ];
    const history = invented(calls);
    const found = { ...staleAnomaly, kind: "failed write visible" as const, evidence: [0, 1, 2, 5] };
    const text = pageOf(history, checkOf(history, [found]));
    assert.equal(count(text, /class="bar failed"/g), 2);
    const open = text.match(/<path d="([^"]*)" class="bar open"/g) ?? [];
    assert.equal(open.length, 4);
    assert.ok(open.every((path) => !path.includes("z")));
    assert.match(text, /<title>p1: write 2 → \? \(timeout\), key x, event 1<\/title>/);
    assert.match(text, /p1<\/b> writes 2; outcome unknown \(timeout\)/);
    assert.match(text, /p2<\/b> writes 3; never answered/);
  });

  it("does not argue by zones where a value was written more than once", () => {
    const history = invented([{ process: 9, f: "write", value: 1, from: 2, to: 3 }, ...staleRead]);
    const text = pageOf(history, checkOf(history, [{ ...staleAnomaly, evidence: [0, 4, 6] }]));
    assert.equal(count(text, /class="zone"/g), 0);
    assert.doesNotMatch(text, /comes before/);
    assert.match(text, /only the writes that the checker names are drawn\./);
    const once = invented(staleRead);
    assert.equal(count(pageOf(once, checkOf(once, [staleAnomaly])), /class="zone"/g), 8);
  });

  it("names the keys where there are several", () => {
    const calls = staleRead.map((call, at) => ({ ...call, key: at === 0 ? "answer" : "question" }));
    const history = invented(calls);
    const prefix = { ...staleAnomaly, kind: "prefix violation" as const };
    const text = pageOf(history, checkOf(history, [prefix]));
    assert.equal(count(text, />write 1 \(answer\)<\/text>/g), 2);
    assert.equal(count(text, />read → 1 \(question\)<\/text>/g), 2);
    assert.match(text, /p0<\/b> writes 1 at answer, is told/);
  });

  it("shades faults that were in force, and no others", () => {
    const faults = [
      { kind: "cut", where: ["n1→n2"], from: 5, to: 10 },
      { kind: "pause", where: ["n3"], from: 17, to: 18 },
    ];
    const history = invented(staleRead, faults);
    const anomaly = { ...staleAnomaly, evidence: [0, 3, 6] };
    const text = pageOf(history, checkOf(history, [anomaly]));
    assert.equal(count(text, /class="band"/g), 2);
    assert.ok(text.includes("cut n1→n2") && !text.includes("pause n3"));
    assert.match(text, /<b>2 faults<\/b>/);
  });

  it("goes by the order of events where there are no times", () => {
    const history = invented(staleRead, [], false);
    const text = pageOf(history, checkOf(history, [staleAnomaly]));
    assert.match(text, /no times, only an order/);
    assert.match(text, /in the order of events, not to scale/);
    assert.match(text, /had ended \(f, at event 1\)/);
    assert.equal(count(text, /class="ms"/g), 0);
  });

  it("gives a valid history a page: what was checked, what was measured, and when it was asked", () => {
    const { history } = staleHistory(10_000);
    const measure = { name: "fresh reads", value: 0.5, unit: "ratio", samples: 9 } as const;
    const verdicts: HistoryCheck["verdicts"] = [
      { checker: "staleness", verdict: { word: "valid", checked: 10_000, measures: [measure] } },
    ];
    const text = pageOf(history, checkOf(history, [], { verdicts, modelBecause: "it has reads and writes" }));
    assert.match(text, /<h1>A register could have given every one of these answers\.<\/h1>/);
    assert.match(text, /<th scope="row">fresh reads<\/th>/);
    assert.match(text, /Judged as register, because it has reads and writes\./);
    assert.equal(count(text, /class="density"/g), 2);
    assert.ok(count(text, /<(path|rect|line|text)\b/g) < 100);
    assert.ok(text.length < 60_000, `${text.length}`);
  });

  it("draws a small history whole where no anomaly does", () => {
    const history = invented(staleRead.slice(0, 2));
    const text = pageOf(history, checkOf(history, []));
    assert.match(text, /The whole history\./);
    assert.equal(count(text, /class="bar ok"/g), 4);
  });

  it("says that there is nothing to judge in an empty history", () => {
    const history = invented([]);
    const check = checkOf(history, [], {
      word: "unknown",
      because: "no operation in the history",
      model: "none",
    });
    const text = pageOf(history, check);
    assert.match(
      text,
      /<h1>There is nothing to judge\.<\/h1>\n<p class="meta"><span><span class="word quiet">/,
    );
    assert.equal(count(text, /<svg /g), 0);
  });

  it("draws what could not be decided, and says when there is more of it", () => {
    const { history } = staleHistory(400);
    const undecided = Array.from({ length: 22 }, (_, at) => ({
      keyspace: "",
      key: at === 0 ? "x" : "nowhere",
      from: 20,
      to: 300,
      operations: 141,
    }));
    const verdict: Verdict = { word: "unknown", because: "out of steps", undecided };
    const check = checkOf(history, [], {
      word: "unknown",
      because: "out of steps",
      verdicts: [{ checker: "search", verdict }],
    });
    const text = pageOf(history, check);
    assert.match(
      text,
      /search could not decide 141 operations of key x, events 20 to 300, within its budget\./,
    );
    assert.match(text, /The first 24 of them\./);
    assert.equal(count(text, /class="bar /g), 48);
    assert.equal(count(text, /<section class="part" id="undecided-/g), 20);
    assert.match(text, /2 more windows could not be decided either\./);
    assert.equal(count(text, /class="landmark undecided"/g), 40);
  });

  it("has a bound, whatever its history", () => {
    const { history, anomalies } = staleHistory(6_000);
    const wide = Array.from({ length: 60 }, (_, at) => at * 2);
    const wild = anomalies.slice(0, 100).map((anomaly, at) => ({
      ...anomaly,
      says: `${hostile.repeat(9)}${at}`,
      key: hostile.repeat(9),
      evidence: wide.map((index) => index + at * 100),
      partialOrders: [{ order: wide.map((index) => index + at * 100), refused: [at * 100 + 120] }],
    }));
    const text = pageOf(history, checkOf(history, wild), hostile.repeat(9));
    assert.ok(text.length < 2_000_000, `${text.length}`);
    assert.equal(count(text, /<section class="part" id="anomaly-/g), 100);
    assert.match(
      text,
      /Not drawn, to keep this page small\. Its operations begin with the events 9900, 9902,/,
    );
    assert.match(text, /60 operations prove it; 24 of them are shown\./);
    const more = pageOf(history, checkOf(history, anomalies.slice(0, 101)));
    assert.equal(count(more, /<section class="part" id="anomaly-/g), 100);
    assert.match(more, /<h1>No register answers so: 101 stale reads\.<\/h1>/);
    assert.match(more, /The first 100 are shown; 1 more anomaly not\./);
  });
});

const folder = mkdtempSync(join(tmpdir(), "recount-history-page-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, text);
  return path;
}

describeInBrowser("page of a history in a browser", () => {
  let browser: Browser;
  const { history, anomalies } = staleHistory(1_200);
  const many = written("many", pageOf(history, checkOf(history, anomalies.slice(0, 12))));

  before(async () => {
    browser = await launched();
  });

  after(() => browser.close());

  it("opens without a complaint and without sideways scrolling, narrow and wide, light and dark", async () => {
    for (const width of [390, 1_280]) {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, trouble } = await openedFile(browser, many, { width, colorScheme });
        assert.deepEqual(trouble, []);
        assert.equal(await page.evaluate(excess), 0, `${width} px ${colorScheme}`);
        const drawn = await page.locator(`.part svg.${width === 390 ? "upright" : "wide"}`).count();
        assert.equal(drawn, 12);
        assert.equal(await page.locator(".part svg:visible").count(), 12);
        await page.context().close();
      }
    }
  });

  it("shows the counts of the data", async () => {
    const { page } = await openedFile(browser, many);
    const meta = (await page.locator(".meta").textContent()) ?? "";
    assert.match(meta, /1,200 operations/);
    assert.match(meta, /98% answered/);
    assert.match(meta, /7 processes/);
    assert.equal(await page.locator(".found tbody tr").count(), 12);
    assert.equal(await page.locator("svg.wide .landmark").count(), 12);
    assert.deepEqual(await page.locator(".figures tbody tr").first().locator("td").allTextContents(), [
      "400",
      "392",
      "0",
      "8",
      "1.5 µs",
      "1.5 µs",
    ]);
    await page.context().close();
  });

  it("leads from one anomaly to the next by keyboard and by its links", async () => {
    const { page } = await openedFile(browser, many);
    for (const [key, id] of [
      ["n", 1],
      ["n", 2],
      ["p", 1],
      ["p", 1],
    ] as const) {
      await page.keyboard.press(key);
      assert.equal(await page.evaluate("location.hash"), `#anomaly-${id}`);
    }
    await page.locator("#anomaly-1 header a", { hasText: "next" }).click();
    assert.equal(await page.evaluate("location.hash"), "#anomaly-2");
    await page.locator("svg.wide a[href='#anomaly-9']").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate("location.hash"), "#anomaly-9");
    await page.context().close();
  });

  it("lights an operation in picture and table alike", async () => {
    const { page } = await openedFile(browser, many);
    await page.locator("#anomaly-2 .steps tbody tr").nth(1).hover();
    assert.equal(await page.locator("#anomaly-2 svg.wide .bar.lit").count(), 1);
    assert.equal(await page.locator(".lit").count(), 3);
    await page.locator("h1").hover();
    assert.equal(await page.locator(".lit").count(), 0);
    await page.context().close();
  });

  it("shows everything but the controls without scripts", async () => {
    const { page, trouble } = await openedFile(browser, many, { javaScriptEnabled: false });
    assert.deepEqual(trouble, []);
    assert.equal(await page.locator(".part .steps:visible").count(), 12);
    assert.equal(await page.locator("button:visible").count(), 0);
    assert.equal(await page.locator("[data-needs-script]:visible").count(), 0);
    await page.context().close();
  });

  it("keeps hostile text in keys, values and all other data as text", async () => {
    const calls = staleRead.map((call) => ({
      ...call,
      process: `${hostile}${call.process}`,
      key: hostile,
      ...(call.value === undefined ? {} : { value: `${hostile}${String(call.value)}` }),
      ...(call.result === undefined ? {} : { result: `${hostile}${String(call.result)}` }),
    }));
    const more = {
      process: hostile,
      f: hostile,
      value: hostile,
      from: 2,
      to: 3,
      type: "fail",
      error: hostile,
    } as const;
    const faults = [{ kind: hostile, where: [hostile], from: 5, to: null }];
    const wild = invented([...calls, { ...more, key: hostile }], faults);
    const found = { ...staleAnomaly, says: hostile, evidence: [0, 1, 5, 7], key: hostile, keyspace: hostile };
    const measures = [{ name: hostile, of: hostile, value: 1, unit: "count" }] as const;
    const verdicts: HistoryCheck["verdicts"] = [
      { checker: hostile, verdict: { word: "invalid", anomalies: [found], measures } },
      { checker: hostile, verdict: { word: "notChecked", because: hostile } },
    ];
    const check = checkOf(wild, [found, found], { verdicts, modelBecause: hostile, because: hostile });
    const path = written("hostile", pageOf(wild, check, hostile));
    for (const width of [390, 1_280]) {
      const { page, trouble } = await openedFile(browser, path, { width });
      assert.deepEqual(trouble, []);
      assert.equal(await page.evaluate("window.hacked"), undefined);
      assert.equal(await page.locator("img").count(), 0);
      assert.equal(await page.locator("script").count(), 1);
      assert.ok((await page.locator("body").textContent())?.includes("<script>window.hacked=1</script>"));
      assert.equal(await page.evaluate(excess), 0, `${width} px`);
      await page.context().close();
    }
  });
});
