import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { historyDigest } from "./history-digest.ts";

/** The version that the npm package `node` brings: newer than the one that everything else runs on. */
const newerNode = "26.10.0";
const program = fileURLToPath(new URL("./history-digest.ts", import.meta.url));
const runs = 2;

/** Runs the digest as a process of its own. */
function digestIn(node: string): { node: string; digest: string; lines: number } {
  const options = {
    encoding: "utf8",
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    timeout: 120_000,
  } as const;
  return JSON.parse(execFileSync(node, ["--import", "tsx", program, `${runs}`], options));
}

/** Installs the newer Node outside the project, once a machine; null where no registry answers. */
function installNewerNode(): string | null {
  const folder = join(tmpdir(), `recount-node-${newerNode}`);
  const binary = join(folder, "node_modules", "node", "bin", "node");
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const flags = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts=false", "--foreground-scripts"];
  try {
    execFileSync("npm", ["install", ...flags, "--prefix", folder, `node@${newerNode}`], {
      timeout: 120_000,
      stdio: "pipe",
    });
  } catch {
    return null;
  }
  return existsSync(binary) ? binary : null;
}

describe("the same scenario", () => {
  const here = historyDigest(runs);

  it("gives the same bytes twice in one process", () => {
    assert.ok(here.lines > 5_000, `only ${here.lines} lines`);
    assert.deepEqual(historyDigest(runs), here);
  });

  it("gives the same bytes in another process", () => {
    assert.equal(digestIn(process.execPath).digest, here.digest);
  });

  const newer = installNewerNode();
  if (newer === null) {
    it(`is not tried on Node ${newerNode}: it could not be installed from the package registry`, function () {
      this.skip();
    });
    return;
  }

  it(`gives the same bytes on Node ${newerNode}`, () => {
    const there = digestIn(newer);
    assert.equal(there.node, newerNode);
    assert.deepEqual([there.digest, there.lines], [here.digest, here.lines]);
  });
});
