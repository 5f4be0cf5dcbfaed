import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { checkers } from "../../checkers/registry.ts";
import { actionsOf } from "../../nemesis/actions.ts";
import { claims } from "../../workloads/claims/claims.ts";
import { parseScenario } from "../contracts/scenario-schema.ts";
import type { AnomalyKind } from "../history/verdict.ts";
import { anomaliesOf } from "../run/judge.ts";
import { runToEnd } from "../run/run.ts";
import { simTarget } from "../targets/sim-target.ts";

/** A pinned scenario: what it must show (null: nothing), and in a sentence what went wrong. */
interface Regression {
  readonly says: string;
  readonly expect: { readonly claim: string; readonly kind: AnomalyKind | null };
  readonly scenario: unknown;
}

const folder = new URL("../../workloads/regressions/", import.meta.url);

describe("pinned scenarios", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

  it("are there", () => {
    assert.ok(files.length >= 3, `only ${files.length} files`);
  });

  for (const file of files) {
    const pinned = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Regression;
    const { claim: id, kind } = pinned.expect;

    it(`${file} still ${kind === null ? "shows nothing" : `shows a ${kind}`}: ${pinned.says}`, () => {
      const claim = claims.find((row) => row.id === id);
      assert.ok(claim, `there is no row ${id}`);
      const named = checkers.filter(({ name }) => claim.checkers.includes(name));
      const run = runToEnd(parseScenario(pinned.scenario), { target: simTarget, checkers: named, actionsOf });
      assert.equal(run.unknownBecause, null);
      const kinds = anomaliesOf(run).map((anomaly) => anomaly.kind);
      if (kind === null) assert.deepEqual(kinds, []);
      else assert.ok(kinds.includes(kind), `found ${kinds.join(", ") || "nothing"}`);
    });
  }
});
