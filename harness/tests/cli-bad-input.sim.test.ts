import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recount } from "./recount-process.test-support.ts";

const pinned = "workloads/regressions/c3-textbook.json";
const absentEngine = { DOCKER_HOST: "unix:///nowhere/docker.sock" };

describe("the command line refuses in one line, without a result", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "recount-cli-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const scenarioWith = (name: string, fields: object): string => {
    const { scenario } = JSON.parse(readFileSync(pinned, "utf8"));
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify({ ...scenario, ...fields }));
    return path;
  };
  const cases: readonly {
    readonly what: string;
    readonly args: () => readonly string[];
    readonly status: number;
    readonly says: RegExp;
    readonly env?: Readonly<Record<string, string>>;
  }[] = [
    { what: "an unknown command", args: () => ["hunt"], status: 64, says: /no command "hunt"; .*campaign/ },
    { what: "an unknown flag", args: () => ["--sede", "3"], status: 64, says: /'--sede'.*--seed/ },
    {
      what: "an unknown claim",
      args: () => ["--claims", "Z9"],
      status: 64,
      says: /no claim "Z9".* Q1, Q2/,
    },
    { what: "an unknown target", args: () => ["--target", "moon"], status: 64, says: /sim, docker/ },
    {
      what: "an unknown model",
      args: () => ["check", "--model", "tree"],
      status: 64,
      says: /cas-register/,
    },
    { what: "a seed that is none", args: () => ["--seed", "-1"], status: 64, says: /integer from 0/ },
    {
      what: "runs of containers",
      args: () => ["--target", "docker", "--runs", "9"],
      status: 64,
      says: /--runs/,
    },
    {
      what: "a missing file",
      args: () => ["replay", "no.json"],
      status: 64,
      says: /no\.json: no such file/,
    },
    {
      what: "a file that is no JSON",
      args: () => ["replay", "LICENSE"],
      status: 64,
      says: /LICENSE is not JSON/,
    },
    {
      what: "a broken scenario",
      args: () => ["replay", scenarioWith("broken", { operations: [{ id: 1 }] })],
      status: 64,
      says: /broken\.json: operations\[0\]\.client: must be a text/,
    },
    {
      what: "a scenario of an unknown claim",
      args: () => ["replay", scenarioWith("claim", { claim: "Z9" })],
      status: 64,
      says: /claim\.json: claim: there is no claim "Z9"/,
    },
    {
      what: "a scenario with an unknown defect",
      args: () => ["replay", scenarioWith("defect", { defect: "rust" })],
      status: 64,
      says: /defect\.json: defect: there is no defect "rust"/,
    },
    {
      what: "a keyspace that cannot be",
      args: () => [
        "replay",
        scenarioWith("keyspace", { keyspaces: [{ name: "shop", n: 3, w: 9, r: 1 }], operations: [] }),
      ],
      status: 64,
      says: /keyspace\.json: keyspaces\[0\]\.w: /,
    },
    {
      what: "faults that containers cannot have",
      args: () => [
        "replay",
        scenarioWith("loss", {
          faults: [
            { id: 4, kind: "loss", links: [{ from: "n1", to: "n2" }], percent: 5, atUs: 0, untilUs: null },
          ],
        }),
        "--target",
        "docker",
      ],
      status: 64,
      says: /not expressible on docker: fault 4 \(loss\)/,
    },
    {
      what: "a report without results",
      args: () => ["report", folder],
      status: 64,
      says: /results\.json: no such file/,
    },
    {
      what: "an output folder that cannot be",
      args: () => ["--claims", "C3", "--out", "LICENSE/out"],
      status: 73,
      says: /cannot write results to LICENSE\/out/,
    },
    {
      what: "a history that cannot be written",
      args: () => ["replay", pinned, "--out", "LICENSE/h.jsonl"],
      status: 73,
      says: /cannot write LICENSE\/h\.jsonl/,
    },
    {
      what: "cleaning without an engine",
      args: () => ["clean"],
      status: 69,
      says: /no container engine answers/,
      env: absentEngine,
    },
    {
      what: "replaying in containers without an engine",
      args: () => ["replay", pinned, "--target", "docker", "--json"],
      status: 69,
      says: /no container engine answers/,
      env: absentEngine,
    },
    {
      what: "a campaign in containers without an engine",
      args: () => ["--target", "docker", "--out", join(folder, "docker"), "--json"],
      status: 69,
      says: /no container engine answers/,
      env: absentEngine,
    },
  ];
  for (const { what, args, status, says, env = {} } of cases) {
    it(what, () => {
      const ended = recount(args(), { env });
      assert.match(ended.stderr, says);
      assert.equal(ended.stderr.trimEnd().split("\n").length, 1, ended.stderr);
      assert.equal(ended.status, status);
      assert.equal(ended.stdout, "");
    });
  }
});
