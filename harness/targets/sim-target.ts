import { OperatingError } from "../base/errors.ts";
import { faultKinds } from "../contracts/scenario.ts";
import type { Target } from "../contracts/target.ts";
import type { SimCluster, SimEars } from "../sim/sim-cluster.ts";
import { deaf, openSimCluster } from "../sim/sim-cluster.ts";

/** A simulator whose runs a test can listen to; `onCluster` sees each cluster as it is opened. */
export function simTargetWith(ears: SimEars, onCluster: (cluster: SimCluster) => void): Target {
  let opening: (() => void)[] = [];
  return {
    name: "sim",
    can: new Set(faultKinds),
    open(scenario, trace, done) {
      opening.push(() => {
        const cluster = openSimCluster(scenario, { ...ears, trace: trace ?? ears.trace });
        done(cluster);
        if (cluster instanceof OperatingError) return;
        onCluster(cluster);
        cluster.runUntilClosed();
      });
    },
    // The one exception to "never inside the call": virtual time passes while `drive` runs, so that all is
    // over, and `done` was called, when it returns.
    drive(done) {
      const due = opening;
      opening = [];
      for (const open of due) open();
      done();
    },
  };
}

/** The store's own code on a virtual clock, network and disk: the same scenario gives the same bytes. */
export const simTarget: Target = simTargetWith(deaf, () => undefined);
