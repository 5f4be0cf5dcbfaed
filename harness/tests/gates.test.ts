import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A gate that sees nothing says that all is well. So each of them is shown a small project with our own
 * settings and one planted offence, and must name it; and the same project without it, and must be quiet.
 */

const repository = fileURLToPath(new URL("../..", import.meta.url));
const settings = [
  ".biome",
  ".dependency-cruiser.cjs",
  "biome.json",
  "knip.json",
  "tsconfig.base.json",
  "tsconfig.pure.json",
];

interface Ended {
  readonly status: number;
  readonly says: string;
}

interface Project {
  readonly [path: string]: string;
}

/** Each file is an import of the next, so that none is an orphan and none is dead. */
const innocent: Project = {
  "package.json":
    '{ "name": "planted", "version": "0.0.0", "type": "module", "private": true, "scripts": { "start": "node harness/cli/main.ts" } }\n',
  "harness/cli/main.ts": 'import { one } from "../base/one.ts";\n\nprocess.exitCode = one;\n',
  "harness/base/one.ts": "/** One. */\nexport const one: number = Math.floor(1.5);\n",
};

function gate(project: Project, command: string, ...words: readonly string[]): Ended {
  const folder = mkdtempSync(join(tmpdir(), "recount-gates-"));
  try {
    for (const name of settings) cpSync(join(repository, name), join(folder, name), { recursive: true });
    symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
    for (const [path, text] of Object.entries({ ...innocent, ...project })) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const ended = spawnSync(join(repository, "node_modules/.bin", command), words, {
      cwd: folder,
      encoding: "utf8",
    });
    return { status: ended.status ?? -1, says: ended.stdout + ended.stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const importing = (path: string): string => `import "${path}";\n`;
const constant = (expression: string): string => `export const planted: number = ${expression};\n`;

describe("import floors", () => {
  const cruise = (project: Project): Ended =>
    gate(project, "depcruise", "harness", "store", "checkers", "nemesis", "workloads");

  /** What the offences import; each is imported by the innocent entry too, so that it is no orphan itself. */
  const bystanders: Project = {
    "checkers/zones.ts": "export {};\n",
    "nemesis/network.ts": "export {};\n",
    "store/core/node.ts": "export {};\n",
    "workloads/register.ts": "export {};\n",
    "harness/history/history.ts": "export {};\n",
    "harness/run/run.ts": "export type Run = 1;\n",
    "harness/base/one.test.ts": importing("./one.ts"),
    "harness/tests/all.test.ts": [
      "../../checkers/zones.ts",
      "../../nemesis/network.ts",
      "../../store/core/node.ts",
      "../../workloads/register.ts",
      "../history/history.ts",
      "../run/run.ts",
      "node:assert",
    ]
      .map(importing)
      .join(""),
  };

  const offences: readonly (readonly [what: string, rule: string, path: string, text: string])[] = [
    ["an upward import", "floor-1-harness-base", "harness/base/up.ts", importing("../history/history.ts")],
    [
      "an upward import of a mere type",
      "floor-2-harness-history",
      "harness/history/up.ts",
      'import type { Run } from "../run/run.ts";\n\nexport type Two = Run;\n',
    ],
    [
      "an upward import in a suite",
      "floor-1-harness-base",
      "harness/base/up.test.ts",
      importing("../run/run.ts"),
    ],
    [
      "an import across a floor",
      "floor-4-checkers",
      "checkers/across.ts",
      importing("../nemesis/network.ts"),
    ],
    [
      "a store that imports the judge",
      "house-store-core",
      "store/core/judging.ts",
      importing("../../harness/base/one.ts"),
    ],
    [
      "a judge that imports the store",
      "door-store-core",
      "checkers/store.ts",
      importing("../store/core/node.ts"),
    ],
    [
      "a campaign that imports the store",
      "door-store-core",
      "harness/campaign/store.ts",
      importing("../../store/core/node.ts"),
    ],
    [
      "a foreign format that knows a checker",
      "floor-3-harness-foreign",
      "harness/foreign/judging.ts",
      importing("../../checkers/zones.ts"),
    ],
    ["Node in store/core", "pure-no-node", "store/core/files.ts", importing("node:fs")],
    ["Node in a checker", "pure-no-node", "checkers/random.ts", importing("node:crypto")],
    ["a package in a pure folder", "pure-no-packages", "nemesis/drawn.ts", importing("fast-check")],
    ["a package in a foreign format", "pure-no-packages", "harness/foreign/parsed.ts", importing("edn-data")],
    [
      "another package than zod in the contracts",
      "contracts-only-zod",
      "harness/contracts/command.ts",
      importing("commander"),
    ],
    [
      "a suite in the product",
      "no-test-code-in-product",
      "harness/run/suite.ts",
      importing("../base/one.test.ts"),
    ],
    ["a file that nothing imports", "no-orphans", "workloads/alone.ts", constant("1")],
    ["a cycle", "no-cycles", "harness/base/turn-back.ts", importing("./turn.ts")],
    ["an import that leads nowhere", "resolvable", "harness/base/lost.ts", importing("./nowhere.ts")],
  ];

  it("let an innocent project pass, of which they read every file", () => {
    const { status, says } = cruise(bystanders);
    assert.equal(status, 0, says);
    assert.match(says, /no dependency violations found \(11 modules/);
  });

  describe("name", () => {
    let cruised: Ended = { status: 0, says: "" };

    before(() => {
      const planted = Object.fromEntries(offences.map(([_what, _rule, path, text]) => [path, text]));
      cruised = cruise({ ...bystanders, ...planted, "harness/base/turn.ts": importing("./turn-back.ts") });
    });

    it("nothing but offences, and fail", () => {
      assert.ok(cruised.status > 0, cruised.says);
      const named = new Set(cruised.says.match(/(?<=error )[\w-]+(?=:)/g));
      assert.deepEqual([...named].sort(), [...new Set(offences.map(([, rule]) => rule))].sort());
    });

    for (const [what, rule, path] of offences) {
      it(what, () => {
        assert.ok(cruised.says.includes(`error ${rule}: ${path}`), cruised.says);
      });
    }
  });
});

describe("linter", () => {
  const pure: readonly (readonly [what: string, rule: string, path: string, text: string])[] = [
    ["Math.random", "noJsRestrictedProperties", "store/core/random.ts", constant("Math.random()")],
    ["Math.pow", "noJsRestrictedProperties", "harness/sim/pow.ts", constant("Math.pow(2, 3)")],
    ["Math.exp", "noJsRestrictedProperties", "harness/base/exp.ts", constant("Math.exp(2)")],
    ["Math.log", "noJsRestrictedProperties", "harness/run/log.ts", constant("Math.log(2)")],
    ["Math.sin", "noJsRestrictedProperties", "checkers/sin.ts", constant("Math.sin(2)")],
    ["the power operator", "plugin", "reports/power.ts", constant("2 ** 0.5")],
    ["the wall clock", "noRestrictedGlobals", "store/core/date.ts", constant("Date.now()")],
    ["the other clock", "noRestrictedGlobals", "harness/sim/clock.ts", constant("performance.now()")],
    ["a timer", "noRestrictedGlobals", "nemesis/timer.ts", "setTimeout(() => {}, 1);\n"],
    [
      "a promise",
      "noRestrictedGlobals",
      "workloads/promise.ts",
      "export const p: unknown = Promise.resolve();\n",
    ],
    [
      "randomness of the system",
      "noRestrictedGlobals",
      "workloads/uuid.ts",
      "export const planted: unknown = crypto.randomUUID();\n",
    ],
    [
      "the network",
      "noRestrictedGlobals",
      "checkers/net.ts",
      'export const planted: unknown = fetch("x");\n',
    ],
    ["the process", "noRestrictedGlobals", "harness/history/exit.ts", "process.exit(1);\n"],
  ];
  const anywhere: typeof pure = [
    [
      "a promise that nobody waits for",
      "noFloatingPromises",
      "docker/floating.ts",
      "export async function late(): Promise<void> {}\n\nexport function run(): void {\n  late();\n}\n",
    ],
    ["any", "noExplicitAny", "docker/any.ts", "export type Planted = any;\n"],
    ["a default export", "noDefaultExport", "docker/default.ts", "export default 1;\n"],
    [
      "a non-null assertion",
      "noNonNullAssertion",
      "docker/non-null.ts",
      "export const f = (a?: number): number => a!;\n",
    ],
    ["a focused test", "noFocusedTests", "docker/focused.test.ts", 'it.only("x", () => {});\n'],
    ["a skipped test", "noSkippedTests", "docker/skipped.test.ts", 'it.skip("x", () => {});\n'],
    ["a file of 401 lines", "noExcessiveLinesPerFile", "docker/long.ts", "export {};\n".repeat(401)],
    ["a file name that is not kebab-case", "useFilenamingConvention", "docker/planTed.ts", "export {};\n"],
    [
      "a lost cause",
      "useErrorCause",
      "docker/cause.ts",
      'try {\n  run();\n} catch (error) {\n  throw new Error("x");\n}\n\nfunction run(): void {}\n',
    ],
  ];

  it("lets an innocent project pass", () => {
    const { status, says } = gate(
      {
        "harness/sim/two.ts": constant("Math.imul(2, 3) + Math.sqrt(4)"),
        "docker/two.ts": constant("Date.now()"),
      },
      "biome",
      "lint",
      ".",
    );
    assert.equal(status, 0, says);
  });

  describe("names", () => {
    let linted: Ended = { status: 0, says: "" };

    before(() => {
      const planted = Object.fromEntries(
        [...pure, ...anywhere].map(([_what, _rule, path, text]) => [path, text]),
      );
      linted = gate(planted, "biome", "lint", "--max-diagnostics=none", ".");
      assert.equal(linted.status, 1, linted.says);
    });

    for (const [what, rule, path] of [...pure, ...anywhere]) {
      it(what, () => {
        assert.match(linted.says, new RegExp(`^${path.replaceAll(".", "\\.")}.*${rule}`, "m"));
      });
    }
  });
});

describe("type check", () => {
  const types = (project: Project): Ended => gate(project, "tsc", "-p", "tsconfig.pure.json", "--noEmit");

  it("lets an innocent project pass", () => {
    const { status, says } = types({});
    assert.equal(status, 0, says);
  });

  it("knows no Node in a pure folder", () => {
    const { status, says } = types({
      "store/core/s.ts": 'export const planted: number = Buffer.from("x").length;\n',
    });
    assert.notEqual(status, 0);
    assert.match(says, /store\/core\/s\.ts.*Cannot find name 'Buffer'/);
  });
});

describe("dead code check", () => {
  it("lets an innocent project pass", () => {
    const { status, says } = gate({}, "knip");
    assert.equal(status, 0, says);
  });

  it("names a file and an export that nothing uses", () => {
    const project = {
      "harness/base/one.ts": "/** One. */\nexport const one: number = 1;\nexport const unused: number = 2;\n",
      "harness/base/two.ts": constant("2"),
    };
    const { status, says } = gate(project, "knip");
    assert.equal(status, 1, says);
    assert.match(says, /harness\/base\/two\.ts/);
    assert.match(says, /unused .*harness\/base\/one\.ts/);
  });
});
