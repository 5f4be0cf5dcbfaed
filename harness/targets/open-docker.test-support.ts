import { OperatingError } from "../base/errors.ts";
import type { Scenario } from "../contracts/scenario.ts";
import { dockerTarget } from "./docker-target.ts";

/** A scenario of three nodes in which nothing happens. */
export const quietScenario: Scenario = {
  recount: "scenario",
  version: 1,
  seed: 1,
  nodes: ["n1", "n2", "n3"].map((id) => ({ id, dc: "dc1" })),
  sites: [{ id: "s1", dc: "dc1" }],
  keyspaces: [{ name: "k" }],
  network: { latency: { kind: "constant", us: 100 }, clientLatency: { kind: "constant", us: 100 } },
  disk: { sync: { kind: "constant", us: 100 } },
  operations: [],
  faults: [],
  restUs: 0,
  final: "none",
};

/** How the process of a test shall go on once its cluster is open. */
function goOn(how: string | undefined): void {
  if (how === "exit") process.exit(3);
  if (how === "throw") throw new RangeError("thrown on purpose");
  // Else it stays until a signal comes.
  setInterval(() => undefined, 1_000);
}

/** As a program: opens a cluster, says so, and ends as its argument says. It never closes the cluster. */
if (process.argv[1] === import.meta.filename) {
  const target = dockerTarget();
  target.open(quietScenario, null, (opened) => {
    if (opened instanceof OperatingError) throw opened;
    process.stdout.write("open\n");
    goOn(process.argv[2]);
  });
  target.drive(() => undefined);
  process.stdout.write("opening\n");
}
