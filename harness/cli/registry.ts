import { checkers } from "../../checkers/registry.ts";
import { defects } from "../../store/core/defects.ts";
import { claims } from "../../workloads/claims/claims.ts";
import { observedOf } from "../../workloads/claims/observed.ts";
import type { Registry } from "../contracts/registry.ts";
import { simTarget } from "../targets/sim-target.ts";

/** Everything with a name: what campaigns try, what `claims` lists, and what bad input is held against. */
export const registry: Registry = {
  claims,
  observed: observedOf(claims),
  checkers,
  defects: defects.map(({ name, standsFor }) => ({ name, standsFor })),
  simulator: simTarget,
};
