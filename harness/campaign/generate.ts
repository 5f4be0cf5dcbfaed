import fc from "fast-check";
import { Choice } from "../base/choice.ts";
import type { ClaimCell } from "../contracts/claim.ts";
import type { Scenario } from "../contracts/scenario.ts";

/**
 * Any scenario of a family, for properties over families. It cannot shrink what it drew: a failing scenario
 * is recorded and shrunk as a plan (shrink.ts), where every step is a smaller plan and not another draw.
 */
export function generate(family: ClaimCell["family"]): fc.Arbitrary<Scenario> {
  return fc.tuple(fc.nat(), fc.nat()).map(([seed, runIndex]) => family(new Choice(seed, runIndex)));
}
