import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Describes suites that need Chromium; where there is none, one skipped test says so. */
export function describeInBrowser(title: string, suites: () => void): void {
  if (existsSync(executablePath)) {
    describe(title, suites);
    return;
  }
  describe(title, () => {
    it(`are not tried: there is no Chromium at ${executablePath} (set CHROMIUM)`, function () {
      this.skip();
    });
  });
}

/** A browser that asks nobody outside for anything. */
export function launched(): Promise<Browser> {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
  return chromium.launch({ executablePath, args });
}

/** How many pixels a page is wider than its screen. */
export const excess = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** Text that would do harm if it ever became markup, script or style. */
export const hostile = `"'></script></style></title><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;

/** Opens a page and remembers everything that went wrong on it. */
export async function openedFile(browser: Browser, path: string, options: PageOptions = {}): Promise<Opened> {
  const { width = 1_280, colorScheme = "light", javaScriptEnabled = true } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    javaScriptEnabled,
  });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on("console", (message) => trouble.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) trouble.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  return { page, trouble };
}

/** The screen that a page is opened on. */
export interface PageOptions {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  readonly javaScriptEnabled?: boolean;
}

/** A page, and what went wrong on it. */
export interface Opened {
  readonly page: Page;
  readonly trouble: readonly string[];
}
