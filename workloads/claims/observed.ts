import type { Claim } from "../../harness/contracts/claim.ts";
import { faultColumns } from "../../harness/contracts/claim.ts";
import type { ObservedFamily } from "../../harness/contracts/registry.ts";
import { mixable, needsOf } from "../fault-column.ts";
import { concurrent } from "./families.ts";

/**
 * The (setting × fault) cells of the matrix that no row speaks of: a busy register, judged for what it
 * shows, held against nobody. Settings whose rows are about deletes or background repair are left out:
 * a busy register would say nothing about them.
 */
export function observedOf(claims: readonly Claim[]): ObservedFamily[] {
  const cells = claims.flatMap(({ cells }) => cells);
  const covered = new Set(cells.map(({ setting, fault }) => `${setting.label}|${fault}`));
  const settings = new Map(cells.map(({ setting }) => [setting.label, setting]));
  const mix = [...mixable, "clock skew"] as const;
  return [...settings.values()]
    .filter(({ group, label }) => !group.startsWith("Deletes") && label !== "5/w/r")
    .flatMap((setting) =>
      faultColumns
        .filter((fault) => !covered.has(`${setting.label}|${fault}`))
        .map((fault) => ({
          setting,
          fault,
          needs: fault === "mixed" ? [...needsOf("mixed"), ...needsOf("clock skew")] : needsOf(fault),
          checkers: ["linearizability", "regular"],
          family: (choice): ReturnType<ObservedFamily["family"]> => concurrent(choice, setting, fault, mix),
        })),
    );
}
