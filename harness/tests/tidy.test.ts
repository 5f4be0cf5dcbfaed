import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What neither the formatter nor the linter sees. */

const repository = fileURLToPath(new URL("../..", import.meta.url));
/** What is in Git, and what would be with the next `git add`. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: repository,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(repository, path)));
const code = files.filter((path) => /\.(ts|cjs|mjs|js)$/.test(path));
const topFolders = [...new Set(code.filter((path) => /^[a-z]/.test(path) && path.includes("/")).map(topOf))];

const thisFile = "harness/tests/tidy.test.ts";
/** They spell out what is looked for. */
const planters = [thisFile, "harness/tests/gates.test.ts"];
/** Besides suites of containers: they need a browser, another Node, Go, or leave to mount a small file system. */
const mayLack = [
  "reports/browser.test-support.ts",
  "harness/tests/determinism.sim.test.ts",
  "store/server/file-disk-full.test.ts",
  "checkers/proof/native-porcupine.test.ts",
  "checkers/proof/published-histories.test.ts",
];
const pure =
  /^(store\/core|harness\/(base|history|contracts|foreign|run|sim)|checkers|nemesis|workloads|reports(?!\/page))\//;
const besideTheCode = /\.(test|bench|test-support)\.ts$/;

function topOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function read(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

/** `file:line` of each line that matches, except in files that are let off. */
function placesOf(pattern: RegExp, paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe("repository", () => {
  it("is looked at as a whole", () => {
    assert.ok(code.length > 200, `only ${code.length} files of code`);
    assert.ok(topFolders.length >= 7, topFolders.join(", "));
  });

  it("has no file of code over 400 lines", () => {
    const long = code.filter((path) => read(path).split("\n").length > 401);
    assert.deepEqual(long, []);
  });

  it("says in 25 lines what each top-level folder is for", () => {
    for (const folder of topFolders) {
      const readme = `${folder}/README.md`;
      assert.ok(files.includes(readme), `${readme} is missing`);
      const lines = read(readme).trimEnd().split("\n").length;
      assert.ok(lines <= 25, `${readme} has ${lines} lines`);
    }
  });

  it("names each of its folders in ARCHITECTURE.md", () => {
    const page = read("ARCHITECTURE.md");
    const folders = [
      ...new Set(
        code
          .map((path) => path.split("/").slice(0, 2))
          .filter(isInHouse)
          .map(lastOf),
      ),
    ];
    const unnamed = folders.filter((folder) => !page.includes(folder));
    assert.deepEqual(unnamed, []);
  });

  it("runs all of its tests, but for those that need what this machine may lack", () => {
    const suites = code.filter((path) => /\.test(-support)?\.ts$/.test(path) && !planters.includes(path));
    assert.deepEqual(placesOf(/\b(it|describe|context|specify)\.only\(|\bx(it|describe)\(/, suites), []);
    const skipping = /\b(it|describe|context|specify)\.skip\(|\bthis\.skip\(/;
    const everywhere = suites.filter((path) => !path.endsWith(".docker.test.ts") && !mayLack.includes(path));
    assert.deepEqual(placesOf(skipping, everywhere), []);
  });

  it("asserts something in every suite", () => {
    const suites = code.filter((path) => path.endsWith(".test.ts"));
    const silent = suites.filter((path) => !/assert|Acceptance\(|acceptance\(/.test(read(path)));
    assert.deepEqual(silent, []);
  });

  it("leaves nothing to be done in a comment", () => {
    assert.deepEqual(
      placesOf(
        /\b(TODO|FIXME|XXX|HACK)\b/,
        code.filter((path) => path !== thisFile),
      ),
      [],
    );
  });

  it("names no path of the machine that it was written on, and no registry", () => {
    const text = files.filter(
      (path) => !/package-lock\.json$|\.(png|ico|bin|wasm)$/.test(path) && path !== thisFile,
    );
    const here = new RegExp(
      `${repository.replace(/\/$/, "")}\\b|/work/|/home/[a-z]|/Users/|/root/|registry\\.npmjs`,
    );
    assert.deepEqual(placesOf(here, text), []);
  });

  it("draws nothing that another V8 could draw otherwise", () => {
    const judged = code.filter((path) => pure.test(path) && !besideTheCode.test(path));
    assert.ok(judged.length > 100, `only ${judged.length} pure files`);
    const banned = /\bMath\.(random|pow|exp|expm1|log\w*|sin|cos|tan|cbrt|hypot)\b|\*\*=|\bnew Date\b/;
    const comment = /^\s*(\/?\*|\/\/)/;
    const places = judged.flatMap((path) => placesOf(banned, [path]));
    assert.deepEqual(
      places.filter((place) => !comment.test(place.replace(/^[^:]*:\d+: /, ""))),
      [],
    );
  });
});

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe("package-lock.json", () => {
  it("knows the binaries of other machines, without which npm ci refuses to begin", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, LockedPackage> };
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter(
        (name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)),
      ),
    );
    assert.deepEqual(missing, []);
  });
});

function isInHouse([top, next]: readonly string[]): boolean {
  return (top === "harness" || top === "store") && next !== undefined && !next.includes(".");
}

function lastOf(parts: readonly string[]): string {
  return parts.at(-1) ?? "";
}
