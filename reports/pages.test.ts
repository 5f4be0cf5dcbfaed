import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import type { Results } from "../harness/contracts/results.ts";
import type { Opened, PageOptions } from "./browser.test-support.ts";
import { describeInBrowser, excess, hostile, launched, openedFile } from "./browser.test-support.ts";
import { indicesOf } from "./evidence.test-support.ts";
import type { Evidence } from "./evidence.ts";
import { reportModel } from "./model.ts";
import type { ReportFile } from "./report.ts";
import { renderReport } from "./report.ts";
import {
  cell,
  claim,
  counterexample,
  resultsOf,
  sampleEvidence,
  sampleResults,
} from "./results.test-support.ts";
import { lostWrite } from "./story/stories.test-support.ts";
import { figure } from "./wording.ts";

const folder = mkdtempSync(join(tmpdir(), "recount-pages-"));

function written(
  name: string,
  results: Results,
  evidence: ReadonlyMap<string, Evidence>,
): readonly ReportFile[] {
  const files = renderReport(results, evidence);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return files;
}

const files = written("sample", sampleResults(), sampleEvidence());

function hostileReport(): readonly ReportFile[] {
  const evidence = lostWrite(`${hostile}1`, `${hostile}2`, hostile);
  const found = counterexample("../<b>name", "lost write", hostile, indicesOf(evidence, [1, 2, 3]));
  const setting = { label: hostile, group: hostile, claimed: hostile };
  const cells = [
    cell(setting, "clock skew", { outcome: "found", anomalies: { "lost write": 3 }, counterexample: found }),
    cell(setting, "pause", { outcome: "unknown", runs: 9, because: hostile }),
  ];
  const texts = { statement: hostile, source: hostile, argument: hostile, advice: hostile };
  const results = resultsOf([claim(hostile, "breaks", "found", ["lost write"], cells, texts)], [], {
    target: hostile,
    finishedAt: hostile,
    versions: { recount: hostile, node: hostile },
    defects: [
      {
        defect: hostile,
        standsFor: hostile,
        claim: hostile,
        cell: hostile,
        runs: 9,
        failingRuns: 0,
        firstFound: null,
        kind: null,
      },
    ],
  });
  return written("hostile", results, new Map([[found.name, evidence]]));
}

function opened(browser: Browser, path: string, options: PageOptions = {}): Promise<Opened> {
  return openedFile(browser, join(folder, path), options);
}

/** Whether a link holds its target itself, or leads to a file of the report and a place that is there. */
function leadsSomewhere(path: string, link: string): boolean {
  if (link.startsWith("data:")) return true;
  const [target = "", fragment] = link.split("#");
  const file = files.find((each) => each.path === (target === "" ? path : join(dirname(path), target)));
  return file !== undefined && (fragment === undefined || file.text.includes(`id="${fragment}"`));
}

describeInBrowser("pages in a browser", inBrowser);

after(() => rmSync(folder, { recursive: true, force: true }));

function inBrowser(): void {
  let browser: Browser;

  before(async () => {
    browser = await launched();
  });

  after(() => browser.close());

  for (const { path } of files) {
    it(`${path} opens without a complaint and without sideways scrolling, narrow and wide, light and dark`, async () => {
      for (const width of [390, 1_280]) {
        for (const colorScheme of ["light", "dark"] as const) {
          const { page, trouble } = await opened(browser, join("sample", path), { width, colorScheme });
          assert.deepEqual(trouble, []);
          assert.equal(await page.evaluate(excess), 0, `${width} px ${colorScheme}`);
          await page.context().close();
        }
      }
    });
  }

  it("shows the counts of the data", async () => {
    const { page } = await opened(browser, "sample/index.html");
    const results = sampleResults();
    const { counts, claims } = reportModel(results);
    for (const [kind, count] of Object.entries(counts)) {
      assert.equal(await page.locator(`.matrix .cell.${kind}`).count(), count, kind);
      if (count === 0 || kind === "untried") continue;
      const legend = await page.locator(`[data-count="${kind}"]`).textContent();
      assert.ok(legend?.endsWith(`, ${figure(count)}`), `${kind}: ${legend}`);
    }
    assert.equal(await page.locator(".claims tbody tr").count(), claims.length);
    assert.equal(await page.locator(".claims .verdict.bad").count(), 3);
    assert.equal(await page.locator(".defects tbody tr").count(), results.defects.length);
    const meta = (await page.locator(".meta").textContent()) ?? "";
    assert.ok(
      meta.includes(`${figure(results.runs)} runs`) &&
        meta.includes(`${figure(results.operations)} operations`),
    );
    assert.deepEqual(await page.locator(".loud").allTextContents(), [
      "Not as expected: Q9 contradicted.",
      "Planted, and not caught: double-count-acks (Q3).",
    ]);
    await page.context().close();
  });

  it("links only to what is there", async () => {
    for (const { path } of files) {
      const { page } = await opened(browser, join("sample", path));
      const links: string[] = await page.evaluate(
        "Array.from(document.links, (link) => link.getAttribute('href'))",
      );
      assert.ok(links.length > 2);
      assert.deepEqual(
        links.filter((link) => !leadsSomewhere(path, link)),
        [],
        path,
      );
      await page.context().close();
    }
  });

  it("leads from a cell to its page and back by keyboard", async () => {
    const { page } = await opened(browser, "sample/index.html");
    await page.locator("a.cell.contradicts").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/anomalies\/Q2-3-2-2-latency\.html$/);
    assert.equal(await page.locator("h1").textContent(), "A read returned 2, and a later read returned 1.");
    await page.locator(".columns a", { hasText: "Claim Q2" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/index\.html#claim-Q2$/);
    await page.context().close();
  });

  it("walks through the steps with the arrow keys", async () => {
    const { page } = await opened(browser, "sample/anomalies/C3-3-3-3-clock-skew.html");
    const hidden = (): Promise<number> => page.locator("svg.wide g.later").count();
    assert.equal(await hidden(), 0);
    await page.keyboard.press("ArrowRight");
    const early = await hidden();
    for (let step = 0; step < 5; step += 1) await page.keyboard.press("ArrowRight");
    assert.equal(
      await page.locator("tr.at").textContent(),
      await page.locator("tr.decides").first().textContent(),
    );
    assert.match((await page.locator("#step-status").textContent()) ?? "", /^Step 6 of 8: 40\.053 is older/);
    const late = await hidden();
    assert.ok(early > late && late > 0, `${early} parts hidden, then ${late}`);
    await page.keyboard.press("ArrowLeft");
    assert.match((await page.locator("#step-status").textContent()) ?? "", /^Step 5 of 8/);
    await page.keyboard.press("Escape");
    assert.equal(await hidden(), 0);
    assert.equal(await page.locator("tr.at").count(), 0);
    await page.locator(".steps tbody tr").nth(2).click();
    assert.match((await page.locator("#step-status").textContent()) ?? "", /^Step 3 of 8/);
    await page.context().close();
  });

  it("copies the replay command", async () => {
    const { page } = await opened(browser, "sample/anomalies/C3-3-3-3-clock-skew.html");
    assert.equal(
      await page.locator("#command").textContent(),
      "npm start -- replay out/latest/C3-3-3-3-clock-skew/scenario.json",
    );
    await page.locator("button[data-copy=command]").click();
    await page.locator("button[data-copy=command]", { hasText: "copied" }).waitFor({ timeout: 2_000 });
    await page.context().close();
  });

  it("offers the scenario itself", async () => {
    const { page } = await opened(browser, "sample/anomalies/C3-3-3-3-clock-skew.html");
    const href = (await page.locator("a[download='C3-3-3-3-clock-skew.json']").getAttribute("href")) ?? "";
    const held = JSON.parse(decodeURIComponent(href.replace(/^[^,]*,/, "")));
    assert.deepEqual(held, sampleEvidence().get("C3-3-3-3-clock-skew")?.scenario);
    await page.context().close();
  });

  it("shows everything but the controls without scripts", async () => {
    const { page, trouble } = await opened(browser, "sample/anomalies/C3-3-3-3-clock-skew.html", {
      javaScriptEnabled: false,
    });
    assert.deepEqual(trouble, []);
    assert.ok(await page.locator("svg.wide").isVisible());
    assert.equal(await page.locator(".steps tbody tr").count(), 8);
    assert.equal(await page.locator("button").first().isVisible(), false);
    assert.equal(await page.locator("[data-needs-script]").isVisible(), false);
    await page.context().close();
  });

  it("keeps hostile text in keys, values and all other data as text", async () => {
    for (const { path } of hostileReport()) {
      for (const width of [390, 1_280]) {
        const { page, trouble } = await opened(browser, join("hostile", path), { width });
        assert.deepEqual(trouble, []);
        assert.equal(await page.evaluate("window.hacked"), undefined);
        assert.equal(await page.locator("img").count(), 0);
        assert.equal(await page.locator("script").count(), path === "index.html" ? 0 : 1);
        assert.ok((await page.locator("body").textContent())?.includes("<script>window.hacked=1</script>"));
        assert.equal(await page.evaluate(excess), 0, `${path} at ${width} px`);
        await page.context().close();
      }
    }
  });
}
