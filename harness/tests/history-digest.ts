import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { checkers } from "../../checkers/registry.ts";
import { actionsOf } from "../../nemesis/actions.ts";
import { claims } from "../../workloads/claims/claims.ts";
import { Choice } from "../base/choice.ts";
import { historyText } from "../history/journal.ts";
import { runToEnd } from "../run/run.ts";
import { simTarget } from "../targets/sim-target.ts";

/** SHA-256 of the history lines and verdicts of `runs` scenarios of every cell of the claim table. */
export function historyDigest(runs: number): { readonly digest: string; readonly lines: number } {
  const hash = createHash("sha256");
  let lines = 0;
  for (const claim of claims) {
    const named = checkers.filter(({ name }) => claim.checkers.includes(name));
    for (const cell of claim.cells) {
      for (let index = 0; index < runs; index += 1) {
        const scenario = cell.family(new Choice(5, index));
        const run = runToEnd(scenario, { target: simTarget, checkers: named, actionsOf });
        const text = historyText(run.history);
        hash.update(text);
        lines += text.split("\n").length - 1;
        hash.update(JSON.stringify(run.verdicts));
      }
    }
  }
  return { digest: hash.digest("hex"), lines };
}

// As a program, for other processes and other versions of Node: prints one JSON document.
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { digest, lines } = historyDigest(Number(process.argv[2] ?? "1"));
  process.stdout.write(`${JSON.stringify({ node: process.versions.node, digest, lines })}\n`);
}
